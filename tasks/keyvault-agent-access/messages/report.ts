/** What a sweep or a check reports of all its vaults. */
export const reportMessages = {
  sweepTitle: 'Key Vault sweep',
  checkTitle: 'Key Vault access check',
  target: 'vault',
  profile: (title: string) => `profile ${title}`,
  problem: 'problem',
  sweepColumns: ['result'],
  checkColumns: ['now', 'what the task would do', 'permissions'],
  failedCell: (code: string) => `failed: ${code}`,
  failed: (name: string, code: string) => `${name} (${code})`,
  failures: (title: string, named: readonly string[], all: number) => ({
    summary: `${title}: ${named.length} of ${all} failed: ${named.join(', ')}.`,
    remedy: ['The warnings above say what to do for each. What succeeded is done.'],
  }),
  noLeases: (subscription: string) =>
    `No vault of subscription ${subscription} that this identity can read has a lease (tag KvAgentAccess): nothing to sweep.`,
  noExpired: 'no expired rule',
  removedRules: (rules: readonly string[]) => `removed ${rules.join(', ')}`,
  removedCount: (count: number) => `removed ${expired(count)}`,
  keptRanges: (ranges: readonly string[]) => `kept ${ranges.join(', ')}: remove it by hand`,
  inProfile: (title: string, result: string) => `profile ${title}: ${result}`,
  vaultGone: 'no longer exists',
  sweepOutcome: (targets: number, removed: number) =>
    `${removed === 0 ? 'No expired rule' : expired(removed)} removed from ${targets} ${targets === 1 ? 'vault or profile' : 'vaults and profiles'}.`,
};

function expired(count: number): string {
  return `${count} expired ${count === 1 ? 'rule' : 'rules'}`;
}
