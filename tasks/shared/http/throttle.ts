import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../ports';

/** Limits all requests to one host after it has throttled. */
interface Throttle {
  /** Runs the work, a request, when the host can receive one. */
  enter<T>(host: string, work: () => Promise<T>): Promise<T>;
  /**
   * The host has answered 429: sends nothing for this many milliseconds, and after that half as many requests at the
   * same time.
   */
  onThrottled(host: string, wait: number): void;
}

/** At least this many requests run at the same time, even if the host keeps throttling. */
const minConcurrency = 2;

/**
 * Until a host throttles, as many requests run as the callers send. Key Vault counts the requests of all clients of a
 * vault together, so a 429 is caused by other clients more than by this step: the limit is never raised again.
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
      // Requests that run at the same time as the first refused one are also refused. All of them count as one.
      if (state.restUntil <= now) {
        const running = Math.min(state.limit.activeCount, state.limit.concurrency);
        state.limit.concurrency = Math.max(minConcurrency, Math.ceil(running / 2));
      }
      state.restUntil = Math.max(state.restUntil, now + wait);
    },
  };
}
