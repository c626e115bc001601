/** What the user reads of closing a vault's firewall, and of sweeping what others left open. */
export const closingMessages = {
  timedWork: 'closing the firewall',
  nothingOpened: 'No rule was added; nothing to remove.',
  removed: (vault: string, rule: string) => `Firewall of ${vault}: ${rule} removed.`,
  notThere: (vault: string, rule: string) => `Firewall of ${vault}: ${rule} does not exist, nothing to remove.`,
  stays: (vault: string, rule: string) => `Firewall of ${vault}: ${rule} kept: still in use by others.`,
  recordForged:
    "The record of what this step added cannot be trusted: a variable of this job has the same name as the record (VSTS_TASKVARIABLE_...) or as the job's access token (ENDPOINT_AUTH_...). It is not used.",
  noOwnLease: (vault: string) =>
    `Firewall of ${vault}: no lease of this step was found. If it added a rule, another job or a sweep removes the rule when its lease has expired ('leaseMinutes').`,
  cannotTell: (vault: string) =>
    `Without its record and without leases (coordination: none) this step cannot tell whether it added a rule to the firewall of '${vault}'. To see the rules: az keyvault network-rule list --name ${vault} --query ipRules. To remove one: az keyvault network-rule remove --name ${vault} --ip-address <address>`,
  cannotTellInProfile: (profile: string) =>
    `Profile ${profile} may still have a rule of this step (its name begins with akv-). To see the rules, open the network security perimeter in the Azure portal.`,
  noneExpired: (vault: string) => `Firewall of ${vault}: no expired lease.`,
  expiredRange: (vault: string, range: string, command: string) =>
    `Firewall of ${vault}: the range ${range} has an expired lease. Only the job that added a range removes it. If it is no longer needed: ${command}`,
  swept: (vault: string, rules: readonly string[]) =>
    `Firewall of ${vault}: removed expired rules of jobs that did not clean up: ${rules.join(', ')}.`,
  vaultGone: (vault: string) => `${vault} no longer exists; nothing to remove.`,
  leftOpen: (vault: string, rules: readonly string[], command: string) =>
    `The firewall of '${vault}' may still allow ${rules.join(', ')}. To remove the rule: ${command}`,
  closedResult: (vaults: readonly string[]) => `${vaults.join(', ')}: this agent's rules are removed.`,
};
