import { environmentName } from '../../shared/environment-name';
import { givesSeveralFields } from '../rules/rule';
import type { Selected } from './select';

/** A variable with the rule and the secret that set it. */
interface Origin {
  readonly name: string;
  readonly selected: Selected;
  /** Keys and indexes to the JSON field; absent until the value is known. */
  readonly field?: readonly string[];
}

/**
 * Resolves the harmless cases in which one secret sets one variable twice: a rule that names the secret overrides a
 * pattern that also matches it, a rule that names the field overrides `.*` and `.**`, and two rules with the same
 * result are one. All other duplicates are collisions, even within one rule: two JSON fields whose names become the
 * same.
 */
export function withoutOverridden<T extends Origin>(variables: readonly T[]): readonly T[] {
  const named = new Set(variables.filter(({ selected }) => !selected.fromListing).map(placeOf));
  const fields = new Set(variables.filter(({ selected }) => !givesSeveralFields(selected.rule)).map(fieldPlaceOf));
  const seen = new Map<string, Selected>();
  return variables.filter((variable) => {
    const place = placeOf(variable);
    if (variable.selected.fromListing && named.has(place)) return false;
    if (givesSeveralFields(variable.selected.rule) && fields.has(fieldPlaceOf(variable))) return false;
    const meaning = `${place} ${meaningOf(variable.selected)}`;
    const first = seen.get(meaning) ?? variable.selected;
    seen.set(meaning, first);
    return first === variable.selected;
  });
}

function placeOf({ name, selected }: Origin): string {
  return `${selected.vault}/${selected.name.toLowerCase()} ${environmentName(name)}`;
}

/** Patterns and names are separate: a name already overrides a pattern, regardless of their fields. */
function fieldPlaceOf(variable: Origin): string {
  const { fromListing, rule } = variable.selected;
  return JSON.stringify([fromListing, placeOf(variable), rule.version, variable.field]);
}

function meaningOf({ rule }: Selected): string {
  return JSON.stringify([rule.version, rule.field, rule.operations, rule.notSecret]);
}
