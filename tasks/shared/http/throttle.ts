import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../ports';

/** What all requests to one host hold to after it has asked for patience. */
interface Throttle {
  /** Does the work, a request, when the host may have one. */
  enter<T>(host: string, work: () => Promise<T>): Promise<T>;
  /** The host has answered 429: nothing for this many milliseconds, and from then on half as many requests at a time. */
  onThrottled(host: string, wait: number): void;
}

/** Even a host that keeps throttling is sent this many requests at a time. */
const minConcurrency = 2;

/**
 * Until a host complains, as many requests run as the callers send. Key Vault counts those of all clients of a vault
 * together, so a 429 says less of this step than of everyone: it never becomes wider again.
 */
export function createThrottle({ clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }): Throttle {
  const hosts = new Map<string, { readonly limit: LimitFunction; restUntil: number }>();
  const stateOf = (host: string) => {
    const state = hosts.get(host) ?? { limit: pLimit(Number.POSITIVE_INFINITY), restUntil: 0 };
    hosts.set(host, state);
    return state;
  };
  return {
    enter(host, work) {
      const state = stateOf(host);
      return state.limit(async () => {
        for (let rest = state.restUntil - clock.monotonic(); rest > 0; rest = state.restUntil - clock.monotonic()) {
          await clock.sleep(rest, signal);
        }
        return work();
      });
    },
    onThrottled(host, wait) {
      const state = stateOf(host);
      const now = clock.monotonic();
      // What was running together with the first refused request is refused as well; that is one complaint, not many.
      if (state.restUntil <= now) {
        const running = Math.min(state.limit.activeCount, state.limit.concurrency);
        state.limit.concurrency = Math.max(minConcurrency, Math.ceil(running / 2));
      }
      state.restUntil = Math.max(state.restUntil, now + wait);
    },
  };
}
