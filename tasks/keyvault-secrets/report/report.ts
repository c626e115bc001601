import type { Log } from '../../shared/ports';
import { noteMessages, reportMessages as messages } from '../messages/report';
import type { Masks } from '../masks/masks';
import type { Plan } from '../selection/plan';
import type { Traffic } from '../ports';
import { isCertificate, type ResolvedVariable } from '../values/evaluate';
import type { SecretsFile } from '../secrets-file/format';
import type { Selection } from '../selection/select';
import { groupWarnings, type Warning } from '../failures/warning';
import { layOut, layOutMarkdown } from '../../shared/report/table';
import { isoDay, outsideValidity } from '../selection/validity';

/** How many secrets the patterns found in a vault, and why some are skipped. */
function describeSelection({ vault, listed, matched, excluded, skipped }: Selection): string {
  const reasons = [...skipped].map(([reason, count]) => `${count} ${reason}`);
  const total = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  return messages.selection(vault, listed, matched, excluded, messages.skipped(total, reasons));
}

/** The rows of the table, sorted by secret. The vault is named when there are several. `now`: milliseconds since 1970. */
export function tableOf(results: readonly ResolvedVariable[], now: number): readonly (readonly string[])[] {
  const severalVaults = new Set(results.map(({ selected }) => selected.vault)).size > 1;
  const rows = results.map((result) => {
    const { properties, selected, name } = result;
    return [
      severalVaults ? `${selected.vault}:${properties.name}` : properties.name,
      shortVersion(properties.version),
      name,
      properties.expires === undefined ? '-' : isoDay(properties.expires),
      notesOf(result, now).join(', '),
    ];
  });
  return [messages.head, ...rows.sort(bySecretThenVariable)];
}

function bySecretThenVariable(
  [secret = '', , name = '']: readonly string[],
  [other = '', , otherName = '']: readonly string[],
): number {
  return compare(secret, other) || compare(name, otherName);
}

/** By code unit, which gives the same order on every computer. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Eight digits distinguish versions and keep the table narrow. */
function shortVersion(version: string | undefined): string {
  return version?.slice(0, 8) ?? '-';
}

function notesOf({ properties, selected, isSecret, file, notes }: ResolvedVariable, now: number): readonly string[] {
  return [
    ...(isSecret ? [] : [noteMessages.notSecret]),
    ...(file === undefined ? [] : [noteMessages.file]),
    ...(selected.rule.version === 'previous' ? [noteMessages.previous] : []),
    ...(isCertificate(properties) ? [noteMessages.certificate] : []),
    ...[outsideValidity(properties, now)].filter((note) => note !== undefined),
    ...notes,
  ];
}

/** Prints counts and table. */
export function printTable(log: Log, plan: Plan, rows: readonly (readonly string[])[]): void {
  plan.selections.forEach((selection) => {
    log.info(describeSelection(selection));
  });
  if (rows.length === 1) return;
  log.info(layOut(rows).join('\n'));
}

/** Prints warnings, one line per kind, and returns the lines. */
export function logWarnings(warnings: readonly Warning[], log: Log): readonly string[] {
  const lines = groupWarnings(warnings);
  lines.forEach((line) => {
    log.warning(line);
  });
  return lines;
}

/** How to use a variable whose name has a dash, which shells do not accept; `undefined` if there is none. */
export function usableForms(names: readonly string[]): string | undefined {
  const dashed = names.find((name) => name.includes('-'));
  if (dashed === undefined) return undefined;
  return messages.dashedNames(dashed, envName(dashed));
}

/** A block for the YAML of a script step, one line per variable. */
export function envBlock(names: readonly string[]): readonly string[] {
  return ['env:', ...names.map((name) => `  ${envName(name)}: $(${name})`)];
}

/** The variable's name in a form that every shell accepts. */
function envName(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
    .replace(/^(?=\d)/, '_');
}

/** Which forms of the secrets are not masked, because more masks would slow down the log. */
export function describeLeftOut({ texts, leftOut }: Masks): string {
  const kinds = [...leftOut.keys()].map((kind) => messages.maskKinds[kind]);
  const count = [...leftOut.values()].reduce((sum, one) => sum + one, 0);
  return messages.masksLeftOut(texts.length, count, kinds);
}

/**
 * For example, `Read 3 secrets from my-kv, wrote 1 file, and sent 3 variables to the agent.` Not "set": the agent can
 * refuse a variable, because of `settableVariables` or because it is read-only, and does not report it to the task.
 */
export function describeOutcome(
  results: readonly ResolvedVariable[],
  vaults: readonly string[],
  secretsFile: SecretsFile | undefined,
): string {
  const more = secretsFile === undefined ? 0 : 1;
  const files = new Set(results.flatMap(({ file }) => file?.path ?? [])).size + more;
  const read = results.filter(({ isSubstitute }) => isSubstitute !== true);
  const secrets = new Set(read.map(({ selected }) => `${selected.vault}/${selected.name.toLowerCase()}`)).size;
  return messages.outcome(results.length + more, files, secrets, vaults);
}

/** E.g. `4 requests, 1 retry, 0.8 s.` `elapsed` is in milliseconds. */
export function describeTraffic({ requests, retries }: Traffic, elapsed: number): string {
  return messages.traffic(requests, retries, (elapsed / 1000).toFixed(1));
}

/** The page for the run's summary: it shows names only. */
export function summaryOf(outcome: string, rows: readonly (readonly string[])[], warnings: readonly string[]): string {
  const list = layOutMarkdown([[messages.warningHead], ...warnings.map((warning) => [warning])]);
  return [
    `### ${messages.summaryTitle}`,
    outcome,
    layOutMarkdown(rows),
    ...(warnings.length === 0 ? [] : [list]),
    '',
  ].join('\n\n');
}
