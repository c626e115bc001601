const mostListed = 20;

/** The first ones, and how many more there are. */
function listed(texts: readonly string[]): string {
  const more = texts.length - mostListed;
  return [...texts.slice(0, mostListed), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What `action: check` reports about a vault. */
export const checkMessages = {
  settings: (vault: string, publicNetworkAccess: string, defaultAction: string, rules: readonly string[]) =>
    `${vault}: public network access ${publicNetworkAccess}, default action ${defaultAction}, ${rules.length === 0 ? 'no IP rules' : `${plural(rules.length, 'IP rule')}: ${listed(rules)}`}.`,
  leases: (vault: string, live: number, expired: number) =>
    `  Leases of jobs in the tags of ${vault}: ${live} valid, ${expired} expired.`,
  profileRules: (profile: string, rules: readonly string[], used: number, most: number) =>
    `Profile ${profile}: ${rules.length === 0 ? 'no access rules' : `${plural(rules.length, 'access rule')}: ${listed(rules)}`}; ${used} of ${most} rule elements.`,
  profileRule: (name: string, networks: readonly string[]) =>
    networks.length === 0 ? name : `${name} (${listed(networks)})`,
  now: { passed: 'accepts this agent', blocked: 'refuses this agent', unclear: 'no clear answer' },
  nothing: 'nothing',
  allowedAlready: 'nothing: an existing rule allows this agent',
  addRule: (networks: readonly string[]) => `add ${networks.join(', ')} to the firewall`,
  addRuleAndLease: (networks: readonly string[]) => `add ${networks.join(', ')} and a lease to the firewall`,
  shareRule: (networks: readonly string[]) => `add a lease for ${networks.join(', ')}, which another job has added`,
  addProfileRule: (networks: readonly string[], profile: string) =>
    `add an access rule for ${networks.join(', ')} to profile ${profile}`,
  would: (vault: string, what: string) => `  ${vault}: the task would ${what}.`,
  permissionsNeeded: (actions: readonly string[]) => `  Permissions needed: ${actions.join(', ')}.`,
  permissionsUnknown: (reason: string) =>
    `  Azure does not show which permissions this identity has (${reason}). A missing permission is reported only when the rule is added.`,
  noneNeeded: '-',
  sufficient: 'sufficient',
  notVisible: 'not visible',
  limits:
    'Nothing was changed. A check cannot see resource locks and Azure Policy, which can still refuse a change. It also cannot see whether a permission expires.',
  outcome: (count: number) => `${plural(count, 'vault')} checked; nothing was changed.`,
  status: (status: number) => `HTTP ${status}`,
  lacking: (resource: string, actions: readonly string[]) =>
    `The service connection's identity does not have ${actions.join(' and ')} on '${resource}'.`,
};
