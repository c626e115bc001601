import assert from 'node:assert/strict';
import { networkOf, readVaultState, type Exposure } from '../../../../tasks/keyvault-agent-access/protocol/vault-state';
import { newYear, resourceId, vaultResource, vaultState, type VaultFacts } from '../vault-fixture';

describe('vault-state', () => {
  const exposures: readonly (readonly [string, VaultFacts, Exposure])[] = [
    ['default action Deny', {}, 'firewalled'],
    ['default action Deny in lower case', { networkAcls: { defaultAction: 'deny' } }, 'firewalled'],
    ['default action Allow', { networkAcls: { defaultAction: 'Allow' } }, 'open'],
    ['no networkAcls at all', { properties: { networkAcls: undefined } }, 'open'],
    ['networkAcls null', { properties: { networkAcls: null } }, 'open'],
    ['public access Disabled', { properties: { publicNetworkAccess: 'Disabled' } }, 'private'],
    ['public access disabled', { properties: { publicNetworkAccess: 'disabled' } }, 'private'],
    ['public access SecuredByPerimeter', { properties: { publicNetworkAccess: 'SecuredByPerimeter' } }, 'perimeter'],
    ['no publicNetworkAccess', { properties: { publicNetworkAccess: undefined } }, 'firewalled'],
  ];
  for (const [title, facts, exposure] of exposures) {
    it(`calls a vault with ${title} ${exposure}`, () => {
      assert.equal(vaultState(facts).exposure, exposure);
    });
  }

  it('reads who the vault is, without the slash at the end of its URL', () => {
    const { id, name, url } = vaultState();
    assert.deepEqual({ id, name, url }, { id: resourceId, name: 'app-kv', url: 'https://app-kv.vault.azure.net' });
  });

  it('returns empty values for a vault without properties', () => {
    const { id, name, url, ipRules, tags, networkAcls } = readVaultState({ resource: {}, time: newYear });
    assert.deepEqual(
      { id, name, url, ipRules, tags, networkAcls },
      { ...blank, ipRules: [], tags: {}, networkAcls: {} },
    );
  });
  const blank = { id: '', name: '', url: '' };

  it('keeps rules raw, and reads their networks', () => {
    const rule = { value: '20.1.2.3', comment: 'office' };
    const { ipRules } = vaultState({ ipRules: [rule, { service: 'x' }] });
    assert.deepEqual(ipRules, [rule, { service: 'x' }]);
    assert.deepEqual(ipRules.map(networkOf), ['20.1.2.3', '']);
  });

  it('has another stamp after a write', () => {
    assert.notEqual(vaultState({ stamp: 'a' }).stamp, vaultState({ stamp: 'b' }).stamp);
  });

  it('has another stamp after a visible change even if the API returns no time', () => {
    const stampOf = (facts: VaultFacts) =>
      readVaultState({ resource: { ...vaultResource(facts), systemData: undefined }, time: newYear }).stamp;
    assert.notEqual(stampOf({ ipRules: [] }), stampOf({ ipRules: ['20.1.2.3/32'] }));
    assert.equal(stampOf({}), stampOf({}));
  });
});
