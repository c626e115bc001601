import { DiagnosedError } from '../shared/errors/diagnosis';
import { reportMessages as messages } from './messages/report';
import { secretsFileMessages as fileMessages } from './messages/secrets-file';
import { throwFailures } from './failures/failure';
import { foresee } from './policies/forecast';
import { lowerCaseNames } from './policies/policies';
import type { SecretProperties, SecretsPorts, Vault } from './ports';
import { envBlock, logWarnings, printTable, summaryOf } from './report/report';
import type { Listings, Plan } from './selection/plan';
import type { SecretsInputs } from './settings';

/**
 * The dry run: shows what would be set, and until when the secrets are valid. It lists vaults and does not read values.
 * Failures are thrown last, so that a scheduled check of expiration dates has its table and summary even if it fails.
 *
 * @returns what would be done, in one sentence.
 * @throws DiagnosedError with all failures that the run would have, and whatever a vault throws.
 */
export async function showForecast(
  plan: Plan,
  inputs: SecretsInputs,
  ports: SecretsPorts,
  signal: AbortSignal,
): Promise<string> {
  const { log, clock, summary, variables } = ports;
  const listings = await listNamed(plan, inputs, ports, signal);
  const moment = { now: clock.now(), existing: lowerCaseNames(variables.list()) };
  const forecast = foresee(plan, listings, inputs, moment);
  printTable(log, plan, forecast.rows);
  const logged = logWarnings([...plan.warnings, ...forecast.warnings], log);
  const outcome =
    forecast.failures.length > 0 ? messages.dryRunFailure : messages.dryRunOutcome(forecast.variables.length);
  if (inputs.publishSummary) summary.publish(summaryOf(outcome, forecast.rows, logged));
  throwFailures(forecast.failures);
  envBlock(forecast.variables.filter(({ isPublic }) => !isPublic).map(({ name }) => name)).forEach((line) => {
    log.info(line);
  });
  const { secretsFile } = inputs;
  if (secretsFile !== undefined) log.info(fileMessages.planned(secretsFile.path, secretsFile.format));
  log.info(outcome);
  return outcome;
}

/** The listings of the plan and of all vaults in which rules name secrets. */
async function listNamed(
  plan: Plan,
  inputs: SecretsInputs,
  { vaults }: SecretsPorts,
  signal: AbortSignal,
): Promise<Listings> {
  const named = [...new Set(plan.selected.map(({ vault }) => vault))].filter((name) => !plan.listings.has(name));
  const listed = await Promise.all(
    named.map(async (name) => {
      const vault = vaults.get(name);
      return [name, vault === undefined ? [] : await listVault(vault, inputs, signal)] as const;
    }),
  );
  const readable = listed.flatMap(([name, all]) => (all === undefined ? [] : [[name, all] as const]));
  return new Map([...plan.listings, ...readable]);
}

/**
 * A rule with a name needs no permission to list. Without it, the dry run shows less. But if the step must fail for
 * expired secrets, it needs the dates, and fails.
 */
async function listVault(
  vault: Vault,
  { expiredSecrets }: SecretsInputs,
  signal: AbortSignal,
): Promise<readonly SecretProperties[] | undefined> {
  const all: SecretProperties[] = [];
  try {
    for await (const properties of vault.list(signal)) all.push(properties);
    return all;
  } catch (error) {
    if (expiredSecrets === 'fail' || !isRefusal(error)) throw error;
    return undefined;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DiagnosedError && ['AKV-RBAC', 'AKV-ACCESS-POLICY'].includes(error.diagnosis.code);
}
