import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { leastActions } from '../../../simulation/azure/contoso';
import { serviceConnectionsOf } from '../../../simulation/workplace';
import type { Outcome, TestBed } from './scenarios';
import { assertSucceeded } from './secrets-step';
import { rulesOf } from './vault-state';
import { withFakePrograms, type Call, type FakePrograms } from './fake-programs';

export const examplesFolder = resolve(__dirname, '../../../examples');

export function readExample(name: string): string {
  return readFileSync(resolve(examplesFolder, `${name}.yml`), 'utf8');
}

/** One run of an example: its outcome, and with what its programs were called. */
interface ExampleRun {
  readonly outcome: Outcome;
  readonly calls: readonly Call[];
  /** The last call. */
  readonly call: Call;
}

/** Runs an example just as it is, with fake programs in the place of those that it calls. It has to succeed. */
export async function runExample(
  testBed: TestBed,
  pipeline: string,
  programs: readonly string[],
  options: Parameters<TestBed['run']>[1] = {},
  prints: Readonly<Record<string, string>> = {},
): Promise<ExampleRun> {
  const runs: ExampleRun[] = [];
  const work = async (fakes: FakePrograms): Promise<void> => {
    const environment = { ...fakes.options.environment, ...options.environment };
    const outcome = await testBed.run(pipeline, { ...fakes.options, ...options, environment });
    assertSucceeded(outcome);
    const calls = await fakes.calls();
    assert.ok(calls.length > 0, `none of ${programs.join(', ')} was called:\n${outcome.text}`);
    runs.push({ outcome, calls, call: calls.at(-1)! });
  };
  await withFakePrograms(programs, work, prints);
  return runs[0]!;
}

/** Adds another vault whose secrets the service connection may read, without a firewall unless its properties have one. */
export function addVault(
  { azure, contoso }: TestBed,
  name: string,
  secrets: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, unknown>> = {},
): void {
  const { subscription, application } = contoso;
  const { id } = azure.addVault({ subscription, resourceGroup: 'shop', name, properties });
  azure.assignRole({ objectId: application.objectId, scope: id, ...leastActions });
  for (const [secret, value] of Object.entries(secrets)) azure.setSecret(name, { name: secret, value });
}

/** Adds secrets to Contoso's vault and leaves its firewall closed. */
export function addSecrets({ azure, contoso }: TestBed, secrets: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(secrets)) azure.setSecret(contoso.vault, { name, value });
}

/** Contoso's connection by federation under these names, as if each environment had one. */
export function connectionsNamed({ contoso }: TestBed, ...names: readonly string[]) {
  const [federated] = serviceConnectionsOf(contoso);
  return names.map((name) => ({ ...federated!, name }));
}

const openAndDie = `
steps:
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv }
`;

/** Has a job open Contoso's vault whose agent dies before it can remove the rule. */
export async function leaveRuleBehind(testBed: TestBed): Promise<void> {
  const killed = await testBed.run(openAndDie, {
    onProcess: (_step, phase, child) => {
      if (phase === 'post') child.kill('SIGKILL');
    },
  });
  assert.equal(killed.result, 'Failed');
  assert.deepEqual(rulesOf(testBed), ['20.50.1.10/32'], 'the test needs something to sweep');
}
