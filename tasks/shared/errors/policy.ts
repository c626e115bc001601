import type { Diagnosis } from './diagnosis';

/** "Azure Key Vault should have firewall enabled or public network access disabled" (Azure/azure-policy, FirewallEnabled_Audit.json). */
const firewallPolicy = '55615ac9-af46-4a59-874e-391cc3dfb490';

const exemption =
  'Ask the owner of the policy for an exemption for this vault, or use a private endpoint and a self-hosted agent.';

/** A policy denies the change. `said` is Azure's message, which names the policy. */
export function deniedByPolicy(vault: string, said: string): Diagnosis {
  const restrictsAddresses = said.toLowerCase().includes(firewallPolicy);
  return {
    code: 'AKV-ARM-POLICY',
    summary: `Azure Policy denies the change to '${vault}'.`,
    ...(restrictsAddresses
      ? {
          cause:
            "The policy 'Azure Key Vault should have firewall enabled or public network access disabled' limits IP rules to a list (restrictIPAddresses: Yes). It denies every change that leaves a rule outside that list in the vault, and so can also deny the removal of a rule.",
        }
      : {}),
    remedy: [
      exemption,
      ...(restrictsAddresses
        ? [
            "If agents have fixed addresses, they can be added to the policy's parameter allowedIPAddresses: a permanent firewall rule for them is then better than this task.",
          ]
        : []),
    ],
  };
}

/** A policy reverts the change within the same request. */
export function revertedByPolicy(vault: string, times: number): Diagnosis {
  return {
    code: 'AKV-ARM-POLICY',
    summary: `Azure accepted the change to the firewall of '${vault}' but returned the vault without it, ${times} times.`,
    cause: 'An Azure Policy with the effect "modify" resets networkAcls or tags within the same request.',
    remedy: [exemption],
  };
}

/** The vault has the maximum number of tags, or its lease tags are full. */
export function noRoomForLeases(vault: string): Diagnosis {
  return {
    code: 'AKV-ARM-POLICY',
    summary: `The tags of '${vault}' have no room for leases: Azure allows 50 tags.`,
    remedy: ["Remove tags from the vault, or set 'coordination: none'."],
  };
}
