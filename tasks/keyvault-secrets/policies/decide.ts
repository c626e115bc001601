import { failure, throwFailures, type Failure } from './failure';
import type { Fetched } from '../selection/fetch';
import type { SecretsInputs } from '../settings';
import { decideFound, decideListed, decideNamed, type Moment, type SecretDecision, type UseSecret } from './policies';
import { failureMessages, nameMessages } from '../messages/failures';
import { checkNames, type NamedVariable } from '../names/name-check';
import { namesIn, type Plan } from '../selection/plan';
import { withoutOverridden } from '../selection/precedence';
import type { Result } from '../values/evaluate';
import { leavesNamesToVault, type Rule } from '../rules/rule';
import { secretRef } from '../selection/secret-ref';
import type { Warning } from './warning';

/** What the step is going to set, and what the user should know of it. */
export interface Decision {
  readonly results: readonly Result[];
  readonly warnings: readonly Warning[];
}

/**
 * Decides by the step's policies what becomes of everything that was read.
 *
 * @throws DiagnosedError with every failure, if there is any: then nothing may be set.
 */
export function decide(fetched: readonly Fetched[], plan: Plan, inputs: SecretsInputs, moment: Moment): Decision {
  const byRule = new Map<Rule, readonly Fetched[]>();
  const decided: SecretDecision[] = [];
  const use: UseSecret = (selected, secret) => decideFound(selected, secret, inputs, moment.now);
  for (const one of fetched) {
    const { rule, fromListing } = one.selected;
    if (fromListing) decided.push(decideListed(one, use));
    else byRule.set(rule, [...(byRule.get(rule) ?? []), one]);
  }
  const knownNames = namesIn(plan.listings);
  for (const places of byRule.values()) {
    decided.push(decideNamed(places, { knownNames, inputs, existing: moment.existing, use }));
  }
  const results = withoutOverridden(decided.flatMap((one) => one.results));
  const names = checkNames(results.map(toNamedVariable));
  throwFailures([...decided.flatMap(({ failures }) => failures), ...names.failures, ...pathCollisions(results)]);
  return { results, warnings: [...decided.flatMap(({ warnings }) => warnings), ...names.warnings] };
}

function toNamedVariable({ name, selected, isSecret, file }: Result): NamedVariable {
  return {
    name,
    subject: secretRef(selected),
    isPublic: !isSecret || file !== undefined,
    isChosenByVault: leavesNamesToVault(selected.rule),
  };
}

/**
 * Two values cannot go to one file, and one's file cannot be the folder of another's. Compared without regard to case, as
 * Windows and macOS do.
 */
function pathCollisions(results: readonly Result[]): readonly Failure[] {
  const owners = new Map<string, Result>();
  const collisions = results.flatMap((result) => {
    const path = result.file?.path.toLowerCase();
    if (path === undefined) return [];
    const owner = owners.get(path);
    owners.set(path, owner ?? result);
    // The two variables of `name/version` share their file.
    if (owner === undefined || (owner.selected === result.selected && owner.text === result.text)) return [];
    return [collision(owner, result, nameMessages.oneFile(result.file?.path ?? ''))];
  });
  return [...collisions, ...[...owners.values()].flatMap((result) => folderCollisions(result, owners))];
}

function folderCollisions(result: Result, owners: ReadonlyMap<string, Result>): readonly Failure[] {
  const path = result.file?.path ?? '';
  const segments = path.toLowerCase().split('/');
  return segments.slice(1).flatMap((_, depth) => {
    const owner = owners.get(segments.slice(0, depth + 1).join('/'));
    const file = owner?.file?.path;
    return owner === undefined || file === undefined
      ? []
      : [collision(owner, result, nameMessages.folderOfOther(file, path))];
  });
}

function collision(one: Result, other: Result, text: Parameters<typeof failure>[2]): Failure {
  const subject = failureMessages.allOf([one, other].map(({ selected }) => secretRef(selected)));
  return failure('AKV-NAME-COLLISION', subject, text);
}
