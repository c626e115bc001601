import { log, memory, readJob, stepInputs, variables } from '../shared/agent/agent';
import { readJobKey } from '../shared/agent/job-key';
import { systemClock as clock } from '../shared/clock';
import { describeIdentity } from '../shared/sign-in/connection';
import { DiagnosedError, renderDiagnosis } from '../shared/errors/diagnosis';
import { explain } from '../shared/errors/explain';
import type { PhaseControl, PhaseResult, PhaseSignal } from '../shared/agent/phase';
import { connectAzure, type Azure } from '../shared/wiring';
import { createDataPlane, createLookups } from './adapters/data-plane';
import { createResourceManager } from './adapters/arm-vault';
import { closeByLease, closeVault, sweepVault, type CloseParts } from './close';
import { readInputs, type AgentAccessInputs } from './inputs';
import { leaseIdOf, type Claim } from './protocol/lease';
import { openLedger, type Ledger } from './protocol/ledger';
import { signMemory } from './protocol/signed-memory';
import { openVault, type OpenParts } from './open';
import { closingCommand } from './closing-command';
import { closingMessages as closing } from './messages/closing';
import { connectionMessages } from './messages/connection';
import { openingMessages as opening } from './messages/opening';
import type { ArmVault } from './ports';

/** A vault of the step: the name as the user reads it, and its port. */
interface ManagedVault {
  readonly resourceId: string;
  readonly vault: string;
  readonly armVault: ArmVault;
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
  const ledger = openLedger(signMemory(memory, readJobKey()));
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
      return { resourceId, vault: vault.name, armVault: resources.manage(resourceId) };
    }),
  );
}

function open(
  { vault, armVault }: ManagedVault,
  inputs: AgentAccessInputs,
  azure: Azure,
  ledger: Ledger,
  signal: AbortSignal,
) {
  const { cloud } = azure.connection;
  const dataPlaneOf: OpenParts['dataPlaneOf'] = ({ url, bindsTokens }) =>
    createDataPlane(url, vault, { ...azure, cloud, failureContext: { ...azure.failureContext, bindsTokens } });
  const lookups = inputs.allowPublicIpLookup ? createLookups(azure.client) : [];
  return openVault(inputs, {
    ...{
      vault,
      armVault,
      dataPlaneOf,
      lookups,
      ledger,
      leaseIdOf: ownLeaseId,
      clock,
      log,
      random: Math.random,
      signal,
    },
  });
}

/** The phase `postjobexecution`: close what the other phases have opened. It never fails the job over what it cannot do. */
export async function closeAgentAccess(ledger: Ledger, { signal, limit }: PhaseControl): Promise<PhaseResult> {
  limit(120, closing.timedWork);
  if (ledger.isForged) {
    return closeWithoutRecord(signal);
  }
  const claims = ledger.all();
  const left = (await Promise.all(claims.map((claim) => close(claim, signal)))).flat();
  return closed(
    claims.map(({ resourceId }) => nameOf(resourceId)),
    left,
  );
}

/** Looks on the vaults of the step's inputs for its own leases, which nobody else could have made. */
async function closeWithoutRecord(signal: PhaseSignal): Promise<PhaseResult> {
  log.info(closing.recordForged);
  const inputs = readInputs(stepInputs);
  const names = inputs.vaults.map(({ name }) => name);
  if (!inputs.leased) {
    return { result: 'succeededWithIssues', sentence: names.map(closing.cannotTell).join('\n') };
  }
  const left: string[] = [];
  const attempt = async (name: string, work: () => Promise<void>) => {
    await work().catch((error: unknown) => left.push(`${explain(error).message}\n${closing.cannotTell(name)}`));
  };
  await attempt(names.join(', '), async () => {
    const vaults = await findVaults(inputs, connectAzure(signal), signal);
    const own = ({ resourceId }: ManagedVault) => ({ leaseId: ownLeaseId(resourceId), networks: inputs.networks });
    await Promise.all(
      vaults.map((vault) => attempt(vault.vault, () => closeByLease(own(vault), closeParts(vault, signal)))),
    );
  });
  return closed(names, left);
}

function closed(vaults: readonly string[], left: readonly string[]): PhaseResult {
  return left.length === 0
    ? { result: 'succeeded', sentence: closing.closedResult(vaults) }
    : { result: 'succeededWithIssues', sentence: left.join('\n') };
}

function ownLeaseId(resourceId: string): string {
  return leaseIdOf(readJobKey(), readJob().stepId, resourceId);
}

/** Gives the warning about what is left open; nothing when all is closed. */
async function close(claim: Claim, signal: PhaseSignal): Promise<readonly string[]> {
  const vault = nameOf(claim.resourceId);
  try {
    const azure = connectAzure(signal);
    const resources = createResourceManager({ ...azure, cloud: azure.connection.cloud, signal });
    await closeVault(claim, closeParts({ vault, armVault: resources.manage(claim.resourceId) }, signal));
    return [];
  } catch (error) {
    const { diagnosis } = explain(error);
    if (diagnosis.code === 'AKV-ARM-NOT-FOUND') {
      log.info(closing.vaultGone(vault));
      return [];
    }
    return [`${renderDiagnosis(diagnosis)}\n${closing.leftOpen(vault, claim.rules, closingCommand(claim))}`];
  }
}

function closeParts({ vault, armVault }: Pick<ManagedVault, 'vault' | 'armVault'>, signal: AbortSignal): CloseParts {
  return { vault, armVault, clock, log, random: Math.random, signal };
}

function nameOf(resourceId: string): string {
  return resourceId.split('/').at(-1) ?? resourceId;
}

function namesOf(vaults: readonly ManagedVault[]): string {
  return vaults.map(({ vault }) => vault).join(', ');
}
