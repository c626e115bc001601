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
 * a collision.
 */
export function withoutOverridden<T extends Origin>(variables: readonly T[]): readonly T[] {
  const named = new Set(variables.filter(({ selected }) => !selected.fromListing).map(placeOf));
  const seen = new Set<string>();
  return variables.filter((variable) => {
    const place = placeOf(variable);
    if (variable.selected.fromListing && named.has(place)) return false;
    const meaning = `${place} ${meaningOf(variable.selected)}`;
    if (seen.has(meaning)) return false;
    seen.add(meaning);
    return true;
  });
}

function placeOf({ name, selected }: Origin): string {
  return `${selected.vault}/${selected.name.toLowerCase()} ${agentForm(name)}`;
}

function meaningOf({ rule }: Selected): string {
  return JSON.stringify([rule.version, rule.field, rule.operations, rule.notSecret]);
}
