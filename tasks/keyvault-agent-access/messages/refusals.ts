/** Why a vault's firewall cannot be opened for this agent, and what helps instead. */
export const refusalMessages = {
  nothingChanged: 'Nothing was changed.',
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
};
