import type { Log } from '../../shared/ports';
import { checkMessages as messages } from '../messages/check';
import type { ProfileId } from '../resource-ids/profile-id';
import type { RuleList } from '../ports/profile';
import { mostElements } from '../perimeter/write-rule';
import { isExpired, leasesAmong } from '../protocol/lease';
import { networkOf, type VaultState } from '../protocol/vault-state';

export function describeFirewall(vault: string, state: VaultState, log: Log): void {
  const { publicNetworkAccess, defaultAction } = state.settings;
  log.info(messages.settings(vault, publicNetworkAccess, defaultAction, state.ipRules.map(networkOf)));
  const leases = leasesAmong(state.entries);
  if (leases.length > 0) {
    const expired = leases.filter((lease) => isExpired(lease, state.time)).length;
    log.info(messages.leases(vault, leases.length - expired, expired));
  }
}

export function describeProfile({ title }: ProfileId, { rules }: RuleList, log: Log): void {
  const used = rules.reduce((sum, { elements }) => sum + elements, 0);
  const named = rules.map(({ name, networks }) => messages.profileRule(name, networks));
  log.info(messages.profileRules(title, named, used, mostElements));
}
