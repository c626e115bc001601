/** Azure Policy assignments that companies use for their vaults, for {@link Population.addPolicy}. */
import { isWithin, parseIpv4Network } from '../vault/network-acls';
import type { Policy } from '../world';
import type { VaultResource } from './vaults';

/**
 * Sets `publicNetworkAccess` to Disabled on any write of a vault, and answers 200: Azure-Samples/azuresandbox issues 556
 * and 564. A vault from before the assignment stays open until its first write.
 *
 * @param exemptTag - a vault with this tag is exempt.
 */
export function disablePublicAccess(scope: string, exemptTag?: string): Policy {
  const isExempt = ({ tags, properties }: VaultResource): boolean =>
    (exemptTag !== undefined && exemptTag in tags) ||
    /^(disabled|securedbyperimeter)$/i.test(properties.publicNetworkAccess);
  const change = (vault: VaultResource): VaultResource =>
    isExempt(vault) ? vault : { ...vault, properties: { ...vault.properties, publicNetworkAccess: 'Disabled' } };
  return { name: 'disable-public-access', scope, effect: 'modify', change };
}

/** Sets `networkAcls.defaultAction` on any write of a vault, and answers 200. */
export function forceDefaultAction(scope: string, defaultAction: 'Allow' | 'Deny'): Policy {
  const change = (vault: VaultResource): VaultResource => {
    const networkAcls = { ...vault.properties.networkAcls, defaultAction };
    return { ...vault, properties: { ...vault.properties, networkAcls } };
  };
  return { name: 'force-default-action', scope, effect: 'modify', change };
}

/** Removes all tags that are not in the list from the write, which is then done without them and answered with 200. */
export function stripUnknownTags(scope: string, knownTags: readonly string[]): Policy {
  const change = (vault: VaultResource): VaultResource => ({
    ...vault,
    tags: Object.fromEntries(Object.entries(vault.tags).filter(([name]) => knownTags.includes(name))),
  });
  return { name: 'strip-unknown-tags', scope, effect: 'modify', change };
}

/**
 * The built-in "Azure Key Vault should have firewall enabled or public network access disabled" 3.2.1 with
 * `restrictIPAddresses: Yes` and the effect Deny (Azure/azure-policy, FirewallEnabled_Audit.json): it refuses every
 * write while any stored rule is outside the allowed ranges, even the removal of a rule.
 */
export function restrictIpAddresses(scope: string, allowedRanges: readonly string[]): Policy {
  const isAllowed = (rule: string): boolean => {
    const network = parseIpv4Network(rule);
    return network !== undefined && allowedRanges.some((range) => isRangeWithin(network, range));
  };
  return {
    name: 'restrict-ip-addresses',
    definition: '55615ac9-af46-4a59-874e-391cc3dfb490',
    scope,
    effect: 'deny',
    matches: ({ properties }) => properties.networkAcls.ipRules.some(({ value }) => !isAllowed(value)),
  };
}

function isRangeWithin([address, length]: NonNullable<ReturnType<typeof parseIpv4Network>>, range: string): boolean {
  const outer = parseIpv4Network(range);
  return outer !== undefined && length >= outer[1] && isWithin(address.toString(), range);
}
