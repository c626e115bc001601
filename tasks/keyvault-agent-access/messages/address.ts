/** What the user reads of the search for the agent's address. */
export const addressMessages = {
  unknown: (vault: string, problem: string) => ({
    summary: `Cannot open the firewall of '${vault}': ${problem}`,
    remedy: [
      "Give the address or range in the input 'ipAddresses', or",
      "set 'allowPublicIpLookup: true' to ask two public services.",
    ],
  }),
  untold: 'the vault told no address of this agent (a proxy may strip its headers).',
  letInAlready:
    'the vault lets this agent in already, by a rule that another job may take away again, and told no address of it (a proxy may strip its headers).',
  notPublic: (address: string) => `this agent's address is said to be ${address}, which is not public.`,
  unnamedSubnet: 'an unnamed subnet',
  vaultItself: 'the vault itself',
  vaultsRefusal: "the vault's refusal",
  agreeingServices: (count: number) => `${count} public services that agree`,
  servicesDisagree: (told: readonly string[]) =>
    `The public services asked for this agent's address do not agree on one: ${told.join(', ') || 'no answer'}.`,
};
