import { environmentName } from '../../shared/environment-name';
import { givesSeveralFields } from '../rules/rule';
import type { Selected } from './select';

/** A variable together with the rule and secret that give it. */
interface Origin {
  readonly name: string;
  readonly selected: Selected;
  /** Keys and indexes to the field of JSON; absent as long as the value is not known. */
  readonly field?: readonly string[];
}

/**
 * Settles the harmless cases in which one secret gives one variable twice: a rule that names the secret takes the place
 * of a pattern that only happens to match it, one that names the field takes that of `.*` and `.**`, and two rules that
 * want the very same thing are one. What remains twice is a collision, also when one rule gives it: two fields of JSON
 * whose names become one.
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

/** Patterns and names apart: a name has taken the place of a pattern already, whatever their fields are. */
function fieldPlaceOf(variable: Origin): string {
  const { fromListing, rule } = variable.selected;
  return JSON.stringify([fromListing, placeOf(variable), rule.version, variable.field]);
}

function meaningOf({ rule }: Selected): string {
  return JSON.stringify([rule.version, rule.field, rule.operations, rule.notSecret]);
}
