import type { Random } from '../../tasks/shared/ports';

/** Draws of one schedule: the same seed gives the same ones. */
export interface Draws {
  readonly next: Random;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  /** True in this percentage of cases. */
  percent(chance: number): boolean;
  oneOf<T>(items: readonly T[]): T;
}

/** The generator "mulberry32" of Tommy Ettinger (public domain): fast, and good enough to shuffle schedules. */
export function seededDraws(seed: number): Draws {
  let state = Math.imul(seed, 0x9e3779b9) | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    percent: (chance) => next() * 100 < chance,
    oneOf: (items) => items[Math.floor(next() * items.length)]!,
  };
}
