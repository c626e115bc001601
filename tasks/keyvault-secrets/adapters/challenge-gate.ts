import type { HttpClient } from '@azure/core-rest-pipeline';

/** Holds back requests to a vault until its challenge is answered. */
export interface ChallengeGate {
  /** Runs the work: the first call immediately, all other calls when the gate is open. */
  readonly pass: <T>(work: () => Promise<T>) => Promise<T>;
  /** The same client, which opens the gate when a request with a token is sent. */
  readonly withGate: (client: HttpClient) => HttpClient;
}

/**
 * Every request that the SDK sends before a vault's first challenge is answered gets a challenge of its own. Therefore,
 * the first request goes alone. After the first request with a token, the SDK knows which token the vault requires. If
 * the first work ends without such a request, the next work is tried.
 */
export function createChallengeGate(): ChallengeGate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let isFirst = true;
  return {
    async pass(work) {
      if (!isFirst) {
        await opened;
        return work();
      }
      isFirst = false;
      try {
        return await work();
      } finally {
        open();
      }
    },
    withGate: (client) => ({
      sendRequest(request) {
        if (request.headers.has('Authorization')) {
          open();
        }
        return client.sendRequest(request);
      },
    }),
  };
}
