import { throwFailures, type Failure } from '../failures/failure';
import { pathCollisions } from './path-collisions';
import { nameFailures, valueFailures } from '../secrets-file/check';
import { holdsEnvironment, type SecretsFile } from '../secrets-file/format';
import type { Fetched } from '../selection/fetch';
import type { SecretsInputs } from '../settings';
import { decideFound, decideListed, decideNamed, type Moment, type SecretDecision, type UseSecret } from './policies';
import { checkNames, type NamedVariable } from '../names/name-check';
import { namesIn, type Plan } from '../selection/plan';
import { withoutOverridden } from '../selection/precedence';
import type { ResolvedVariable } from '../values/evaluate';
import { leavesNamesToVault, type Rule } from '../rules/rule';
import { secretRef } from '../selection/secret-ref';
import type { Warning } from '../failures/warning';

/** What the step will set, and the warnings and notes for the user. */
interface Decision {
  readonly results: readonly ResolvedVariable[];
  readonly warnings: readonly Warning[];
}

/**
 * Applies the step's policies to everything that was read.
 *
 * @throws DiagnosedError with all failures, if there are any: then nothing must be set.
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
  const variables = results.map((result) => toNamedVariable(result, inputs));
  const names = checkNames(variables);
  throwFailures([
    ...decided.flatMap(({ failures }) => failures),
    ...names.failures,
    ...nameFailures(inputs.secretsFile, variables),
    ...contentFailures(inputs.secretsFile, results),
    ...pathCollisions(results, inputs.secretsFile),
  ]);
  return { results, warnings: [...decided.flatMap(({ warnings }) => warnings), ...names.warnings] };
}

function toNamedVariable(
  { name, selected, isSecret, file }: ResolvedVariable,
  { secretsFile }: SecretsInputs,
): NamedVariable {
  return {
    name,
    subject: secretRef(selected),
    isPublic: !isSecret || file !== undefined,
    isInEnvFile: holdsEnvironment(secretsFile),
    isChosenByVault: leavesNamesToVault(selected.rule),
  };
}

/** The values that the file with all secrets cannot hold. For a secret in a separate file, the value is the path. */
function contentFailures(file: SecretsFile | undefined, results: readonly ResolvedVariable[]): readonly Failure[] {
  if (file === undefined) return [];
  return results
    .filter((result) => result.file === undefined)
    .flatMap(({ text, selected }) => valueFailures(file.format, text, secretRef(selected)));
}
