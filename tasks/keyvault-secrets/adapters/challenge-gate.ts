import type { HttpClient } from '@azure/core-rest-pipeline';

/** Holds back what would go to a vault before its challenge is answered. */
export interface ChallengeGate {
  /** Does the work: the first at once, all other when the gate is open. */
  readonly pass: <T>(work: () => Promise<T>) => Promise<T>;
  /** The same client, which opens the gate when a request with a token is sent. */
  readonly withGate: (client: HttpClient) => HttpClient;
}

/**
 * Every request that the SDK sends before a vault's first challenge is answered costs a challenge of its own, so the
 * first goes ahead alone. From the first request with a token on the SDK knows what the vault wants; when the first work
 * is over without one, the next may try.
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
