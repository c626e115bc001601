import type { Diagnosis } from '../../shared/errors/diagnosis';
import { failure, type Failure } from '../failures/failure';
import type { Fetched } from '../selection/fetch';
import type { SecretsInputs } from '../settings';
import { failureMessages, secretMessages as messages } from '../messages/failures';
import { warningMessages as kinds } from '../messages/warnings';
import { nearestOf } from '../rules/nearest';
import { evaluate, type ResolvedVariable } from '../values/evaluate';
import { substitutes } from '../values/substitutes';
import type { Selected } from '../selection/select';
import { secretRef } from '../selection/secret-ref';
import { expiredAction, expiresSoon, outsideValidity } from '../selection/validity';
import type { Secret, SecretProperties } from '../ports';
import type { Warning } from '../failures/warning';

/** The decision on one secret. */
export interface SecretDecision {
  readonly results: readonly ResolvedVariable[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly Warning[];
}

/** What decisions depend on, in addition to rules, secrets and inputs. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The job's variables, in lower case. */
  readonly existing: ReadonlySet<string>;
}

/** The names of variables in lower case, in which the agent compares them. */
export function lowerCaseNames(variables: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(variables.map(({ name }) => name.toLowerCase()));
}

/** The decision on a secret that was found. */
export type UseSecret = (selected: Selected, secret: Secret) => SecretDecision;

/** What decisions on a named secret depend on. */
interface NamedContext {
  readonly inputs: SecretsInputs;
  /** Names of secrets, to suggest for a mistyped one. */
  readonly knownNames: readonly string[];
  /** The job's variables, in lower case. */
  readonly existing: ReadonlySet<string>;
}

const nothing: SecretDecision = { results: [], failures: [], warnings: [] };

/** A secret that a pattern found. It is not a failure if the secret was deleted or disabled since then. */
export function decideListed({ selected, outcome }: Fetched, use: UseSecret): SecretDecision {
  if (outcome.kind === 'found') return use(selected, outcome.secret);
  if (outcome.kind === 'failed') return { ...nothing, failures: [readFailure(selected, outcome.diagnosis)] };
  if (selected.rule.optional) return nothing;
  const kind = outcome.kind === 'noPrevious' ? kinds.noPrevious : kinds.goneSinceListing;
  return { ...nothing, warnings: [{ kind, subject: secretRef(selected) }] };
}

/** A secret that a rule names, in every vault that was searched. */
export function decideNamed(
  places: readonly Fetched[],
  { use, ...context }: NamedContext & { readonly use: UseSecret },
): SecretDecision {
  const failures = places.flatMap(({ selected, outcome }) => {
    if (outcome.kind === 'failed') return [readFailure(selected, outcome.diagnosis)];
    return outcome.kind === 'disabled' ? [disabled(selected)] : [];
  });
  if (failures.length > 0) return { ...nothing, failures };
  const found = places.flatMap(({ selected, outcome }) =>
    outcome.kind === 'found' ? [{ selected, secret: outcome.secret }] : [],
  );
  const [first, second] = found;
  if (first === undefined) return decideMissing(places, context);
  if (second === undefined) return use(first.selected, first.secret);
  return { ...nothing, failures: [foundTwice(found.map(({ selected }) => selected))] };
}

function readFailure(selected: Selected, diagnosis: Diagnosis): Failure {
  return { subject: secretRef(selected), diagnosis };
}

function disabled(selected: Selected): Failure {
  const { vault, name } = selected;
  return failure('AKV-SECRET-DISABLED', secretRef(selected), messages.disabled(vault, name));
}

function foundTwice(places: readonly Selected[]): Failure {
  const subjects = places.map(secretRef);
  return failure('AKV-NAME-COLLISION', failureMessages.allOf(subjects), messages.foundTwice(subjects[0] ?? ''));
}

function decideMissing(places: readonly Fetched[], { knownNames, inputs, existing }: NamedContext): SecretDecision {
  const [first] = places;
  if (first === undefined) return nothing;
  const { selected, outcome } = first;
  const { optional, defaultText } = selected.rule;
  if (optional || defaultText !== undefined) {
    const isWanted = ({ name }: ResolvedVariable) => defaultText !== undefined || !existing.has(name.toLowerCase());
    return { ...nothing, results: substitutes(selected, inputs).filter(isWanted) };
  }
  if (inputs.missingSecrets === 'ignore') return nothing;
  const subject = places.map((place) => secretRef(place.selected)).join(', ');
  if (inputs.missingSecrets === 'warn') {
    return { ...nothing, warnings: [{ kind: kinds.missing, subject }] };
  }
  const near = nearestOf(selected.name, knownNames);
  const suggestion =
    near === undefined || near.toLowerCase() === selected.name.toLowerCase() ? '' : messages.didYouMean(near);
  const isSecretThere = outcome.kind === 'noPrevious';
  const what = isSecretThere ? messages.noPrevious : messages.noSecret;
  const recovery = isSecretThere ? [] : [messages.recover(selected.vault, selected.name)];
  const text = messages.missing(selected.vault, what, suggestion, recovery);
  return { ...nothing, failures: [failure('AKV-SECRET-MISSING', subject, text)] };
}

/** A secret that was found: what its dates allow, and the result of its rule. */
export function decideFound(selected: Selected, secret: Secret, inputs: SecretsInputs, now: number): SecretDecision {
  const validity = decideValidity(selected, secret.properties, inputs, now);
  if (!validity.isUsed) return { ...nothing, ...validity };
  const { results, failures } = evaluate(selected, secret, inputs);
  const noFields = results.length + failures.length > 0 ? [] : [{ kind: kinds.noFields, subject: secretRef(selected) }];
  return { results, failures, warnings: [...validity.warnings, ...noFields] };
}

/** Whether the dates of a secret allow its use; they are known without its value. */
export function decideValidity(
  selected: Selected,
  properties: SecretProperties,
  inputs: SecretsInputs,
  now: number,
): Omit<SecretDecision, 'results'> & { readonly isUsed: boolean } {
  const subject = secretRef(selected);
  const outside = outsideValidity(properties, now);
  const action = outside === undefined ? 'use' : expiredAction(inputs.expiredSecrets, selected.fromListing);
  if (action === 'fail') return { isUsed: false, failures: [expired(selected, outside ?? '')], warnings: [] };
  if (action === 'skip') {
    const warning = { kind: kinds.skippedOutsideValidity, subject: `${subject} (${outside ?? ''})` };
    return { isUsed: false, failures: [], warnings: [warning] };
  }
  const soon = expiresSoon(properties, now, inputs.expiryWarningDays);
  const warnings = [
    ...(action === 'warn' ? [{ kind: kinds.usedOutsideValidity, subject: `${subject} (${outside ?? ''})` }] : []),
    ...(soon === undefined ? [] : [{ kind: kinds.soonToExpire, subject: `${subject} (${soon})` }]),
  ];
  return { isUsed: true, failures: [], warnings };
}

function expired(selected: Selected, outside: string): Failure {
  const text = messages.outsideValidity(selected.vault, selected.name, outside);
  return failure('AKV-SECRET-EXPIRED', secretRef(selected), text);
}
