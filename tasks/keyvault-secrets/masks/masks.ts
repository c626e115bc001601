import { isTrivial } from './harmless-text';
import { formsOf, optionalKinds, type Forms, type OptionalKind } from './value-forms';

/**
 * The agent compares every line of the log with every mask, so masks cost time in all later steps. docs/performance.md
 * has the measurements for this number.
 */
const mostMasks = 10_000;

/** What to register with the log masker. */
export interface Masks {
  /** Longest first, without duplicates. */
  readonly texts: readonly string[];
  /** The kinds of forms that were omitted because there are too many masks, with their numbers. */
  readonly leftOut: ReadonlyMap<OptionalKind, number>;
}

/**
 * All texts that must not appear in a log because scripts that have one of the values commonly print them. The values
 * themselves, their lines and their secret parts are always included. The other kinds, which encode these, are included
 * as long as there are at most `most` masks.
 */
export function masksOf(values: readonly string[], most = mostMasks): Masks {
  const forms = values.filter((value) => value.trim() !== '').map(formsOf);
  const chosen = new Set(forms.flatMap(({ plain }) => plain));
  const leftOut = new Map<OptionalKind, number>();
  for (const kind of optionalKinds) {
    const added = additionsOf(kind, forms, chosen);
    if (leftOut.size === 0 && chosen.size + added.size <= most) added.forEach((form) => chosen.add(form));
    else if (added.size > 0) leftOut.set(kind, added.size);
  }
  return { texts: [...chosen].sort((one, other) => other.length - one.length), leftOut };
}

function additionsOf(kind: OptionalKind, forms: readonly Forms[], chosen: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(forms.flatMap((one) => one[kind].filter((form) => !chosen.has(form) && !isTrivial(form))));
}
