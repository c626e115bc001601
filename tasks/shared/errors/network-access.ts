import type { Diagnosis } from './diagnosis';

/**
 * How a vault's network rules refuse an agent. Both tasks use this: for a refusal of the vault, or for its settings.
 */

/**
 * Public network access is disabled: rules for addresses are ignored. `host` is the vault's, e.g. `kv.vault.azure.net`.
 */
export function privateOnly(vault: string, host: string): Diagnosis {
  return {
    code: 'AKV-PRIVATE-ONLY',
    summary: `'${vault}' accepts private endpoints only (public network access is disabled); firewall rules do not help.`,
    cause: `This agent's network has no private endpoint of the vault, or its DNS resolves ${host} to the public address.`,
    remedy: [
      'Run this job on a self-hosted agent or Managed DevOps Pool whose network has a private endpoint of the vault.',
      ...checkPrivateDns(vault, host),
    ],
  };
}

/** The vault detects that the connection does not come through its own private endpoint. */
export function foreignPrivateConnection(vault: string, host: string): Diagnosis {
  return {
    code: 'AKV-PRIVATE-ONLY',
    summary: `'${vault}' does not accept this connection: it does not come through an approved private endpoint of this vault.`,
    cause: `DNS on this agent resolves ${host} to the public address or to the private endpoint of another vault.`,
    remedy: checkPrivateDns(vault, host),
  };
}

function checkPrivateDns(vault: string, host: string): readonly string[] {
  const zone = host.replace(/^[^.]+\.vault\./i, 'privatelink.vaultcore.');
  return [
    `On the agent, nslookup ${host} must return the private IP address of the endpoint. If it does not: link the private DNS zone ${zone} to the agent's network, and check the vault's record in it.`,
    `The endpoint's connection must be Approved: az keyvault show --name ${vault} --query properties.privateEndpointConnections`,
    `If the agent uses a proxy, add ${host} to its .proxybypass file or to NO_PROXY.`,
  ];
}

/** A network security perimeter decides, and none of its access rules allows the agent. */
export function blockedByPerimeter(vault: string): Diagnosis {
  return {
    code: 'AKV-PERIMETER',
    summary: `The network security perimeter of '${vault}' does not allow this agent; the vault's own firewall rules are not used.`,
    remedy: [
      "Use the task KeyVaultAgentAccess@1 with the input 'perimeterProfile', which adds an access rule for this agent while the job runs, or",
      "add an inbound access rule with this agent's IP address to the perimeter's profile, or use an agent inside the perimeter.",
    ],
  };
}

/** The vault sees a subnet instead of an address. `subnet` is its resource id, where known. */
export function throughSubnet(vault: string, subnet?: string): Diagnosis {
  return {
    code: 'AKV-SUBNET',
    summary: `This agent reaches '${vault}' through a service endpoint of ${subnet ?? 'its subnet'}; a rule for its IP address does not help.`,
    cause: `The firewall of '${vault}' has no virtual network rule for this subnet.`,
    remedy: [
      `Once: az keyvault network-rule add --name ${vault} --subnet ${subnet ?? "<resource id of the agent's subnet>"}`,
      'With that rule, KeyVaultAgentAccess is not needed on this agent.',
    ],
  };
}
