import type { Claim } from './protocol/lease';

/** The Azure CLI command that finishes by hand what a post-job step could not. Safe to run when nothing is left. */
export function closingCommand({ resourceId, rules }: Pick<Claim, 'resourceId' | 'rules'>): string {
  const parts = resourceId.split('/');
  const [subscription = '', group = '', vault = ''] = [parts[2], parts[4], parts[8]];
  const where = `--name ${vault} --resource-group ${group} --subscription ${subscription}`;
  return rules.map((rule) => `az keyvault network-rule remove ${where} --ip-address ${rule}`).join(' && ');
}
