import assert from 'node:assert/strict';
import { parseProfileId, parseRuleId, ruleIdOf } from '../../../../tasks/keyvault-agent-access/resource-ids/profile-id';
import { profileId } from '../perimeter/fake-profile';

describe('the resource id of a profile', () => {
  it('is taken apart, in any case of its fixed parts', () => {
    assert.deepEqual(parseProfileId(profileId), {
      id: profileId,
      subscription: '22222222-2222-4222-8222-222222222222',
      group: 'network',
      perimeter: 'contoso-perimeter',
      profile: 'shop',
      title: 'contoso-perimeter/shop',
    });
    assert.equal(parseProfileId(profileId.toUpperCase())?.title, 'CONTOSO-PERIMETER/SHOP');
    assert.ok(parseProfileId(profileId.replace('/network/', '/Größe_(1)_1/').replace(' ', '')));
  });

  for (const [what, text] of [
    ['a perimeter', profileId.replace('/profiles/shop', '')],
    ['an access rule', ruleIdOf(profileId, 'akv-t8vs41-mine00')],
    ['a longer path', `${profileId}/x`],
    ['one with a query', `${profileId}?api-version=1`],
    ['one with a fragment', `${profileId}#x`],
    ['one that goes up', profileId.replace('/shop', '/..')],
    ['one with an escaped slash', profileId.replace('shop', 'shop%2Fx')],
    ['one of another provider', profileId.replace('Microsoft.Network', 'Microsoft.KeyVault')],
    ['one of no subscription', profileId.replace(/22222222-.*?\//, 'mine/')],
    ['a name of more than 80 characters', profileId.replace('/shop', `/${'a'.repeat(81)}`)],
    ['a URL', `https://management.azure.com${profileId}`],
    ['one with a line break', `${profileId}\n`],
  ] as const) {
    it(`is not ${what}`, () => {
      assert.equal(parseProfileId(text), undefined);
    });
  }

  it('is found again in the id of a rule', () => {
    const { profile, name } = parseRuleId(ruleIdOf(profileId, 'akv-t8vs41-mine00'))!;
    assert.deepEqual([profile.id, name], [profileId, 'akv-t8vs41-mine00']);
    assert.equal(parseRuleId(profileId)?.name, undefined);
    assert.equal(parseRuleId(ruleIdOf(profileId, '..')), undefined);
  });
});
