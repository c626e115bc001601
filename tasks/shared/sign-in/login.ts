import type { HttpClient } from '@azure/core-rest-pipeline';
import { answerError } from '../errors/fault';

/** The client below a credential, and what went wrong with its last request. */
export interface WatchedLogin {
  readonly client: HttpClient;
  /** The same work; if it fails, that is what went wrong. */
  watch<T>(work: Promise<T>): Promise<T>;
  /** Forgets what went wrong before. */
  reset(): void;
  /** Why the last request got no token, or `undefined` when it did. */
  failure(): unknown;
}

/**
 * The SDK's sign-in library replaces every answer that it cannot read by a bare "network_error", and every error of the
 * network as well (Azure/azure-sdk-for-js, @azure/identity 4.13). Here the real ones are kept.
 */
export function watchLogin(client: HttpClient): WatchedLogin {
  const last: { failure?: unknown } = {};
  const watch: WatchedLogin['watch'] = (work) =>
    work.catch((error: unknown) => {
      last.failure = error;
      throw error;
    });
  return {
    client: {
      async sendRequest(request) {
        // Without it the client below would let a proxy's page pass.
        request.headers.set('Accept', 'application/json');
        const response = await watch(client.sendRequest(request));
        last.failure = response.status >= 400 ? answerError(response) : undefined;
        return response;
      },
    },
    watch,
    reset() {
      last.failure = undefined;
    },
    failure: () => last.failure,
  };
}
