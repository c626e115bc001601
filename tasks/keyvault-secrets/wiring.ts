import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { log, readJob, stepInputs, uploadSummary, variables } from '../shared/agent';
import { systemClock as clock } from '../shared/clock';
import { describeIdentity } from '../shared/connection';
import type { PhaseControl, PhaseResult } from '../shared/phase';
import { otherPhase, type Turn } from '../shared/pre-job';
import { connectAzure } from '../shared/wiring';
import { createVault } from './azure-vault';
import { readInputs } from './inputs';
import type { Summary } from './ports';
import { fetchSecrets } from './run';
import { createSecretFiles } from './temp-files';

/** Both phases of the task: reads the secrets if it is this one's turn. */
export async function readSecrets(turn: Turn, { signal, limit }: PhaseControl): Promise<PhaseResult> {
  const other = otherPhase(turn, stepInputs);
  if (other !== undefined) {
    return other;
  }
  const inputs = readInputs(stepInputs);
  limit(inputs.timeoutInSeconds, 'reading secrets', 'timeoutInSeconds');
  const traffic = { requests: 0, retries: 0 };
  const azure = connectAzure(signal, ({ retry }) => {
    traffic.requests += 1;
    traffic.retries += retry ? 1 : 0;
  });
  const { cloud, identity } = azure.connection;
  const vaults = inputs.keyVaultName.map(({ name, url }) =>
    createVault({ ...azure, name, url: url ?? `https://${name}.${cloud.vaultSuffix}` }),
  );
  log.info(
    `Reading from ${vaults.map(({ name }) => name).join(', ')} (${cloud.name}) as ${describeIdentity(identity)}.`,
  );
  const { tempFolder } = readJob();
  const report = await fetchSecrets(
    inputs,
    {
      log,
      variables,
      clock,
      vaults: new Map(vaults.map((vault) => [vault.name.toLowerCase(), vault])),
      files: createSecretFiles(tempFolder),
      summary: createSummary(tempFolder),
      traffic: () => ({ ...traffic }),
    },
    signal,
  );
  return { result: 'succeeded', sentence: report.outcome };
}

/** The agent uploads the file when the job ends, so it lies in the folder that lives as long as the job. */
function createSummary(tempFolder: string): Summary {
  return {
    publish: (markdown) => {
      const path = join(mkdtempSync(join(tempFolder, 'keyvault-summary-')), 'Key Vault secrets.md');
      writeFileSync(path, markdown);
      uploadSummary(path);
    },
  };
}
