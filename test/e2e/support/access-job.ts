import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Outcome, TestBed } from './scenarios';
import { rulesOf } from './vault-state';

/** A pipeline that begins with one step of KeyVaultAgentAccess on Contoso's vault; `inputs` go on in its flow mapping. */
export const accessPipeline = (inputs = '') => `
steps:
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv${inputs} }
`;

/** Runs a job that has access to the vault for as long as `work` takes, which runs at the same time. */
export async function runDuringJob(testBed: TestBed, work: () => Promise<void>): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-signal-'));
  const done = join(folder, 'done');
  const pipeline = `${accessPipeline()}
  - bash: echo work; until test -e ${done}; do sleep 0.1; done
`;
  let working = Promise.resolve();
  const outcome = await testBed.run(pipeline, {
    onLine: (line) => {
      if (line !== 'work') return;
      working = work().finally(() => writeFile(done, ''));
      // It may fail before anyone waits for it.
      working.catch(() => undefined);
    },
  });
  await working;
  await rm(folder, { recursive: true });
  return outcome;
}

/** Resolves as soon as ARM has the rule, or has it no more. */
export async function untilRule(testBed: TestBed, rule: string, isThere: boolean): Promise<void> {
  while (rulesOf(testBed).includes(rule) !== isThere) await setTimeout(5);
}
