/** How a change reaches a vault's front ends, each at a different time. */
import type { VaultResource } from '../arm/vaults';

export interface Propagation {
  readonly frontEnds: number;
  /** Milliseconds until the front end applies a change; called once per change and front end. */
  readonly delay: (frontEnd: number) => number;
}

/** One state and, for each front end, when it applies it (milliseconds since 1970). */
export interface PropagatedChange<T = VaultResource> {
  readonly resource: T;
  readonly visibleAt: readonly number[];
}

export const immediatePropagation: Propagation = { frontEnds: 1, delay: () => 0 };

/** The history with one more state, without states that no front end needs anymore. */
export function recordChange<T>(
  history: readonly PropagatedChange<T>[],
  resource: T,
  propagation: Propagation,
  now: number,
): readonly PropagatedChange<T>[] {
  const visibleAt = Array.from({ length: propagation.frontEnds }, (_, frontEnd) => now + propagation.delay(frontEnd));
  const settled = history.findLastIndex((change) => change.visibleAt.every((at) => at <= now));
  return [...history.slice(Math.max(settled, 0)), { resource, visibleAt }];
}

/** The state that a front end applies; a first state is visible everywhere. */
export function seenBy<T>(history: readonly PropagatedChange<T>[], frontEnd: number, now: number): T {
  const seen = history.findLast(({ visibleAt }) => (visibleAt[frontEnd] ?? 0) <= now) ?? history[0];
  if (seen === undefined) throw new Error('What has no state has no front ends.');
  return seen.resource;
}
