import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewSecret } from '../../../simulation/azure/population';
import type { Outcome, TestBed } from './scenarios';

/** What a vault holds, by name: a value, or a secret with attributes. */
export type Contents = Readonly<Record<string, string | Partial<Omit<NewSecret, 'name'>>>>;

/** Opens the vault's firewall and puts these secrets into it. */
export function seedSecrets({ azure, contoso }: TestBed, contents: Contents): void {
  azure.changeVault(contoso.vault, { properties: { networkAcls: { defaultAction: 'Allow', ipRules: [] } } });
  for (const [name, secret] of Object.entries(contents)) {
    const given = typeof secret === 'string' ? { value: secret } : secret;
    azure.setSecret(contoso.vault, { value: `not-a-real-value-of-${name}`, ...given, name });
  }
}

/** A step of YAML that reads secrets of Contoso's vault by these rules; further inputs, one a line. */
export function readingStep(secrets: string, inputs = '', connection = 'contoso-secret'): string {
  return `
  - task: KeyVaultSecrets@1
    name: secrets
    inputs:
      azureSubscription: ${connection}
      keyVault: contoso-kv
      secrets: ${JSON.stringify(secrets)}
${inputs.replace(/^\s*(?=.)/gm, '      ')}`;
}

/** A pipeline of steps. */
export function pipelineOf(...steps: readonly string[]): string {
  return `steps:\n${steps.join('\n')}\n`;
}

/** A YAML step that maps secret variables into the environment of a bash script. */
export function bashStep(script: string, env: Readonly<Record<string, string>> = {}): string {
  const mapped = Object.entries(env).map(([name, variable]) => `      ${name}: $(${variable})`);
  return `
  - bash: ${JSON.stringify(script)}
${mapped.length === 0 ? '' : `    env:\n${mapped.join('\n')}`}`;
}

/** The variables that tasks have set in this job, by name; the agent's own switches are left out. */
export function variablesSet({ commands, variables }: Pick<Outcome, 'commands' | 'variables'>): Record<string, string> {
  const names = commands
    .filter(({ event, properties }) => event === 'setvariable' && properties.get('isoutput') !== 'true')
    .map(({ properties }) => properties.get('variable') ?? '')
    .filter((name) => !['SYSTEM_UNSAFEALLOWMULTILINESECRET', 'DECODE_PERCENTS'].includes(name));
  return Object.fromEntries(names.map((name) => [name, variables[name]?.value ?? '']));
}

/** Asserts that the job succeeded, and that no command of it was refused. */
export function assertSucceeded({ result, text, unprocessedCommands }: Outcome): void {
  assert.equal(result, 'Succeeded', text);
  assert.deepEqual(unprocessedCommands, []);
}

/** Asserts that the job failed and that nothing was set. */
export function assertNothingSet(outcome: Outcome): void {
  assert.equal(outcome.result, 'Failed', outcome.text);
  assert.deepEqual(variablesSet(outcome), {});
}

/** Asserts that the log contains none of these texts. */
export function assertUnreadable(text: string, ...secrets: readonly string[]): void {
  for (const secret of secrets) {
    assert.ok(!text.includes(secret), `'${secret}' is readable in the log:\n${text}`);
  }
}

/** A file outside the agent's folders for what a script got, without log and masks. */
export async function withFile<T>(work: (path: string, read: () => Promise<string>) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'what-a-script-got-'));
  const path = join(folder, 'got.json');
  try {
    return await work(path, () => readFile(path, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
