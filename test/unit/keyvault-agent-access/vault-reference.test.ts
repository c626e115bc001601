import assert from 'node:assert/strict';
import { parseVaultReference, type VaultReference } from '../../../tasks/keyvault-agent-access/vault-reference';
import { resourceId } from './vault-fixture';

describe('vault-reference', () => {
  const good: readonly (readonly [string, VaultReference])[] = [
    ['app-kv', { name: 'app-kv' }],
    ['App-KV-2', { name: 'App-KV-2' }],
    ['abc', { name: 'abc' }],
    ['a23456789012345678901234', { name: 'a23456789012345678901234' }],
    ['https://app-kv.vault.azure.net', { name: 'app-kv' }],
    ['https://app-kv.vault.azure.net/', { name: 'app-kv' }],
    ['HTTPS://App-KV.Vault.Azure.CN/', { name: 'App-KV' }],
    ['https://app-kv.vault.usgovcloudapi.net', { name: 'app-kv' }],
    [resourceId, { name: 'app-kv', resourceId }],
    [
      resourceId.replace('Microsoft.KeyVault', 'microsoft.keyvault'),
      { name: 'app-kv', resourceId: resourceId.replace('Microsoft.KeyVault', 'microsoft.keyvault') },
    ],
  ];
  for (const [text, value] of good) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseVaultReference(text), { value });
    });
  }

  const bad = [
    ...['kv', '1kv', 'app--kv', 'app-kv-', 'app_kv', 'a234567890123456789012345', 'app kv'],
    ...['http://app-kv.vault.azure.net', 'https://app-kv.vault.azure.net/secrets/x', 'https://app-kv:8443/'],
    ...[`${resourceId}/secrets/x`, resourceId.replace('vaults', 'managedHSMs'), '/subscriptions/x', 'https://kv/'],
  ];
  for (const text of bad) {
    it(`quotes '${text}', which is no vault`, () => {
      assert.deepEqual(parseVaultReference(text), {
        problem: `'${text}' is no vault name (3 to 24 letters, digits and single dashes), https:// URL or resource id of a vault.`,
      });
    });
  }
});
