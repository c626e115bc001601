import { readVaultState, type VaultState } from '../../../tasks/keyvault-agent-access/protocol/vault-state';
import type { VaultResource } from '../../../tasks/keyvault-agent-access/ports/vault';

/** What a test says about a vault; everything else is as in any firewalled vault. */
export interface VaultFacts {
  readonly ipRules?: readonly (string | Readonly<Record<string, unknown>>)[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly networkAcls?: Readonly<Record<string, unknown>>;
  readonly stamp?: string;
}

export const resourceId =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/app-rg/providers/Microsoft.KeyVault/vaults/app-kv';

/** A vault as ARM's GET gives it: default action Deny, with members that the task does not know. */
export function vaultResource({ ipRules = [], tags = {}, ...facts }: VaultFacts = {}): VaultResource {
  return {
    id: resourceId,
    name: 'app-kv',
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    tags,
    systemData: { lastModifiedAt: facts.stamp ?? '2025-12-31T23:00:00.000Z' },
    properties: {
      vaultUri: 'https://app-kv.vault.azure.net/',
      publicNetworkAccess: 'Enabled',
      networkAcls: {
        bypass: 'AzureServices',
        defaultAction: 'Deny',
        ipRules: ipRules.map((rule) => (typeof rule === 'string' ? { value: rule } : rule)),
        virtualNetworkRules: [{ id: '/subscriptions/s/subnets/apps', ignoreMissingVnetServiceEndpoint: false }],
        ...facts.networkAcls,
      },
      ...facts.properties,
    },
  };
}

export function vaultState(facts: VaultFacts = {}): VaultState {
  return readVaultState({ resource: vaultResource(facts), time: newYear });
}

/** 1 January 2026, in milliseconds since 1970. */
export const newYear = Date.UTC(2026, 0, 1);
