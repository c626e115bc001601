/** What the task needs on a profile. */
export const ruleActions = ['read', 'write', 'delete'].map(
  (action) => `Microsoft.Network/networkSecurityPerimeters/profiles/accessRules/${action}`,
);

const exemption =
  "Ask the owner of the policy for an exemption for this profile, or set another profile in 'perimeterProfile'.";

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The log, and failures of access rules. `profile` is `perimeter/profile`, as the user reads it. */
export const perimeterMessages = {
  byInput: (vault: string, profile: string) =>
    `${vault}: using the network security perimeter profile ${profile} (set in 'perimeterProfile').`,
  byAssociation: (vault: string, profile: string, mode: string) =>
    `${vault}: using the network security perimeter profile ${profile}, with which the vault is associated (access mode ${mode}).`,
  allowedAlready: (vault: string) => `${vault} accepts this agent already: nothing to do.`,
  firewallDecides: (vault: string, profile: string, mode: string) =>
    `${vault} is associated with the network security perimeter profile ${profile} (access mode ${mode}), which leaves the decision to the vault's firewall: using that.`,
  issues: (vault: string, issues: readonly string[]) =>
    `Azure reports a problem with the network security perimeter of '${vault}': ${issues.join(' ')} Until it is solved, access rules may not take effect.`,
  added: (profile: string, networks: readonly string[], rule: string) =>
    `  Profile ${profile}: rule ${rule} allows ${networks.join(', ')}.`,
  takesTime: (vault: string) =>
    `  ${vault} takes over access rules of its perimeter within 1 to 15 minutes; checking until it accepts this agent.`,
  opened: (vault: string, seconds: string, proof: string) =>
    `  ${vault} accepts this agent after ${seconds} s${proof}. The post-job step removes the rule.`,
  removed: (profile: string, rule: string) => `Profile ${profile}: rule ${rule} removed.`,
  noOwnRule: (profile: string) => `Profile ${profile}: no rule of this step, nothing to remove.`,
  swept: (profile: string, count: number) =>
    `Profile ${profile}: removed ${plural(count, 'expired rule')} of jobs that did not clean up.`,
  noneExpired: (profile: string) => `Profile ${profile}: no expired rule.`,
  uncertain: (profile: string, reason: string) =>
    `Profile ${profile}: could not confirm the change (${reason}); trying again.`,
  noRoom: 'the profile is full',
  waitingForRoom: (profile: string, most: number) =>
    `  Profile ${profile} has the ${most} rule elements that Azure allows; waiting until other jobs end.`,
  leftOpen: (profile: string, rule: string, command: string) =>
    `Profile ${profile} may still have the rule ${rule}. To remove it: ${command}`,
  full: (profile: string, used: number, most: number) => ({
    summary: `Profile ${profile} of the network security perimeter is full: it has ${used} of ${most} rule elements, and none of them has expired.`,
    cause: 'Each job has one element for each of its addresses. Azure allows no more in one profile.',
    remedy: [
      "Use further profiles for some of the vaults (input 'perimeterProfile'), or run fewer jobs at the same time, or",
      'give agents with a fixed address one permanent rule.',
    ],
  }),
  tooManyAddresses: (profile: string, addresses: readonly string[]) => ({
    summary: `This agent has too many addresses for profile ${profile}: ${addresses.join(', ')}.`,
    cause: 'It is behind a pool of addresses that changes with every connection.',
    remedy: [
      "Give the pool's range in the input 'ipAddresses', for example 203.0.113.0/28, or use a NAT gateway with one address.",
    ],
  }),
};

/** What Azure Resource Manager refuses about access rules. */
export const perimeterRefusals = {
  unauthorized: (profile: string, subscription: string, scope: string, assignee: string) => ({
    summary: `The service connection's identity is not authorized to manage the access rules of profile ${profile}.`,
    remedy: [
      `Once in the Microsoft Entra tenant: az role definition create --role-definition '${JSON.stringify({
        Name: 'Network Security Perimeter Rule Operator',
        Actions: ruleActions,
        AssignableScopes: [`/subscriptions/${subscription}`],
      })}'`,
      `If the tenant has that role for other subscriptions: az role definition list --name "Network Security Perimeter Rule Operator" shows it; update it with "/subscriptions/${subscription}" added to its AssignableScopes.`,
      `az role assignment create --role "Network Security Perimeter Rule Operator" ${assignee} --scope ${scope}`,
    ],
  }),
  policy: (profile: string) => ({
    summary: `Azure Policy denies the access rule in profile ${profile}.`,
    remedy: [exemption],
  }),
  changedByPolicy: (profile: string) => ({
    summary: `Azure accepted the access rule in profile ${profile} but returned it without this agent's address.`,
    cause: 'An Azure Policy with the effect "modify" changes access rules within the same request.',
    remedy: [exemption],
  }),
  locked: (profile: string, scope: string) => ({
    summary: `A lock prevents changes to the access rules of profile ${profile}.`,
    cause: 'A ReadOnly lock stops rules from being added. A CanNotDelete lock stops them from being removed.',
    remedy: [`To find it: az lock list --resource ${scope} --output table. Its owner has to remove it.`],
  }),
  missing: (profile: string) => ({
    summary: `The network security perimeter profile ${profile} does not exist or is not accessible to this identity.`,
    remedy: [
      "Compare 'perimeterProfile' with: az resource list --resource-type Microsoft.Network/networkSecurityPerimeters --output table",
    ],
  }),
  conflict: (profile: string) => ({
    summary: `Others kept changing profile ${profile} at the same time.`,
    remedy: ['Run the job again; run fewer jobs that use this profile at the same time.'],
  }),
  notProvisioned: (profile: string, rule: string, state: string) => ({
    summary: `Azure could not put the access rule ${rule} of profile ${profile} into effect: its provisioning state is ${state}.`,
    remedy: [
      'Look at the perimeter in the Azure portal (Profiles, Associated resources), solve what it reports, and run the job again.',
    ],
  }),
};

/** Why a vault in or behind a perimeter cannot be opened. */
export const wayMessages = {
  unassociated: (vault: string) => ({
    summary: `'${vault}' is secured by a network security perimeter but is associated with none. No rule can help. Nothing was changed.`,
    remedy: [
      `Associate it: in the Azure portal, open the perimeter, Associated resources, Add, or: az network perimeter association create --help`,
      'Then run the job again.',
    ],
  }),
  unknown: (vault: string, reason: string) => ({
    summary: `A network security perimeter protects '${vault}', and Azure does not show this identity which one (${reason}). Nothing was changed.`,
    remedy: [
      `Set 'perimeterProfile' to the resource id of the profile with which the vault is associated. In the Azure portal, the vault shows it under Networking, Network security perimeter.`,
    ],
  }),
  mayBeInPerimeter: (reason: string) =>
    `If the vault is in a network security perimeter, which Azure does not show this identity (${reason}): set 'perimeterProfile'.`,
  noTelling: {
    notOffered: 'Azure does not offer this information here',
    refused: (code: string) => `Azure answered ${code}`,
    unreadable: 'the answer names no profile',
  },
};

/** What the user reads of the input `perimeterProfile`. A problem continues `Input 'perimeterProfile': `. */
export const profileInputMessages = {
  noProfile: (text: string) =>
    `'${text}' is not the resource ID of a profile (/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/networkSecurityPerimeters/<perimeter>/profiles/<profile>), nor one behind the name of a vault and a colon.`,
  noSuchVault: (vault: string) => `'${vault}' is not a vault of this step ('keyVault').`,
  givenTwice: (vault: string) =>
    vault === '' ? 'more than one profile is given without the name of a vault.' : `'${vault}' is given twice.`,
};
