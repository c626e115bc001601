import { log, memory, variables } from '../shared/agent/agent';
import { readJob } from '../shared/agent/job';
import { readJobKey } from '../shared/agent/job-key';
import type { PhaseControl, PhaseResult, PhaseTime } from '../shared/agent/phase';
import { stepInputs } from '../shared/agent/step-inputs';
import { readSurroundings } from '../shared/agent/surroundings';
import { systemClock as clock } from '../shared/clock';
import { DiagnosedError } from '../shared/errors/diagnosis';
import { describeIdentity } from '../shared/sign-in/connection';
import { connectAzure, type Azure } from '../shared/wiring';
import { createResourceManager } from './adapters/arm-vault';
import { createDataPlane, createLookups } from './adapters/data-plane';
import { sweepVault, type CloseParts } from './close';
import { readInputs, timeoutForPerimeter, type AgentAccessInputs } from './inputs';
import { closingMessages as closing } from './messages/closing';
import { connectionMessages } from './messages/connection';
import { openingMessages as opening } from './messages/opening';
import { openVault, type OpenParts } from './open';
import { openInProfile, planIfPerimeterDecides, type Entry } from './perimeter/enter';
import type { Perimeters } from './perimeter/perimeters';
import { distinctProfiles, inProfiles, profileFor } from './perimeter/profile-input';
import { connectPerimeters } from './perimeter/wiring';
import type { ArmVault } from './ports';
import { leaseIdOf } from './protocol/lease';
import { openLedger, type Ledger } from './protocol/ledger';
import { signMemory } from './protocol/signed-memory';
import { rememberSurroundings, requireCertainProxy } from './surroundings';

/** A vault of the step: the name as the user reads it, and its port. */
export interface ManagedVault {
  readonly resourceId: string;
  readonly vault: string;
  readonly armVault: ArmVault;
}

/** The work of the phases `prejobexecution` and `execution`: open, or sweep. */
export async function allowAgent(control: PhaseControl): Promise<PhaseResult> {
  const { deadline, limit, signal } = control;
  const time: PhaseTime = { deadline, signal };
  const inputs = readInputs(stepInputs);
  limit(inputs.timeoutInSeconds, opening.timedWork, 'timeoutInSeconds');
  const surroundings = readSurroundings(inputs.proxy);
  const azure = connectAzure({ inputs: stepInputs, surroundings, ...time });
  const { cloud, identity } = azure.connection;
  log.info(connectionMessages.signingIn(cloud.name, describeIdentity(identity)));
  const signed = signMemory(memory, readJobKey());
  const ledger = openLedger(signed);
  const perimeters = connectPerimeters(azure, inputs, ledger, time);
  const vaults = await findVaults(inputs, azure, signal);
  const names = inputs.vaults.map(({ name }) => name);
  if (inputs.action === 'sweep') {
    await Promise.all([
      ...distinctProfiles(inputs).map((profile) => perimeters.sweep(profile)),
      ...vaults.map((vault) => sweep(vault, perimeters, time)),
    ]);
    return { result: 'succeeded', sentence: closing.sweptResult(names.join(', ')) };
  }
  requireCertainProxy(inputs, surroundings, cloud);
  await rememberSurroundings(signed, surroundings);
  const step = { inputs, azure, ledger, perimeters, onUse: createExtension(inputs, limit), time };
  const opened = await Promise.all([
    ...inProfiles(inputs).map(({ name, profile }) => openInProfile(profile, entryOf(name, step))),
    ...vaults.map((vault) => open(vault, step)),
  ]);
  const networks = [...new Set(opened.flat())];
  variables.setOutput({
    name: 'agentIpAddress',
    value: networks.map((network) => network.replace(/\/32$/, '')).join(','),
    secret: false,
  });
  return { result: 'succeeded', sentence: opening.result(names.join(', ')) };
}

/** What the vaults of a step share. */
interface Step {
  readonly inputs: AgentAccessInputs;
  readonly azure: Azure;
  readonly ledger: Ledger;
  readonly perimeters: Perimeters;
  readonly onUse: () => void;
  readonly time: PhaseTime;
}

/** A rule of a perimeter takes longer than the time that is meant for firewalls. */
function createExtension(inputs: AgentAccessInputs, limit: PhaseControl['limit']): () => void {
  let isExtended = timeoutForPerimeter(inputs) === inputs.timeoutInSeconds;
  return () => {
    if (!isExtended) {
      isExtended = true;
      limit(timeoutForPerimeter(inputs), opening.timedWork, 'timeoutInSeconds');
    }
  };
}

/** The vaults that are not in a profile that the user gave: only these are looked for in Azure Resource Manager. */
export async function findVaults(
  inputs: AgentAccessInputs,
  azure: Azure,
  signal: AbortSignal,
): Promise<readonly ManagedVault[]> {
  const { connection } = azure;
  const vaults = inputs.vaults.filter(({ name }) => profileFor(name, inputs.profiles) === undefined);
  const resources = createResourceManager({ ...azure, cloud: connection.cloud, signal });
  const subscriptionId = connection.subscriptionId ?? '';
  if (subscriptionId === '' && vaults.some(({ resourceId }) => resourceId === undefined)) {
    throw new DiagnosedError({ code: 'AKV-CONNECTION', ...connectionMessages.noSubscription });
  }
  return Promise.all(
    vaults.map(async (vault) => {
      const resourceId = await resources.findVault(vault, subscriptionId, inputs.resourceGroup);
      return { resourceId, vault: vault.name, armVault: resources.manage(resourceId) };
    }),
  );
}

function open({ resourceId, vault, armVault }: ManagedVault, step: Step) {
  const { azure, inputs, ledger, time } = step;
  const { cloud } = azure.connection;
  const dataPlaneOf: OpenParts['dataPlaneOf'] = ({ url, bindsTokens }) =>
    createDataPlane(url, vault, { ...azure, cloud, failureContext: { ...azure.failureContext, bindsTokens } });
  const entry = entryOf(vault, step);
  return openVault(inputs, {
    ...{ vault, resourceId, armVault, dataPlaneOf, lookups: entry.lookups, ledger, leaseId: ownLeaseId(resourceId) },
    ...{ clock, log, random: Math.random, ...time },
    planThroughPerimeter: (state, dataPlane) => planIfPerimeterDecides(state, { ...entry, dataPlane }),
  });
}

/** The way to a vault at the address that its name has in the connection's cloud. */
function entryOf(vault: string, { azure, inputs: settings, perimeters, onUse, time }: Step): Entry {
  const { cloud } = azure.connection;
  const dataPlane = createDataPlane(`https://${vault}.${cloud.vaultSuffix}`, vault, { ...azure, cloud });
  const lookups = settings.allowPublicIpLookup ? createLookups(azure.client) : [];
  return { vault, dataPlane, settings, lookups, perimeters, onUse, clock, log, signal: time.signal };
}

async function sweep(vault: ManagedVault, perimeters: Perimeters, time: PhaseTime): Promise<void> {
  const sideEffect = await sweepVault(closeParts(vault, time));
  await perimeters.ofVault(vault.resourceId, (profile) => perimeters.sweep(profile));
  if (sideEffect !== undefined) {
    throw new DiagnosedError(sideEffect);
  }
}

/** What closing and sweeping a vault's firewall takes. */
export function closeParts({ resourceId, vault, armVault }: ManagedVault, time: PhaseTime): CloseParts {
  return { resourceId, vault, armVault, clock, log, random: Math.random, ...time };
}

/** The id of this step's lease on a vault. */
export function ownLeaseId(resourceId: string): string {
  return leaseIdOf(readJobKey(), readJob().stepId, resourceId);
}
