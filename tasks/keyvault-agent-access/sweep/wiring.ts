import { log } from '../../shared/agent/agent';
import type { PhaseResult } from '../../shared/agent/phase';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { sweepVault } from '../closing/close';
import {
  connectResources,
  findVault,
  requireSubscription,
  vaultsToFind,
  writerParts,
  type Step,
} from '../connection/wiring';
import { reportMessages as messages } from '../messages/report';
import type { ProfileId } from '../resource-ids/profile-id';
import { distinctProfiles } from '../inputs/profile-input';
import { workOnEach, type Target } from '../report/work-on-each';
import { publishReport } from '../report/wiring';
import { parseVaultId } from '../resource-ids/vault-id';
import { VaultGone, type ManagedVault } from '../ports/vault';

/** Sweeps the vaults and profiles of the step. One that fails does not keep the others from being swept. */
export async function sweepAll(step: Step): Promise<PhaseResult> {
  const { inputs, time } = step;
  let removed = 0;
  const count = (result: Swept): readonly string[] => {
    removed += result.removed;
    return [result.cell];
  };
  const ofProfiles = distinctProfiles(inputs).map((profile): Target => {
    const work = async () => count(await sweepProfile(profile, step));
    return { name: messages.profile(profile.title), work };
  });
  const named = vaultsToFind(inputs).map((reference): Target => {
    const work = async () => count(await sweepOne(await findVault(reference, step), step));
    return { name: reference.name, work };
  });
  const found = (inputs.everyVault ? await findLeased(step) : []).map((vault): Target => {
    const work = async () => count(await sweepOne(vault, step).catch(toGone));
    return { name: vault.vault, work };
  });
  const rows = await workOnEach([...ofProfiles, ...named, ...found], time.signal);
  const outcome = messages.sweepOutcome(rows.length, removed);
  return publishReport({ title: messages.sweepTitle, columns: messages.sweepColumns, rows, outcome });
}

interface Swept {
  readonly removed: number;
  /** The result in the table. */
  readonly cell: string;
}

async function sweepProfile(profile: ProfileId, { perimeters }: Step): Promise<Swept> {
  const removed = await perimeters.sweep(profile);
  return { removed, cell: removed === 0 ? messages.noExpired : messages.removedCount(removed) };
}

/** Sweeps the vault's firewall, and the profile with which it is associated where Azure shows one. */
async function sweepOne(vault: ManagedVault, step: Step): Promise<Swept> {
  const { rules, ranges, sideEffect } = await sweepVault(writerParts(vault, step.time));
  const results = [
    ...(rules.length === 0 ? [] : [messages.removedRules(rules)]),
    ...(ranges.length === 0 ? [] : [messages.keptRanges(ranges)]),
  ];
  let removed = rules.length;
  await step.perimeters.ofVault(vault.resourceId, async (profile) => {
    const swept = await sweepProfile(profile, step);
    removed += swept.removed;
    results.push(messages.inProfile(profile.title, swept.cell));
  });
  if (sideEffect !== undefined) {
    throw new DiagnosedError(sideEffect);
  }
  return { removed, cell: results.length === 0 ? messages.noExpired : results.join('; ') };
}

/** The vaults with a lease that the identity can read, in the group of the input `resourceGroupName` if there is one. */
async function findLeased(step: Step): Promise<readonly ManagedVault[]> {
  const resources = connectResources(step);
  const subscription = requireSubscription(step);
  const group = step.inputs.resourceGroup.toLowerCase();
  const ids = await resources.listLeased(subscription);
  const vaults = ids.flatMap((resourceId) => {
    const id = parseVaultId(resourceId);
    const isWanted = id !== undefined && (group === '' || id.resourceGroup.toLowerCase() === group);
    return isWanted ? [{ resourceId, vault: id.name, armVault: resources.manage(resourceId) }] : [];
  });
  if (vaults.length === 0) {
    log.info(messages.noLeases(subscription));
  }
  return vaults;
}

/** Azure may list a vault for a while after it was deleted. */
function toGone(error: unknown): Swept {
  if (!(error instanceof VaultGone)) {
    throw error;
  }
  return { removed: 0, cell: messages.vaultGone };
}
