/** What the user reads of the search for the agent's address. */
export const addressMessages = {
  unknown: (vault: string, problem: string) => ({
    summary: `Cannot open the firewall of '${vault}': ${problem}`,
    remedy: [
      "Give the address or range in the input 'ipAddresses', or",
      "set 'allowPublicIpLookup: true' to ask two public services.",
    ],
  }),
  notReported: "the vault did not report this agent's address (a proxy may remove its headers).",
  allowedAlready:
    'the vault already accepts this agent, by a rule that another job may remove, and did not report its address (a proxy may remove its headers).',
  notPublic: (address: string) => `this agent's address is reported as ${address}, which is not public.`,
  unnamedSubnet: 'an unnamed subnet',
  vaultItself: 'the vault itself',
  vaultsRefusal: "the vault's refusal",
  agreeingServices: (count: number) => `${count} public services that agree`,
  servicesDisagree: (addresses: readonly string[]) =>
    `The public services asked for this agent's address do not agree on one: ${addresses.join(', ') || 'no answer'}.`,
};
