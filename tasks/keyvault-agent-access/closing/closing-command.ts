import type { Claim } from '../protocol/lease';
import { cliOptions } from '../resource-ids/vault-id';

/** The Azure CLI command that finishes by hand what a post-job step could not. Safe to run when nothing is left. */
export function closingCommand({ resourceId, rules }: Pick<Claim, 'resourceId' | 'rules'>): string {
  return rules
    .map((rule) => `az keyvault network-rule remove ${cliOptions(resourceId)} --ip-address ${rule}`)
    .join(' && ');
}
