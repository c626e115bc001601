import { log, uploadSummary, variables } from '../shared/agent/agent';
import { requireTempFolder } from '../shared/agent/job';
import { stepInputs } from '../shared/agent/step-inputs';
import { writeSummaryFile } from '../shared/agent/summary-file';
import { readSurroundings } from '../shared/agent/surroundings';
import { systemClock as clock } from '../shared/clock';
import { describeIdentity } from '../shared/sign-in/connection';
import type { PhaseControl, PhaseResult } from '../shared/agent/phase';
import { identityMessages } from '../shared/messages/connection';
import { vaultUrl } from '../shared/inputs/vault-reference';
import { connectAzure } from '../shared/wiring';
import { createVault } from './adapters/azure-vault';
import { readInputs } from './inputs/inputs';
import { reportMessages as messages } from './messages/report';
import { fetchSecrets } from './run';
import { createSecretFiles } from './adapters/secret-files';

/** The work of both phases: reads the secrets. */
export async function readSecrets({ limit, ...time }: PhaseControl): Promise<PhaseResult> {
  const inputs = readInputs(stepInputs);
  limit(inputs.timeoutInSeconds, messages.timedWork, 'timeoutInSeconds');
  const traffic = { requests: 0, retries: 0 };
  const azure = connectAzure({
    ...{ inputs: stepInputs, surroundings: readSurroundings(inputs.proxy), ...time },
    onAttempt: ({ retry }) => {
      traffic.requests += 1;
      traffic.retries += retry ? 1 : 0;
    },
  });
  const { cloud, identity } = azure.connection;
  // Runs while the vaults answer with the token that they require, which is always the same.
  azure.prepareToken(`https://${cloud.vaultSuffix}/.default`);
  const vaults = inputs.keyVaultName.map((vault) =>
    createVault({ ...azure, name: vault.name, url: vaultUrl(vault, cloud) }),
  );
  const names = vaults.map(({ name }) => name);
  log.info(messages.readingFrom(names, cloud.name, describeIdentity(identity)));
  log.info(identityMessages.requestIds(azure.requestIdPrefix));
  const outcome = await fetchSecrets(
    inputs,
    {
      log,
      variables,
      clock,
      vaults: new Map(vaults.map((vault) => [vault.name.toLowerCase(), vault])),
      files: createSecretFiles(requireTempFolder),
      summary: {
        publish: (markdown) => {
          uploadSummary(writeSummaryFile(requireTempFolder(), messages.summaryTitle, markdown));
        },
      },
      traffic: () => ({ ...traffic }),
    },
    time.signal,
  );
  return { result: 'succeeded', sentence: outcome };
}
