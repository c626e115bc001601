import assert from 'node:assert/strict';
import {
  distinctProfiles,
  findLineProblems,
  inProfiles,
  parseProfileLine,
  profileFor,
  type ProfileLine,
} from '../../../../tasks/keyvault-agent-access/inputs/profile-input';
import { profileId } from '../perimeter/fake-profile';

const bank = profileId.replace(/shop$/, 'bank');
const linesOf = (...texts: string[]): ProfileLine[] =>
  texts.flatMap((text) => {
    const parsed = parseProfileLine(text);
    return 'value' in parsed ? [parsed.value] : [];
  });

describe("the input 'perimeterProfile'", () => {
  it('is one profile for all vaults', () => {
    const lines = linesOf(profileId);
    assert.deepEqual([profileFor('a-kv', lines)?.id, profileFor('b-kv', lines)?.id], [profileId, profileId]);
  });

  it('is one for each vault, in any case, and none for a vault without a line', () => {
    const lines = linesOf(`Shop-kv: ${profileId}`, `bank-kv:${bank}`);
    const ids = ['shop-kv', 'BANK-KV', 'legacy-kv'].map((vault) => profileFor(vault, lines)?.id);
    assert.deepEqual(ids, [profileId, bank, undefined]);
  });

  it('is one for some vaults and another one for all others', () => {
    const lines = linesOf(profileId, `bank-kv: ${bank}`);
    assert.deepEqual([profileFor('bank-kv', lines)?.id, profileFor('shop-kv', lines)?.id], [bank, profileId]);
  });

  for (const text of ['contoso/shop', `${profileId}/x`, `shop kv: ${profileId}`, 'shop-kv:', `a: b: ${profileId}`]) {
    it(`is not '${text.slice(0, 30)}', which is quoted`, () => {
      const parsed = parseProfileLine(text);
      assert.ok('problems' in parsed && parsed.problems[0]!.startsWith(`'${text}' is not the resource ID`));
    });
  }

  it('names each vault of the step once at most, and no other', () => {
    const problemsOf = (...texts: string[]) => findLineProblems(linesOf(...texts), ['Shop-kv', 'bank-kv']);
    assert.deepEqual(problemsOf(profileId, `bank-kv: ${bank}`), []);
    assert.deepEqual(problemsOf(`other-kv: ${bank}`), ["'other-kv' is not a vault of this step ('keyVault')."]);
    assert.deepEqual(problemsOf(profileId, bank), ['more than one profile is given without the name of a vault.']);
    assert.deepEqual(problemsOf(`shop-kv: ${bank}`, `SHOP-kv: ${profileId}`), ["'shop-kv' is given twice."]);
  });

  it('gives all profiles for every vault, also those without the name of one', () => {
    const profiles = linesOf(profileId, bank, `shop-kv: ${bank}`);
    const ids = distinctProfiles({ vaults: [], profiles, everyVault: true }).map(({ id }) => id);
    assert.deepEqual(ids, [profileId, bank]);
  });

  it('gives the vaults that have one, and each profile once', () => {
    const profiles = linesOf(`shop-kv: ${profileId}`, `bank-kv: ${bank}`, `till-kv: ${profileId.toUpperCase()}`);
    const vaults = ['shop-kv', 'legacy-kv', 'bank-kv', 'till-kv'].map((name) => ({ name }));
    const named = inProfiles({ vaults, profiles }).map(({ name }) => name);
    assert.deepEqual(named, ['shop-kv', 'bank-kv', 'till-kv']);
    const ids = distinctProfiles({ vaults, profiles, everyVault: false }).map(({ id }) => id.toLowerCase());
    assert.deepEqual(ids, [profileId.toLowerCase(), bank.toLowerCase()]);
  });
});
