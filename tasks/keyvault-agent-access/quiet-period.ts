/**
 * The substitute for the compare-and-swap that Azure Resource Manager lacks. A change of ours counts as done only when
 * nobody has written the vault for this long after we saw it there: every co-operating writer sends its PATCH within
 * {@link longestStaleness} of starting the GET it is built on, so a writer that could still overwrite us would have
 * been seen by then. After contention the period is longer, for the sake of requests stuck in the network.
 */
export const quietPeriod = 5_000;
export const quietPeriodAfterContention = 8_000;

/** A snapshot older than this, counted from before its GET was sent, is never written back. Milliseconds. */
export const longestStaleness = 2_000;

/** Watches a vault's stamps on the local monotonic clock. */
export interface QuietPeriod {
  /** A read asked for at one time and answered at the other gave this stamp. */
  observe(stamp: string, read: { readonly asked: number; readonly answered: number }): void;
  /** Our own write, answered at this time, made this stamp. */
  adopt(stamp: string, answered: number): void;
  /** Somebody else is writing. */
  disturb(): void;
  /** Milliseconds that still have to pass without a change; 0 once they have. */
  remaining(at: number): number;
}

export function createQuietPeriod(): QuietPeriod {
  let required = quietPeriod;
  let last: { readonly stamp: string; readonly since: number; readonly seen: number } | undefined;
  return {
    observe(stamp, { asked, answered }) {
      if (last?.stamp === stamp) {
        // The vault may have answered as soon as it was asked, and have been changed while the answer travelled.
        last = { ...last, seen: asked };
        return;
      }
      if (last !== undefined) {
        required = quietPeriodAfterContention;
      }
      last = { stamp, since: answered, seen: answered };
    },
    adopt(stamp, answered) {
      last = { stamp, since: answered, seen: answered };
    },
    disturb() {
      required = quietPeriodAfterContention;
    },
    remaining(at) {
      if (last === undefined) {
        return required;
      }
      // Only time between two sightings of one stamp is known to have been quiet.
      const quiet = last.seen - last.since;
      return quiet >= required ? 0 : Math.max(1, required - (at - last.since));
    },
  };
}
