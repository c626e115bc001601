import { parseCondition } from './condition';
import type { Restrictions, Step, StepSettings } from '../job';
import { check, checkKeys, count, flag, list, map, scalar, texts, type YamlMap, type YamlValue } from './yaml-value';

const settingKeys = [
  'name',
  'displayName',
  'env',
  'condition',
  'continueOnError',
  'enabled',
  'timeoutInMinutes',
  'retryCountOnTaskFailure',
  'target',
];
const keysByKind: Readonly<Record<string, readonly string[]>> = {
  task: ['inputs'],
  script: ['workingDirectory'],
  bash: ['workingDirectory'],
};

/** Reads one step; undefined for a step that has no effect here: disabled, or `checkout`. */
export function readStep(step: YamlMap): Step | undefined {
  if ('checkout' in step) return undefined;
  check(
    !('pwsh' in step || 'powershell' in step),
    `this agent runs no PowerShell: write the step as 'script' or 'bash'.`,
  );
  const kind = Object.keys(keysByKind).find((key) => key in step);
  check(
    kind !== undefined,
    `a step with the keys ${quote(Object.keys(step))} is none of ${quote(Object.keys(keysByKind))}.`,
  );
  checkKeys(`the ${kind} step`, step, [kind, ...settingKeys, ...(keysByKind[kind] ?? [])]);
  const settings = readSettings(step);
  if (!flag('enabled', step.enabled, true)) return undefined;
  if (kind === 'task') return { ...settings, kind, ...readReference(step), inputs: texts('inputs', step.inputs) };
  return {
    ...settings,
    kind: kind === 'bash' ? 'bash' : 'script',
    script: scalar(kind, step[kind]),
    workingDirectory: scalar('workingDirectory', step.workingDirectory ?? ''),
  };
}

function readReference(step: YamlMap): { task: string; major: number } {
  const reference = scalar('task', step.task);
  const parts = /^([\w.-]+)@(\d+)$/.exec(reference);
  check(parts !== null, `task '${reference}' must be written as Name@Major.`);
  return { task: parts[1] ?? '', major: Number(parts[2]) };
}

function readSettings(step: YamlMap): StepSettings {
  const condition = scalar('condition', step.condition ?? 'succeeded()');
  parseCondition(condition);
  const name = scalar('name', step.name ?? '');
  check(/^\w*$/.test(name), `'name' may have letters, digits and '_' only, but is '${name}'.`);
  return {
    name,
    displayName: scalar('displayName', step.displayName ?? ''),
    env: texts('env', step.env),
    condition,
    continueOnError: flag('continueOnError', step.continueOnError, false),
    timeoutInMinutes: count('timeoutInMinutes', step.timeoutInMinutes, Number.MAX_SAFE_INTEGER),
    retryCountOnTaskFailure: count('retryCountOnTaskFailure', step.retryCountOnTaskFailure, 10),
    restrictions: readTarget(step.target),
  };
}

function readTarget(value: YamlValue): Restrictions {
  if (value === undefined) return {};
  const target = map('target', value);
  checkKeys('target', target, ['commands', 'settableVariables']);
  const commands = scalar('target.commands', target.commands ?? 'any');
  check(
    commands === 'any' || commands === 'restricted',
    `'target.commands' is 'any' or 'restricted', not '${commands}'.`,
  );
  const settable = target.settableVariables;
  return { commands, ...(settable !== undefined && { settableVariables: readSettable(settable) }) };
}

/** A list of globs; the word `none` means the empty list. */
function readSettable(value: YamlValue): string[] {
  if (value === 'none') return [];
  return list('target.settableVariables', value).map((item) => scalar('target.settableVariables', item));
}

function quote(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
