import { throwFailures } from '../failures/failure';
import type { SecretsInputs } from '../settings';
import { warningMessages } from '../messages/warnings';
import { checkNames } from '../names/name-check';
import type { SecretProperties, SecretsPorts, Vault } from '../ports';
import { withoutOverridden } from './precedence';
import { givesSeveralFields, isPattern, leavesNamesToVault, type Rule } from '../rules/rule';
import {
  considerListed,
  fixedFields,
  patternsFor,
  selectNamed,
  summarizeListing,
  type Considered,
  type ListingRules,
  type Selected,
  type Selection,
} from './select';
import { nameFailures } from '../secrets-file/check';
import { holdsEnvironment } from '../secrets-file/format';
import { secretRef } from './secret-ref';
import { variableNames } from '../names/variable-name';
import type { Warning } from '../failures/warning';

/** The secrets of the listed vaults, by the vault's name. */
export type Listings = ReadonlyMap<string, readonly SecretProperties[]>;

/** What the step will fetch and set, known before any value. */
export interface Plan {
  /** One entry for each vault that had to be listed. */
  readonly selections: readonly Selection[];
  /** Every rule with each of its secrets; a name without a vault has an entry for every vault. */
  readonly selected: readonly Selected[];
  /** The secrets that these vaults listed, by the vault's name. */
  readonly listings: Listings;
  readonly warnings: readonly Warning[];
}

/**
 * Lists the vaults that patterns need, each once, selects the secrets, and checks the names that are already known.
 * `onSelected` is called for every secret that will be read as soon as it is known, while the listing continues.
 *
 * @throws DiagnosedError if names are reserved or collide, and whatever a vault throws.
 */
export async function makePlan(
  inputs: SecretsInputs,
  ports: SecretsPorts,
  onSelected: (selected: Selected) => void,
  signal: AbortSignal,
): Promise<Plan> {
  const { rules, exclusions } = inputs.secretsFilter;
  const named = selectNamed(rules, [...ports.vaults.keys()]);
  refuseReservedNames(named, inputs);
  named.forEach(onSelected);
  // If a secret's variable must not be set, the secret does not need to be read.
  const onUsable = (one: Selected) => {
    if (checkNames(plannedVariables([one], inputs)).failures.length === 0) onSelected(one);
  };
  const policy = { ...inputs, now: ports.clock.now() };
  const listings = await Promise.all(
    [...ports.vaults]
      .map(([name, vault]) => ({
        vault,
        from: { vault: name, patterns: patternsFor(rules, name), exclusions, policy },
      }))
      .filter(({ from }) => from.patterns.length > 0)
      .map(async ({ vault, from }) => ({ from, considered: await considerAll(vault, from, onUsable, signal) })),
  );
  const selections = listings.map(({ considered, from }) => summarizeListing(considered, from));
  const selected = [...named, ...selections.flatMap((one) => one.selected)];
  refuseReservedNames(selected, inputs);
  const listed = listings.map(
    ({ considered, from }) => [from.vault, considered.map(({ properties }) => properties)] as const,
  );
  return { selections, selected, listings: new Map(listed), warnings: unmatchedWarnings(rules, selections) };
}

async function considerAll(
  vault: Vault,
  from: ListingRules,
  onUsable: (selected: Selected) => void,
  signal: AbortSignal,
): Promise<readonly Considered[]> {
  const all: Considered[] = [];
  for await (const properties of vault.list(signal)) {
    const considered = considerListed(properties, from);
    considered.selected.forEach(onUsable);
    all.push(considered);
  }
  return all;
}

function refuseReservedNames(selected: readonly Selected[], inputs: SecretsInputs): void {
  const variables = plannedVariables(selected, inputs);
  throwFailures([...checkNames(variables).failures, ...nameFailures(inputs.secretsFile, variables)]);
}

/** The variables whose names do not depend on a value: all except those of several JSON fields. */
export function plannedVariables(
  selected: readonly Selected[],
  inputs: SecretsInputs,
): readonly {
  readonly name: string;
  readonly subject: string;
  readonly isPublic: boolean;
  readonly isInEnvFile: boolean;
  readonly isChosenByVault: boolean;
  readonly selected: Selected;
}[] {
  const named = oncePerRule(selected)
    .filter(({ rule }) => !givesSeveralFields(rule))
    .flatMap((one) =>
      variableNames(one.rule, { secret: one.name, star: one.star, field: fixedFields(one.rule) }, inputs).map(
        (name) => ({
          name,
          subject: secretRef(one),
          isPublic: one.rule.notSecret || one.rule.operations.some(({ kind }) => kind === 'file'),
          isInEnvFile: holdsEnvironment(inputs.secretsFile),
          isChosenByVault: leavesNamesToVault(one.rule),
          selected: one,
        }),
      ),
    );
  return withoutOverridden(named);
}

/** A name without a vault is searched in every vault, and is still one secret. */
export function oncePerRule(selected: readonly Selected[]): readonly Selected[] {
  const firsts = new Map(selected.toReversed().map((one) => [one.rule, one]));
  return selected.filter((one) => one.fromListing || firsts.get(one.rule) === one);
}

/** The names of secrets in listings, to suggest for a mistyped one. */
export function namesIn(listings: Listings): readonly string[] {
  return [...listings.values()].flat().map(({ name }) => name);
}

/** A pattern that applies to several vaults must match in one of them. */
function unmatchedWarnings(rules: readonly Rule[], selections: readonly Selection[]): readonly Warning[] {
  const isUnmatched = (rule: Rule): boolean =>
    selections.every(({ vault, unmatched }) => unmatched.includes(rule) || patternsFor([rule], vault).length === 0);
  return rules
    .filter((rule) => isPattern(rule) && !rule.optional && isUnmatched(rule))
    .map(({ text }) => ({ kind: warningMessages.noMatch, subject: `'${text}'` }));
}
