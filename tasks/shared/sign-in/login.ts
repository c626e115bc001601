import type { HttpClient } from '@azure/core-rest-pipeline';
import { answerError } from '../errors/fault';

/** The client that a credential uses, and the error of its last request. */
export interface WatchedLogin {
  readonly client: HttpClient;
  /** Runs the work; if it fails, records the error. */
  watch<T>(work: Promise<T>): Promise<T>;
  /** Removes the recorded error. */
  reset(): void;
  /** Why the last request got no token, or `undefined` if it did. */
  failure(): unknown;
}

/**
 * The SDK's sign-in library replaces all answers that it cannot read, and all network errors, by "network_error"
 * (Azure/azure-sdk-for-js, @azure/identity 4.13). This client keeps the original errors.
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
        // Without it, the client below would accept a proxy's page.
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
