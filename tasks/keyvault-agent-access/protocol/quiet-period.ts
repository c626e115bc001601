/**
 * The substitute for the compare-and-swap that Azure Resource Manager lacks. A change of ours counts as done only when
 * no one has written the vault for this long after we saw it there: every co-operating writer sends its PATCH within
 * {@link longestStaleness} of starting the GET it is built on, so a writer that could still overwrite us would have
 * been seen by then, as long as Azure carries a PATCH out within the remaining three seconds. Milliseconds.
 */
export const quietPeriod = 5_000;

/**
 * A vault that dozens of jobs write is never quiet, and does not have to be: a change that every read has found in
 * place for this long counts as done, too. To undo it later, two writers with old snapshots, one that lacks it and one
 * that has it, would have to have overwritten each other between two reads, six quiet periods in a row.
 * Milliseconds.
 */
export const maxSettleTime = 6 * quietPeriod;

/** A snapshot older than this, counted from before its GET was sent, is never written back. Milliseconds. */
export const longestStaleness = 2_000;

/** One read of the vault: when it was asked for, when it was answered, and whether our change was in place. */
export interface Look {
  readonly asked: number;
  readonly answered: number;
  readonly isInPlace: boolean;
}

/** Watches a vault's stamps, and our change in it, on the local monotonic clock. */
interface QuietPeriod {
  /** A read of the vault gave this stamp. */
  observe(stamp: string, look: Look): void;
  /** Our own write, answered at this time, made this stamp. */
  adopt(stamp: string, answered: number): void;
  /** Milliseconds that still have to pass without a change; 0 once they have, or once our change has stayed for `maxSettleTime`. */
  remaining(at: number): number;
}

export function createQuietPeriod(): QuietPeriod {
  let last: { readonly stamp: string; readonly since: number; readonly seen: number } | undefined;
  let inPlaceSince = Number.POSITIVE_INFINITY;
  let lookedAt = 0;
  return {
    observe(stamp, { asked, answered, isInPlace }) {
      inPlaceSince = isInPlace ? Math.min(inPlaceSince, answered) : Number.POSITIVE_INFINITY;
      lookedAt = asked;
      last =
        last?.stamp === stamp
          ? // The vault may have answered as soon as it was asked, and have been changed while the answer traveled.
            { ...last, seen: asked }
          : { stamp, since: answered, seen: answered };
    },
    adopt(stamp, answered) {
      inPlaceSince = answered;
      last = { stamp, since: answered, seen: answered };
    },
    remaining(at) {
      if (last === undefined) {
        return quietPeriod;
      }
      // Only the time between two reads with the same stamp is known to have been quiet.
      const quiet = last.seen - last.since;
      const isBeyondDoubt = lookedAt - inPlaceSince >= maxSettleTime;
      return isBeyondDoubt || quiet >= quietPeriod ? 0 : Math.max(1, quietPeriod - (at - last.since));
    },
  };
}
