import { noteMessages, reportMessages as messages } from '../messages/report';
import { warningMessages as kinds } from '../messages/warnings';
import type { SecretProperties } from '../ports';
import { givesSeveralFields } from '../rules/rule';
import type { Fetched } from '../selection/fetch';
import { namesIn, oncePerRule, plannedVariables, type Listings, type Plan } from '../selection/plan';
import { secretRef } from '../selection/secret-ref';
import type { Selected } from '../selection/select';
import { isoDay, outsideValidity } from '../selection/validity';
import type { SecretsInputs } from '../settings';
import { isCertificate } from '../values/evaluate';
import { decideListed, decideNamed, decideValidity, type Moment, type SecretDecision } from './policies';

/** What a run would do, as far as listings show it. */
interface Forecast extends Pick<SecretDecision, 'failures' | 'warnings'> {
  /** Rows of the table; the first row is the head. */
  readonly rows: readonly (readonly string[])[];
  /** The variables that would be set, except those of JSON fields whose names depend on the value. */
  readonly variables: readonly { readonly name: string; readonly isPublic: boolean }[];
}

/** What the listings show about one secret under one rule. */
interface Outlook extends Pick<SecretDecision, 'failures' | 'warnings'> {
  /** The vault that has the secret, or the first vault that was searched if none has it. */
  readonly place: Selected;
  readonly expires: string;
  readonly notes: readonly string[];
  readonly isUsed: boolean;
}

/** Decides as the run would, with the same policies. What no listing shows is displayed as unknown. */
export function foresee(plan: Plan, listings: Listings, inputs: SecretsInputs, moment: Moment): Forecast {
  const look = createLook(plan, listings, inputs, moment);
  const outlooks = new Map(oncePerRule(plan.selected).map((one) => [one, look(one)]));
  const planned = plannedVariables(plan.selected, inputs).flatMap(({ selected, ...variable }) => {
    const outlook = outlooks.get(selected);
    return outlook === undefined ? [] : [{ ...variable, outlook }];
  });
  const fields = [...outlooks].flatMap(([{ rule }, outlook]) =>
    givesSeveralFields(rule) ? [{ name: messages.oneForEachField(rule.target ?? '*'), outlook }] : [],
  );
  return {
    rows: [messages.dryRunHead, ...[...planned, ...fields].map(({ name, outlook }) => rowOf(name, outlook))],
    variables: planned.filter(({ outlook }) => outlook.isUsed),
    failures: [...outlooks.values()].flatMap(({ failures }) => failures),
    warnings: [...outlooks.values()].flatMap(({ warnings }) => warnings),
  };
}

function rowOf(name: string, { place, expires, notes }: Outlook): readonly string[] {
  return [secretRef(place), name, expires, notes.join(', ')];
}

function createLook(plan: Plan, listings: Listings, inputs: SecretsInputs, { now, existing }: Moment) {
  const knownNames = namesIn(listings);
  const byName = new Map(
    [...listings].map(([vault, all]) => [vault, new Map(all.map((one) => [one.name.toLowerCase(), one]))]),
  );
  const find = ({ vault, name }: Selected) => byName.get(vault)?.get(name.toLowerCase());
  const use = (selected: Selected, { properties }: { readonly properties: SecretProperties }) => ({
    results: [],
    ...decideValidity(selected, properties, inputs, now),
  });
  return (one: Selected): Outlook => {
    const places = one.fromListing ? [one] : plan.selected.filter(({ rule }) => rule === one.rule);
    const place = places.find((other) => find(other) !== undefined) ?? one;
    const properties = find(place);
    if (properties === undefined && !places.every(({ vault }) => listings.has(vault))) {
      return unknown(place, kinds.notListed);
    }
    if (properties !== undefined && one.rule.version !== undefined) return unknown(place, kinds.versionNotListed);
    const fetched = places.map((selected) => ({ selected, outcome: outcomeOf(find(selected)) }));
    const { results, failures, warnings } = one.fromListing
      ? decideListed({ selected: one, outcome: outcomeOf(properties) }, use)
      : decideNamed(fetched, { inputs, knownNames, existing, use });
    const isFit = properties !== undefined && decideValidity(place, properties, inputs, now).isUsed;
    return {
      ...{ place, failures, warnings },
      expires: properties?.expires === undefined ? '-' : isoDay(properties.expires),
      notes: properties === undefined ? (results[0]?.notes ?? [noteMessages.missing]) : notesOf(properties, now),
      isUsed: failures.length === 0 && (isFit || results.length > 0),
    };
  };
}

function notesOf(properties: SecretProperties, now: number): readonly string[] {
  const outside = outsideValidity(properties, now);
  return [
    ...(isCertificate(properties) ? [noteMessages.certificate] : []),
    ...(properties.enabled ? [] : [noteMessages.disabled]),
    ...(outside === undefined ? [] : [outside]),
  ];
}

/** What reading the secret would return, except for its value. */
function outcomeOf(properties: SecretProperties | undefined): Fetched['outcome'] {
  if (properties === undefined) return { kind: 'missing' };
  return properties.enabled ? { kind: 'found', secret: { properties, value: '' } } : { kind: 'disabled' };
}

function unknown(place: Selected, kind: string): Outlook {
  const warnings = [{ kind, subject: secretRef(place) }];
  return { place, expires: noteMessages.unknown, notes: [], isUsed: true, failures: [], warnings };
}
