import assert from 'node:assert/strict';
import {
  parseVaultId,
  renderVaultId,
  requireVaultId,
} from '../../../../tasks/keyvault-agent-access/resource-ids/vault-id';
import { resourceId } from '../vault-fixture';

describe('resource id', () => {
  it('comes back as it was', () => {
    assert.equal(renderVaultId(requireVaultId(resourceId)), resourceId);
  });

  it('may name a group with letters of any language, and differ in case', () => {
    const id = resourceId.replace('app-rg', 'Größe_(1).x').replace('resourceGroups', 'RESOURCEGROUPS');
    assert.equal(parseVaultId(id)?.resourceGroup, 'Größe_(1).x');
  });

  const others: readonly string[] = [
    resourceId.replace('app-rg', '..'),
    resourceId.replace('app-rg', 'app-rg/../other'),
    resourceId.replace('app-rg', 'app-rg?x='),
    resourceId.replace('app-rg', 'app%2Frg'),
    resourceId.replace('Microsoft.KeyVault', 'Microsoft.Storage'),
    resourceId.replace('/vaults/', '/managedHSMs/'),
    resourceId.replace(/^\/subscriptions\/[^/]+/, '/subscriptions/x'),
    `${resourceId}/`,
    `${resourceId}#`,
    `${resourceId}?api-version=x`,
    `${resourceId}/secrets/x`,
    `https://evil.example${resourceId}`,
    `${resourceId}\n`,
    '',
  ];
  for (const text of others) {
    it(`does not accept as a resource ID: ${JSON.stringify(text)}`, () => {
      assert.equal(parseVaultId(text), undefined);
      assert.throws(() => requireVaultId(text), /AKV-INPUT: .* is not the resource id of a vault/s);
    });
  }
});
