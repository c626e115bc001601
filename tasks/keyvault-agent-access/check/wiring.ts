import { log } from '../../shared/agent/agent';
import type { PhaseResult } from '../../shared/agent/phase';
import { entryOf, findVault, openParts, permissionsOf, vaultsToFind, type Step } from '../connection/wiring';
import { checkMessages as messages } from '../messages/check';
import { reportMessages } from '../messages/report';
import { planOpening } from '../opening/open';
import { planInProfile } from '../perimeter/enter';
import type { ProfileId } from '../resource-ids/profile-id';
import { inProfiles } from '../inputs/profile-input';
import type { Plan } from '../opening/plan';
import type { DataPlane } from '../ports/data-plane';
import { readVaultState } from '../protocol/vault-state';
import { workOnEach, type Target } from '../report/work-on-each';
import { publishReport } from '../report/wiring';
import { checkVault } from './check-vault';
import { describeFirewall, describeProfile } from './describe';

/** Reports what opening the vaults of the step would change, by the same plan that opening follows. */
export async function checkAll(step: Step): Promise<PhaseResult> {
  const { inputs, time } = step;
  const { signal } = time;
  const given = inProfiles(inputs).map(({ name, profile }): Target => {
    return { name, work: () => checkInProfile(name, profile, step) };
  });
  const found = vaultsToFind(inputs).map((reference): Target => {
    const work = async () => {
      const vault = await findVault(reference, step);
      const parts = openParts(vault, step);
      const state = readVaultState(await vault.armVault.get(signal));
      describeFirewall(vault.vault, state, log);
      return check(vault.vault, await planOpening(inputs, parts), parts.dataPlaneOf(state), step);
    };
    return { name: reference.name, work };
  });
  const rows = await workOnEach([...given, ...found], signal);
  log.info(messages.limits);
  const { checkColumns: columns, checkTitle: title } = reportMessages;
  return publishReport({ title, columns, rows, outcome: messages.outcome(rows.length) });
}

async function checkInProfile(vault: string, profile: ProfileId, step: Step): Promise<readonly string[]> {
  const entry = entryOf(vault, step);
  return check(vault, await planInProfile(profile, entry), entry.dataPlane, step);
}

async function check(vault: string, plan: Plan, dataPlane: DataPlane, step: Step): Promise<readonly string[]> {
  const { inputs, perimeters, time } = step;
  if (plan.kind === 'perimeter') {
    describeProfile(plan.profile, await perimeters.list(plan.profile), log);
  }
  const permissionsOn = (scope: string) => permissionsOf(scope, step);
  return checkVault(plan, { vault, dataPlane, permissionsOn, leased: inputs.leased, log, signal: time.signal });
}
