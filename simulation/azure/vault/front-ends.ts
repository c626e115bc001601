/** How a change of a vault reaches its front ends, each at its own time. */
import type { VaultResource } from '../arm/vaults';

export interface Propagation {
  readonly frontEnds: number;
  /** Milliseconds until the front end acts on a change; asked once a change and front end. */
  readonly delay: (frontEnd: number) => number;
}

/** One state of the vault and, for each front end, when it starts to act on it (milliseconds since 1970). */
export interface PropagatedChange {
  readonly resource: VaultResource;
  readonly visibleAt: readonly number[];
}

export const immediatePropagation: Propagation = { frontEnds: 1, delay: () => 0 };

/** The history with one more state, without what no front end will ever look at again. */
export function recordChange(
  history: readonly PropagatedChange[],
  resource: VaultResource,
  propagation: Propagation,
  now: number,
): readonly PropagatedChange[] {
  const visibleAt = Array.from({ length: propagation.frontEnds }, (_, frontEnd) => now + propagation.delay(frontEnd));
  const settled = history.findLastIndex((change) => change.visibleAt.every((at) => at <= now));
  return [...history.slice(Math.max(settled, 0)), { resource, visibleAt }];
}

/** The state that a front end acts on; a vault's first state is visible everywhere. */
export function seenBy(history: readonly PropagatedChange[], frontEnd: number, now: number): VaultResource {
  const seen = history.findLast(({ visibleAt }) => (visibleAt[frontEnd] ?? 0) <= now) ?? history[0];
  if (seen === undefined) throw new Error('A vault without any state has no front ends.');
  return seen.resource;
}
