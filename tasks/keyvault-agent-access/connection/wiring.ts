import { log } from '../../shared/agent/agent';
import { readJob } from '../../shared/agent/job';
import { readJobKey } from '../../shared/agent/job-key';
import type { PhaseTime } from '../../shared/agent/phase';
import { systemClock as clock } from '../../shared/clock';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import type { Azure } from '../../shared/wiring';
import { findAssociation } from '../adapters/arm-association';
import { createProfileRules } from '../adapters/arm-perimeter';
import { readPermissions } from '../adapters/arm-permissions';
import { createResourceManager, type ResourceManager } from '../adapters/arm-vault';
import { createDataPlane, createLookups } from '../adapters/data-plane';
import type { ServiceParts } from '../adapters/service-parts';
import type { AgentAccessInputs, ManagedVaultReference } from '../inputs/inputs';
import { connectionMessages } from '../messages/connection';
import type { OpenParts } from '../opening/open';
import { planIfPerimeterDecides, type Entry } from '../perimeter/enter';
import { createPerimeters, type Perimeters } from '../perimeter/perimeters';
import { profileFor } from '../inputs/profile-input';
import type { Permissions } from '../ports/permissions';
import type { ManagedVault } from '../ports/vault';
import type { WriterParts } from '../protocol/converge';
import { leaseIdOf } from '../protocol/lease';
import type { Ledger } from '../protocol/ledger';

/** What the vaults of a step share. */
export interface Step {
  readonly inputs: AgentAccessInputs;
  readonly azure: Azure;
  readonly ledger: Ledger;
  readonly perimeters: Perimeters;
  readonly onUse: () => void;
  readonly time: PhaseTime;
}

type Connected = Pick<Step, 'inputs' | 'azure' | 'time'>;

function serviceParts(azure: Azure): ServiceParts {
  return { ...azure, cloud: azure.connection.cloud };
}

export function connectResources({ azure, time }: Pick<Step, 'azure' | 'time'>): ResourceManager {
  return createResourceManager({ ...serviceParts(azure), signal: time.signal });
}

/** The profiles of perimeters, as this service connection can work with them. */
export function connectPerimeters(
  azure: Azure,
  { leaseMinutes, networks }: Pick<AgentAccessInputs, 'leaseMinutes' | 'networks'>,
  ledger: Ledger,
  time: PhaseTime,
): Perimeters {
  const parts = serviceParts(azure);
  return createPerimeters({
    rulesOf: (profile) => createProfileRules(profile, parts),
    associationOf: (vaultId) => findAssociation(vaultId, parts, time.signal),
    leaseIdOf: ownLeaseId,
    ...{ ledger, leaseMinutes, areGiven: networks.length > 0, clock, random: Math.random, log, ...time },
  });
}

/** What the identity may do on a resource. */
export function permissionsOf(scope: string, { azure, time }: Pick<Step, 'azure' | 'time'>): Promise<Permissions> {
  return readPermissions(scope, serviceParts(azure), time.signal);
}

/** The vaults that are not in a profile that the user gave: only these are looked for in Azure Resource Manager. */
export function vaultsToFind({ profiles, vaults }: AgentAccessInputs): readonly ManagedVaultReference[] {
  return vaults.filter(({ name }) => profileFor(name, profiles) === undefined);
}

export function findVaults(step: Connected): Promise<readonly ManagedVault[]> {
  return Promise.all(vaultsToFind(step.inputs).map((vault) => findVault(vault, step)));
}

/** @throws DiagnosedError AKV-ARM-NOT-FOUND when the subscription has no such vault. */
export async function findVault(reference: ManagedVaultReference, step: Connected): Promise<ManagedVault> {
  const resources = connectResources(step);
  const subscriptionId = reference.resourceId === undefined ? requireSubscription(step) : '';
  const resourceId = await resources.findVault(reference, subscriptionId, step.inputs.resourceGroup);
  return { resourceId, vault: reference.name, armVault: resources.manage(resourceId) };
}

/** @throws DiagnosedError AKV-CONNECTION when the scope of the service connection is a management group. */
export function requireSubscription({ azure }: Pick<Step, 'azure'>): string {
  const { subscriptionId = '' } = azure.connection;
  if (subscriptionId === '') {
    throw new DiagnosedError({ code: 'AKV-CONNECTION', ...connectionMessages.noSubscription });
  }
  return subscriptionId;
}

/** What opening a vault takes, or planning that. */
export function openParts(managed: ManagedVault, step: Step): OpenParts {
  const { azure, ledger, time } = step;
  const { resourceId, vault } = managed;
  const dataPlaneOf: OpenParts['dataPlaneOf'] = ({ url, bindsTokens }) =>
    createDataPlane(url, vault, {
      ...serviceParts(azure),
      failureContext: { ...azure.failureContext, bindsTokens },
    });
  const entry = entryOf(vault, step);
  return {
    ...writerParts(managed, time),
    ...{ dataPlaneOf, lookups: entry.lookups, ledger, leaseId: ownLeaseId(resourceId) },
    planThroughPerimeter: (state, dataPlane) => planIfPerimeterDecides(state, { ...entry, dataPlane }),
  };
}

/** The entry to a vault at the address that its name has in the connection's cloud. */
export function entryOf(vault: string, { azure, inputs: settings, perimeters, onUse, time }: Step): Entry {
  const parts = serviceParts(azure);
  const dataPlane = createDataPlane(`https://${vault}.${parts.cloud.vaultSuffix}`, vault, parts);
  const lookups = settings.allowPublicIpLookup ? createLookups(azure.anonymousClient) : [];
  return { vault, dataPlane, settings, lookups, perimeters, onUse, clock, log, signal: time.signal };
}

/** What every change of a vault takes. */
export function writerParts(managed: ManagedVault, time: PhaseTime): WriterParts & ManagedVault {
  return { ...managed, clock, log, random: Math.random, ...time };
}

/** The id of this step's lease on a vault. */
export function ownLeaseId(resourceId: string): string {
  return leaseIdOf(readJobKey(), readJob().stepId, resourceId);
}
