import { agentForm } from './reserved-names';
import type { Selected } from './select';

/** A variable together with the rule and secret that give it. */
export interface Origin {
  readonly name: string;
  readonly selected: Selected;
}

/**
 * Settles the harmless cases in which one secret gives one variable twice: a rule that names the secret takes the place
 * of a pattern that only happens to match it, and two rules that want the very same thing are one. What remains twice is
 * a collision, also when one rule gives it: two fields of JSON whose names become one.
 */
export function withoutOverridden<T extends Origin>(variables: readonly T[]): readonly T[] {
  const named = new Set(variables.filter(({ selected }) => !selected.fromListing).map(placeOf));
  const seen = new Map<string, Selected>();
  return variables.filter((variable) => {
    const place = placeOf(variable);
    if (variable.selected.fromListing && named.has(place)) return false;
    const meaning = `${place} ${meaningOf(variable.selected)}`;
    const first = seen.get(meaning) ?? variable.selected;
    seen.set(meaning, first);
    return first === variable.selected;
  });
}

function placeOf({ name, selected }: Origin): string {
  return `${selected.vault}/${selected.name.toLowerCase()} ${agentForm(name)}`;
}

function meaningOf({ rule }: Selected): string {
  return JSON.stringify([rule.version, rule.field, rule.operations, rule.notSecret]);
}
