import { log, readJob, stepInputs, uploadSummary, variables } from '../shared/agent/agent';
import { systemClock as clock } from '../shared/clock';
import { describeIdentity } from '../shared/sign-in/connection';
import type { PhaseControl, PhaseResult } from '../shared/agent/phase';
import { connectAzure } from '../shared/wiring';
import { createVault } from './adapters/azure-vault';
import { readInputs } from './inputs/inputs';
import { reportMessages as messages } from './messages/report';
import { fetchSecrets } from './run';
import { createSecretFiles } from './adapters/secret-files';
import { createSummary } from './adapters/summary-file';

/** The work of both phases: reads the secrets. */
export async function readSecrets({ signal, limit }: PhaseControl): Promise<PhaseResult> {
  const inputs = readInputs(stepInputs);
  limit(inputs.timeoutInSeconds, messages.timedWork, 'timeoutInSeconds');
  const traffic = { requests: 0, retries: 0 };
  const azure = connectAzure(signal, ({ retry }) => {
    traffic.requests += 1;
    traffic.retries += retry ? 1 : 0;
  });
  const { cloud, identity } = azure.connection;
  if (!inputs.dryRun) {
    // While the vaults say what token they want, which is always the same.
    azure.prepareToken(`https://${cloud.vaultSuffix}/.default`);
  }
  const vaults = inputs.keyVaultName.map(({ name, url }) =>
    createVault({ ...azure, name, url: url ?? `https://${name}.${cloud.vaultSuffix}` }),
  );
  const names = vaults.map(({ name }) => name);
  log.info(messages.readingFrom(names, cloud.name, describeIdentity(identity)));
  const { tempFolder } = readJob();
  const outcome = await fetchSecrets(
    inputs,
    {
      log,
      variables,
      clock,
      vaults: new Map(vaults.map((vault) => [vault.name.toLowerCase(), vault])),
      files: createSecretFiles(tempFolder),
      summary: createSummary(tempFolder, uploadSummary),
      traffic: () => ({ ...traffic }),
    },
    signal,
  );
  return { result: 'succeeded', sentence: outcome };
}
