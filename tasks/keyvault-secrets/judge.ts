import type { Diagnosis } from '../shared/diagnosis';
import { failure, type Failure } from './failure';
import type { Fetched } from './fetch';
import type { SecretsInputs } from './inputs';
import { nearestOf } from './nearest';
import { evaluate, type Result } from './result';
import type { Selected } from './select';
import { describeSelected } from './subject';
import { expiredAction, expiresSoon, outsideValidity } from './validity';
import type { Secret } from './vault';
import type { Warning } from './warning';

/** What becomes of one secret. */
export interface Verdict {
  readonly results: readonly Result[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly Warning[];
}

const nothing: Verdict = { results: [], failures: [], warnings: [] };

/** A secret that a pattern found. That it is gone or disabled since then is no failure. */
export function judgeListed({ selected, outcome }: Fetched, inputs: SecretsInputs, now: number): Verdict {
  if (outcome.kind === 'found') return judgeFound(selected, outcome.secret, inputs, now);
  if (outcome.kind === 'failed') return { ...nothing, failures: [readFailure(selected, outcome.diagnosis)] };
  if (selected.rule.optional) return nothing;
  const since = 'Gone or disabled since the vault was listed, so not set';
  const kind = outcome.kind === 'noPrevious' ? 'Without an earlier enabled version, so not set' : since;
  return { ...nothing, warnings: [{ kind, subject: describeSelected(selected) }] };
}

/** A secret that a rule names, in every vault where it was looked for. */
export function judgeNamed(
  places: readonly Fetched[],
  knownNames: readonly string[],
  inputs: SecretsInputs,
  now: number,
): Verdict {
  const failures = places.flatMap(({ selected, outcome }) => {
    if (outcome.kind === 'failed') return [readFailure(selected, outcome.diagnosis)];
    return outcome.kind === 'disabled' ? [disabled(selected)] : [];
  });
  if (failures.length > 0) return { ...nothing, failures };
  const found = places.flatMap(({ selected, outcome }) =>
    outcome.kind === 'found' ? [{ selected, secret: outcome.secret }] : [],
  );
  const [first, second] = found;
  if (first === undefined) return judgeMissing(places, knownNames, inputs);
  if (second === undefined) return judgeFound(first.selected, first.secret, inputs, now);
  return { ...nothing, failures: [foundTwice(found.map(({ selected }) => selected))] };
}

function readFailure(selected: Selected, diagnosis: Diagnosis): Failure {
  return { subject: describeSelected(selected), diagnosis };
}

function disabled(selected: Selected): Failure {
  const enable = `az keyvault secret set-attributes --vault-name ${selected.vault} --name ${selected.name} --enabled true`;
  return failure('AKV-SECRET-DISABLED', describeSelected(selected), 'the secret is disabled', enable);
}

function foundTwice(places: readonly Selected[]): Failure {
  const subjects = places.map(describeSelected);
  const problem = 'the rule does not say which vault is meant';
  return failure('AKV-NAME-COLLISION', subjects.join(' and '), problem, `Write the vault, e.g. ${subjects[0] ?? ''}`);
}

function judgeMissing(places: readonly Fetched[], knownNames: readonly string[], inputs: SecretsInputs): Verdict {
  const [first] = places;
  if (first === undefined || first.selected.rule.optional || inputs.missingSecrets === 'ignore') return nothing;
  const { selected, outcome } = first;
  const subject = places.map((place) => describeSelected(place.selected)).join(', ');
  if (inputs.missingSecrets === 'warn') {
    return { ...nothing, warnings: [{ kind: 'Missing in the vault, so not set', subject }] };
  }
  const near = nearestOf(selected.name, knownNames);
  const suggestion =
    near === undefined || near.toLowerCase() === selected.name.toLowerCase() ? '' : ` Did you mean '${near}'?`;
  const what =
    outcome.kind === 'noPrevious' ? 'there is no enabled version before the current one' : 'there is no such secret';
  const list = `az keyvault secret list --vault-name ${selected.vault} --query "[].name"`;
  const remedy = [`See what is there: ${list}`, "A secret that may be missing is written with '?': name? -> VARIABLE"];
  return { ...nothing, failures: [failure('AKV-SECRET-MISSING', subject, `${what}.${suggestion}`, ...remedy)] };
}

function judgeFound(selected: Selected, secret: Secret, inputs: SecretsInputs, now: number): Verdict {
  const subject = describeSelected(selected);
  const outside = outsideValidity(secret.properties, now);
  const action = outside === undefined ? 'use' : expiredAction(inputs.expiredSecrets, selected.fromListing);
  if (action === 'fail') return { ...nothing, failures: [expired(selected, outside ?? '')] };
  if (action === 'skip') {
    return {
      ...nothing,
      warnings: [{ kind: 'Outside their validity window, so not set', subject: `${subject} (${outside ?? ''})` }],
    };
  }
  const { results, failures } = evaluate(selected, secret, inputs);
  const soon = expiresSoon(secret.properties, now, inputs.expiryWarningDays);
  const warnings = [
    ...(action === 'warn'
      ? [{ kind: 'Used outside their validity window', subject: `${subject} (${outside ?? ''})` }]
      : []),
    ...(soon === undefined ? [] : [{ kind: 'Soon to expire', subject: `${subject} (${soon})` }]),
    ...(results.length + failures.length > 0 ? [] : [{ kind: 'JSON without any field, so nothing set', subject }]),
  ];
  return { results, failures, warnings };
}

function expired(selected: Selected, outside: string): Failure {
  const renew = 'Put a new version into the vault, or move its dates:';
  const command = `az keyvault secret set-attributes --vault-name ${selected.vault} --name ${selected.name} --expires <date>`;
  const policy = "Or let the step use it: input 'expiredSecrets' = warn.";
  return failure(
    'AKV-SECRET-EXPIRED',
    describeSelected(selected),
    `the secret is outside its validity window: ${outside}`,
    renew,
    command,
    policy,
  );
}
