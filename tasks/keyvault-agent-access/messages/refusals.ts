/** Why a vault's firewall cannot be opened for this agent, and what helps instead. */
export const refusalMessages = {
  privateOnly: (vault: string) => ({
    summary: `'${vault}' accepts private endpoints only (public network access is disabled); a firewall rule would not help. Nothing was changed.`,
    remedy: [
      'Run this job on a self-hosted agent or Managed DevOps Pool whose network has a private endpoint of the vault.',
    ],
  }),
  perimeter: (vault: string) => ({
    summary: `A network security perimeter guards '${vault}'; its firewall rules are not used. Nothing was changed.`,
    remedy: [
      "Add an inbound access rule for the agent to the perimeter's profile, or use a self-hosted agent inside it.",
    ],
  }),
  subnet: (vault: string, subnet: string) => ({
    summary: `This agent reaches '${vault}' by a service endpoint of ${subnet}; an IP rule would not help. Nothing was changed.`,
    remedy: [
      `az keyvault network-rule add --name ${vault} --subnet ${subnet}`,
      'Once that rule is there this task is not needed on this agent.',
    ],
  }),
  furtherAddress: (vault: string, address: string, reason: string) => ({
    summary: `'${vault}' sees this agent from ${address}, which ${reason}.`,
    remedy: ["Leave 'ipAddresses' empty to let the vault tell the address, or add this one."],
  }),
  notInInput: "is not in the input 'ipAddresses'",
  notPublic: 'no rule can let in because it is not public',
  tooManyAddresses: (vault: string, addresses: readonly string[]) => ({
    summary: `This agent reaches '${vault}' from too many addresses: ${addresses.join(', ')}.`,
    cause: 'It is behind a pool of addresses that changes with every connection.',
    remedy: [
      "Give the pool's range in the input 'ipAddresses', e.g. 203.0.113.0/28, or use a NAT gateway with one address.",
    ],
  }),
  reverted: (vault: string, times: number) => ({
    summary: `Azure accepted the change to the firewall of '${vault}' but gave back a vault without it, ${times} times.`,
    cause: 'An Azure Policy with the effect "modify" resets networkAcls or tags within the same request.',
    remedy: [
      'Ask whoever owns the policy for an exemption of this vault, or use a private endpoint and a self-hosted agent.',
    ],
  }),
};
