import pMap from 'p-map';
import { throwFailures } from './failure';
import type { SecretsInputs } from './inputs';
import { checkNames } from './name-check';
import type { SecretsPorts } from './ports';
import { withoutOverridden } from './precedence';
import { givesSeveralFields, type Rule } from './rule';
import { patternsFor, selectFromListing, selectNamed, type Selected, type Selection } from './select';
import { describeSelected } from './subject';
import { variableNames } from './variable-name';
import type { SecretProperties, Vault } from './vault';
import type { Warning } from './warning';

/** What the step is going to fetch and set, known before any value is. */
export interface Plan {
  /** Of each vault that had to be listed. */
  readonly selections: readonly Selection[];
  /** Every rule with every secret it wants; a name without a vault stands once for every vault. */
  readonly selected: readonly Selected[];
  /** Names of secrets in the listings, to suggest for a mistyped one. */
  readonly knownNames: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * Lists the vaults that patterns need, each once, selects the secrets, and guards the names that are known already.
 *
 * @throws DiagnosedError when names are reserved or collide, and whatever a vault throws.
 */
export async function makePlan(inputs: SecretsInputs, ports: SecretsPorts, signal: AbortSignal): Promise<Plan> {
  const { rules } = inputs.secretsFilter;
  const listed = await pMap(
    [...ports.vaults].filter(([name]) => patternsFor(rules, name).length > 0),
    async ([name, vault]) => ({ name, listing: await readListing(vault, signal) }),
    { signal },
  );
  const policy = { ...inputs, now: ports.clock.now() };
  const selections = listed.map(({ name, listing }) =>
    selectFromListing(name, listing, patternsFor(rules, name), inputs.secretsFilter.exclusions, policy),
  );
  const selected = [...selectNamed(rules, [...ports.vaults.keys()]), ...selections.flatMap((one) => one.selected)];
  throwFailures(checkNames(plannedVariables(selected, inputs)).failures);
  const knownNames = listed.flatMap(({ listing }) => listing.map(({ name }) => name));
  return { selections, selected, knownNames, warnings: unmatchedWarnings(rules, selections) };
}

async function readListing(vault: Vault, signal: AbortSignal): Promise<readonly SecretProperties[]> {
  const listing: SecretProperties[] = [];
  for await (const properties of vault.list(signal)) listing.push(properties);
  return listing;
}

/** The variables whose names do not wait for a value: all but those of several JSON fields. */
export function plannedVariables(
  selected: readonly Selected[],
  inputs: SecretsInputs,
): readonly {
  readonly name: string;
  readonly subject: string;
  readonly isPublic: boolean;
  readonly selected: Selected;
}[] {
  // A name without a vault is looked for in every vault, and is still one secret.
  const once = selected.filter(
    (one, index) => one.fromListing || selected.findIndex(({ rule }) => rule === one.rule) === index,
  );
  const named = once
    .filter(({ rule }) => !givesSeveralFields(rule))
    .flatMap((one) =>
      variableNames(one.rule, { secret: one.name, star: one.star, field: fixedFields(one) }, inputs).map((name) => ({
        name,
        subject: describeSelected(one),
        isPublic: one.rule.notSecret || one.rule.operations.some(({ kind }) => kind === 'file'),
        selected: one,
      })),
    );
  return withoutOverridden(named);
}

function fixedFields({ rule }: Selected): readonly string[] {
  return (rule.field ?? []).flatMap((step) =>
    step.kind === 'key' ? [step.key] : step.kind === 'index' ? [String(step.index)] : [],
  );
}

/** A pattern that holds for several vaults has to match in one of them. */
function unmatchedWarnings(rules: readonly Rule[], selections: readonly Selection[]): readonly Warning[] {
  const isUnmatched = (rule: Rule): boolean =>
    selections.every(({ vault, unmatched }) => unmatched.includes(rule) || patternsFor([rule], vault).length === 0);
  return rules
    .filter((rule) => rule.source.kind !== 'name' && !rule.optional && isUnmatched(rule))
    .map(({ text }) => ({ kind: 'These patterns match no secret', subject: `'${text}'` }));
}
