import { createReads } from './selection/fetch';
import type { PipelineVariable } from '../shared/ports';
import { writeSecretsFile } from './secrets-file/write';
import { secretRef } from './selection/secret-ref';
import type { SecretsInputs } from './settings';
import { showForecast } from './dry-run';
import { masksOf } from './masks/masks';
import { makePlan } from './selection/plan';
import type { SecretsPorts } from './ports';
import {
  describeLeftOut,
  describeOutcome,
  describeTraffic,
  logWarnings,
  printTable,
  summaryOf,
  tableOf,
  usableForms,
} from './report/report';
import type { ResolvedVariable } from './values/evaluate';
import { decide } from './policies/decide';
import { lowerCaseNames } from './policies/policies';
import { valueWarnings } from './report/value-warnings';

/**
 * Reads the secrets that the rules select and sets them as pipeline variables. The order is what makes it safe:
 * everything is read, checked and shown before the first mask, every mask is registered before the first file, and
 * every file is written before the first variable. Therefore, a failure sets nothing, and no value can reach the log
 * before its masks.
 *
 * @returns what was done, in one sentence.
 * @throws DiagnosedError with all failures, whatever a vault throws, and the reason of an aborted signal.
 */
export async function fetchSecrets(inputs: SecretsInputs, ports: SecretsPorts, signal: AbortSignal): Promise<string> {
  const { clock, log, variables } = ports;
  const started = clock.monotonic();
  const reads = createReads(ports, signal);
  const plan = await makePlan(inputs, ports, inputs.dryRun ? () => undefined : reads.begin, reads.signal);
  if (inputs.dryRun) return showForecast(plan, inputs, ports, signal);
  const fetched = await reads.finish(plan.selected);
  const now = clock.now();
  const existing = variables.list();
  const { results, warnings } = decide(fetched, plan, inputs, { now, existing: lowerCaseNames(existing) });
  const rows = tableOf(results, now);
  printTable(log, plan, rows);
  const logged = logWarnings([...plan.warnings, ...warnings, ...valueWarnings(results, existing)], log);
  const forms = usableForms(results.filter(({ isSecret }) => isSecret).map(({ name }) => name));
  if (forms !== undefined) log.info(forms);
  registerMasks(results, ports);
  const toSet = variablesOf(results, writeFiles(results, ports));
  const secretsFile = writeSecretsFile(inputs.secretsFile, toSet, ports);
  setVariables(toSet, inputs, ports);
  secretsFile.forEach((variable) => {
    variables.set(variable);
    // If two steps of a job write such a file, each has its own path: $(step.secretsFilePath).
    variables.setOutput(variable);
  });
  const outcome = describeOutcome(results, [...ports.vaults.keys()], inputs.secretsFile);
  log.info(`${outcome} ${describeTraffic(ports.traffic(), clock.monotonic() - started)}`);
  if (inputs.publishSummary) ports.summary.publish(summaryOf(outcome, rows, logged));
  return outcome;
}

function registerMasks(results: readonly ResolvedVariable[], { log, variables }: SecretsPorts): void {
  const texts = results.filter(({ isSecret }) => isSecret).flatMap(({ text, formerTexts }) => [text, ...formerTexts]);
  const masks = masksOf([...new Set(texts)]);
  if (masks.leftOut.size > 0) log.info(describeLeftOut(masks));
  variables.mask(masks.texts);
}

/** Absolute paths by relative path. */
function writeFiles(results: readonly ResolvedVariable[], { files }: SecretsPorts): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { file } of results) {
    if (file !== undefined && !paths.has(file.path)) paths.set(file.path, files.write(file.path, file.bytes));
  }
  return paths;
}

function variablesOf(
  results: readonly ResolvedVariable[],
  paths: ReadonlyMap<string, string>,
): readonly (PipelineVariable & { readonly subject: string })[] {
  return results.map(({ name, text, isSecret, file, selected }) => {
    const path = file === undefined ? undefined : paths.get(file.path);
    const subject = secretRef(selected);
    return path === undefined
      ? { name, subject, value: text, secret: isSecret }
      : { name, subject, value: path, secret: false };
  });
}

function setVariables(
  toSet: readonly PipelineVariable[],
  { outputVariables }: SecretsInputs,
  { variables }: SecretsPorts,
): void {
  for (const variable of toSet) {
    variables.set(variable);
    if (outputVariables) variables.setOutput(variable);
  }
}
