import { log, memory, stepInputs, variables } from '../shared/agent/agent';
import { systemClock as clock } from '../shared/clock';
import { describeIdentity } from '../shared/sign-in/connection';
import { DiagnosedError, renderDiagnosis } from '../shared/errors/diagnosis';
import { explain } from '../shared/errors/explain';
import type { PhaseControl, PhaseResult } from '../shared/agent/phase';
import { connectAzure, type Azure } from '../shared/wiring';
import { createDoor, createLookups } from './adapters/data-plane';
import { createResourceManager } from './adapters/arm-vault';
import { closeVault, sweepVault, type CloseParts } from './close';
import { readInputs, type AgentAccessInputs } from './inputs';
import { openLedger, type Ledger, type Opened } from './protocol/ledger';
import { openVault } from './open';
import { closingCommand } from './closing-command';
import { closingMessages as closing } from './messages/closing';
import { connectionMessages } from './messages/connection';
import { openingMessages as opening } from './messages/opening';
import type { VaultManager } from './ports';

/** What is written under: the vault's name as the user reads it, and its port. */
interface ManagedVault {
  readonly vault: string;
  readonly manager: VaultManager;
}

/** The work of the phases `prejobexecution` and `execution`: open, or sweep. */
export async function allowAgent({ signal, limit }: PhaseControl): Promise<PhaseResult> {
  const inputs = readInputs(stepInputs);
  limit(inputs.timeoutInSeconds, opening.timedWork, 'timeoutInSeconds');
  const azure = connectAzure(signal);
  log.info(connectionMessages.signingIn(azure.connection.cloud.name, describeIdentity(azure.connection.identity)));
  const vaults = await findVaults(inputs, azure, signal);
  if (inputs.action === 'sweep') {
    await Promise.all(vaults.map((vault) => sweepVault(closeParts(vault, signal))));
    return { result: 'succeeded', sentence: closing.sweptResult(namesOf(vaults)) };
  }
  const ledger = openLedger(memory);
  const opened = await Promise.all(vaults.map((vault) => open(vault, inputs, azure, ledger, signal)));
  const networks = [...new Set(opened.flat())];
  variables.setOutput({
    name: 'agentIpAddress',
    value: networks.map((network) => network.replace(/\/32$/, '')).join(','),
    secret: false,
  });
  return { result: 'succeeded', sentence: opening.result(namesOf(vaults)) };
}

async function findVaults(
  inputs: AgentAccessInputs,
  azure: Azure,
  signal: AbortSignal,
): Promise<readonly ManagedVault[]> {
  const { connection } = azure;
  const resources = createResourceManager({ ...azure, cloud: connection.cloud, signal });
  const subscriptionId = connection.subscriptionId ?? '';
  if (subscriptionId === '' && inputs.vaults.some(({ resourceId }) => resourceId === undefined)) {
    throw new DiagnosedError({ code: 'AKV-CONNECTION', ...connectionMessages.noSubscription });
  }
  return Promise.all(
    inputs.vaults.map(async (vault) => {
      const resourceId = await resources.findVault(vault, subscriptionId, inputs.resourceGroup);
      return { vault: vault.name, manager: resources.manage(resourceId) };
    }),
  );
}

function open(
  { vault, manager }: ManagedVault,
  inputs: AgentAccessInputs,
  azure: Azure,
  ledger: Ledger,
  signal: AbortSignal,
) {
  const doorOf = (url: string) => createDoor(url, vault, { ...azure, cloud: azure.connection.cloud });
  const lookups = inputs.allowPublicIpLookup ? createLookups(azure.client) : [];
  return openVault(inputs, { vault, manager, doorOf, lookups, ledger, clock, log, random: Math.random, signal });
}

/** The phase `postjobexecution`: close what the other phases have opened. It never fails the job over what it cannot do. */
export async function closeAgentAccess(
  opened: readonly Opened[],
  { signal, limit }: PhaseControl,
): Promise<PhaseResult> {
  limit(120, closing.timedWork);
  const left = (await Promise.all(opened.map((one) => close(one, signal)))).flat();
  return left.length === 0
    ? { result: 'succeeded', sentence: closing.closedResult(opened.map(({ resourceId }) => nameOf(resourceId))) }
    : { result: 'succeededWithIssues', sentence: left.join('\n') };
}

/** Gives the warning about what is left open; nothing when all is closed. */
async function close(opened: Opened, signal: AbortSignal): Promise<readonly string[]> {
  const vault = nameOf(opened.resourceId);
  try {
    const azure = connectAzure(signal);
    const resources = createResourceManager({ ...azure, cloud: azure.connection.cloud, signal });
    await closeVault(opened, closeParts({ vault, manager: resources.manage(opened.resourceId) }, signal));
    return [];
  } catch (error) {
    const { diagnosis } = explain(error);
    if (diagnosis.code === 'AKV-ARM-NOT-FOUND') {
      log.info(closing.vaultGone(vault));
      return [];
    }
    return [`${renderDiagnosis(diagnosis)}\n${closing.leftOpen(vault, opened.rules, closingCommand(opened))}`];
  }
}

function closeParts({ vault, manager }: ManagedVault, signal: AbortSignal): CloseParts {
  return { vault, manager, clock, log, random: Math.random, signal };
}

function nameOf(resourceId: string): string {
  return resourceId.split('/').at(-1) ?? resourceId;
}

function namesOf(vaults: readonly ManagedVault[]): string {
  return vaults.map(({ vault }) => vault).join(', ');
}
