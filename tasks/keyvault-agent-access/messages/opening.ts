/** What the log says while a vault's firewall is opened. */
export const openingMessages = {
  timedWork: {
    allow: 'opening the firewall',
    check: 'checking the access of this agent',
    sweep: 'removing expired rules',
  },
  allNetworksAllowed: (vault: string) => `${vault} allows all networks (default action Allow); nothing to do.`,
  byPrivateEndpoint: (vault: string) => `This agent reaches ${vault} through a private endpoint; nothing to do.`,
  reachedFrom: (vault: string, addresses: readonly string[], source: string) =>
    `${vault} sees this agent as ${addresses.join(', ')} (reported by ${source}).`,
  seenFromAsWell: (vault: string, address: string) => `  ${vault} also sees this agent as ${address}.`,
  coveredAlready: (network: string) =>
    `  ${network} is already allowed by an existing rule: nothing added, nothing will be removed.`,
  added: (vault: string, networks: readonly string[], lease: string, others: number) =>
    `  Firewall of ${vault}: ${networks.join(', ')} added${lease}${unchanged(others)}.`,
  withLease: (id: string, until: string) => `, with lease ${id} until ${until}`,
  sweptOnly: (vault: string) => `  Firewall of ${vault}: removed expired rules of jobs that did not clean up.`,
  tagsRefused: (vault: string, reason: string) =>
    `The tags of '${vault}' cannot hold a lease (${reason}). Continuing without coordination: jobs that share this address may remove each other's rule, and the rule of a job that is killed is not removed later.`,
  notYetOpen: (vault: string) => `  ${vault} still refuses this agent; waiting for the rule to take effect.`,
  answerUnclear: (vault: string, reason: string) => `  ${vault} gave no clear answer: ${reason}.`,
  opened: (vault: string, seconds: string, proof: string, closing: string) =>
    `  ${vault} accepts this agent after ${seconds} s${proof}.${closing}`,
  proven: (passes: number) => ` (${passes} new connections in a row)`,
  willClose: ' The post-job step removes the rule.',
  result: (vaults: string) => `${vaults}: this agent is allowed.`,
};

function unchanged(rules: number): string {
  return rules === 0 ? '' : `; ${rules} existing ${rules === 1 ? 'rule' : 'rules'} unchanged`;
}
