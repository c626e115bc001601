/** What the log says while a vault's firewall is opened. */
export const openingMessages = {
  timedWork: 'opening the firewall',
  openToEverybody: (vault: string) =>
    `The firewall of ${vault} is open to everybody (default action Allow): nothing to do.`,
  byPrivateEndpoint: (vault: string) => `This agent reaches ${vault} by a private endpoint: nothing to do.`,
  reachedFrom: (vault: string, addresses: readonly string[], source: string) =>
    `This agent reaches ${vault} from ${addresses.join(', ')} (told by ${source}).`,
  seenFromAsWell: (vault: string, address: string) => `  ${vault} sees this agent from ${address} as well.`,
  coveredAlready: (network: string) =>
    `  ${network} is let in by a rule of somebody else: nothing added, nothing will be removed.`,
  added: (vault: string, networks: readonly string[], lease: string, others: number) =>
    `  Firewall of ${vault}: ${networks.join(', ')} added${lease}; ${others} other rules untouched.`,
  withLease: (id: string, until: string) => `, with lease ${id} until ${until}`,
  sweptOnly: (vault: string) => `  Firewall of ${vault}: swept what jobs that never ended left behind.`,
  tagsRefused: (vault: string, reason: string) =>
    `The tags of '${vault}' cannot hold a lease (${reason}). Going on as with coordination: none. Jobs behind the same address may close the firewall on each other, and what a killed job leaves behind is not swept.`,
  notYetOpen: (vault: string) => `  ${vault} does not let this agent in yet; waiting for the rule to take effect.`,
  answerUnclear: (vault: string, reason: string) => `  ${vault} gave no clear answer: ${reason}.`,
  opened: (vault: string, seconds: string, proof: string, closing: string) =>
    `  ${vault} is open for this agent after ${seconds} s${proof}.${closing}`,
  proven: (passes: number) => `, proven by ${passes} new connections in a row`,
  willClose: ' The post-job step closes it.',
  result: (vaults: string) => `${vaults}: open for this agent.`,
};
