/**
 * The substitute for the compare-and-swap that Azure Resource Manager lacks. A change of ours counts as done only when
 * nobody has written the vault for this long after we saw it there: every co-operating writer sends its PATCH within
 * {@link longestStaleness} of starting the GET it is built on, so a writer that could still overwrite us would have
 * been seen by then, as long as Azure carries a PATCH out within the remaining three seconds. Milliseconds.
 */
export const quietPeriod = 5_000;

/** A snapshot older than this, counted from before its GET was sent, is never written back. Milliseconds. */
export const longestStaleness = 2_000;

/** Watches a vault's stamps on the local monotonic clock. */
export interface QuietPeriod {
  /** A read asked for at one time and answered at the other gave this stamp. */
  observe(stamp: string, read: { readonly asked: number; readonly answered: number }): void;
  /** Our own write, answered at this time, made this stamp. */
  adopt(stamp: string, answered: number): void;
  /** Milliseconds that still have to pass without a change; 0 once they have. */
  remaining(at: number): number;
}

export function createQuietPeriod(): QuietPeriod {
  let last: { readonly stamp: string; readonly since: number; readonly seen: number } | undefined;
  return {
    observe(stamp, { asked, answered }) {
      last =
        last?.stamp === stamp
          ? // The vault may have answered as soon as it was asked, and have been changed while the answer travelled.
            { ...last, seen: asked }
          : { stamp, since: answered, seen: answered };
    },
    adopt(stamp, answered) {
      last = { stamp, since: answered, seen: answered };
    },
    remaining(at) {
      if (last === undefined) {
        return quietPeriod;
      }
      // Only time between two sightings of one stamp is known to have been quiet.
      const quiet = last.seen - last.since;
      return quiet >= quietPeriod ? 0 : Math.max(1, quietPeriod - (at - last.since));
    },
  };
}
