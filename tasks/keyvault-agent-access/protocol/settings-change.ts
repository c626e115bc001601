import type { Diagnosis } from '../../shared/errors/diagnosis';
import { refusalMessages } from '../messages/refusals';
import { cliOptions } from '../resource-ids/vault-id';
import type { VaultState } from './vault-state';

/** The option of `az keyvault update` for each setting. */
const watched = { publicNetworkAccess: '--public-network-access', defaultAction: '--default-action' } as const;

/**
 * What our change to the rules changed besides them: policies with the effect "modify" set a vault's access settings on
 * any write and answer 200, so that adding a rule can close the vault for everyone
 * (Azure-Samples/azuresandbox issues 556 and 564).
 */
export function settingsChange(before: VaultState, after: VaultState): Diagnosis | undefined {
  const changed = (['publicNetworkAccess', 'defaultAction'] as const).filter(
    (name) => before.settings[name].toLowerCase() !== after.settings[name].toLowerCase(),
  );
  if (changed.length === 0) {
    return undefined;
  }
  const changes = changed.map((setting) => ({
    setting,
    option: watched[setting],
    before: before.settings[setting],
    after: after.settings[setting],
  }));
  return { code: 'AKV-ARM-POLICY', ...refusalMessages.settingsChanged(before.name, cliOptions(before.id), changes) };
}
