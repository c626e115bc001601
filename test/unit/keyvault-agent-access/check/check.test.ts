import assert from 'node:assert/strict';
import { checkVault } from '../../../../tasks/keyvault-agent-access/check/check-vault';
import { describeFirewall, describeProfile } from '../../../../tasks/keyvault-agent-access/check/describe';
import { missingActions } from '../../../../tasks/keyvault-agent-access/check/missing-actions';
import type { Permissions } from '../../../../tasks/keyvault-agent-access/ports/permissions';
import { parseProfileId } from '../../../../tasks/keyvault-agent-access/resource-ids/profile-id';
import { nothingToDo, type Plan } from '../../../../tasks/keyvault-agent-access/opening/plan';
import type { AccessCheck } from '../../../../tasks/keyvault-agent-access/ports/data-plane';
import { withLeases } from '../../../../tasks/keyvault-agent-access/protocol/lease';
import { readVaultState } from '../../../../tasks/keyvault-agent-access/protocol/vault-state';
import { blocked, fakeDataPlane, fakeLog, passed, signal } from '../fake-ports';
import { profileId } from '../perimeter/fake-profile';
import { newYear, vaultResource, type VaultFacts } from '../vault-fixture';

const profile = parseProfileId(profileId)!;
const all: Permissions = { kind: 'known', permissions: [{ actions: ['*'] }] };
const readOnly: Permissions = { kind: 'known', permissions: [{ actions: ['*/read'] }] };
const mine = '20.1.2.3/32';
const open = () => Promise.reject(new Error('A check opens nothing.'));
const stateOf = (facts: VaultFacts = {}) => readVaultState({ resource: vaultResource(facts), time: newYear });
const firewall = (facts: VaultFacts = {}, networks = [mine]): Plan => ({
  ...{ kind: 'firewall', state: stateOf(facts), networks, open },
});
const perimeter: Plan = { kind: 'perimeter', profile, networks: [mine], open };
const leased = (rule: string) => withLeases({}, [{ rule, expires: newYear + 3_600_000, id: 'other0' }])!;

async function check(plan: Plan, permissions: Permissions = all, answer: AccessCheck = blocked(), isLeased = true) {
  const log = fakeLog();
  const scopes: string[] = [];
  const permissionsOn = (scope: string) => {
    scopes.push(scope);
    return Promise.resolve(permissions);
  };
  const dataPlane = fakeDataPlane([], [answer]);
  const cells = await checkVault(plan, { vault: 'app-kv', dataPlane, permissionsOn, leased: isLeased, log, signal });
  return { cells, log, scopes };
}

describe('the check of a vault', () => {
  it('shows what would be added to its firewall', async () => {
    const { cells, log, scopes } = await check(firewall({ ipRules: ['30.0.0.0/8'] }));
    assert.deepEqual(cells, ['refuses this agent', 'add 20.1.2.3/32 and a lease to the firewall', 'sufficient']);
    assert.deepEqual(scopes, [stateOf().id]);
    assert.match(log.lines[0]!, /app-kv: the task would add 20\.1\.2\.3\/32 and a lease to the firewall\./);
    const bare = await check(firewall(), all, blocked(), false);
    assert.equal(bare.cells[1], 'add 20.1.2.3/32 to the firewall');
  });

  it('reports that an existing rule of others is enough, and needs no permissions then', async () => {
    const { cells, scopes } = await check(firewall({ ipRules: ['20.0.0.0/8'] }), readOnly, passed);
    assert.deepEqual(cells, ['accepts this agent', 'nothing: an existing rule allows this agent', '-']);
    assert.deepEqual(scopes, []);
    const shared = { ipRules: [mine], tags: leased(mine) };
    assert.match((await check(firewall(shared))).cells[1]!, /^add a lease for 20\.1\.2\.3\/32, which another job/);
    assert.match((await check(firewall(shared), all, passed, false)).cells[1]!, /^nothing/);
  });

  it('shows what would be added to a profile', async () => {
    const { cells, scopes } = await check(perimeter);
    assert.match(cells[1]!, /^add an access rule for 20\.1\.2\.3\/32 to profile /);
    assert.deepEqual(scopes, [profile.id]);
  });

  it('requests no permissions if there is nothing to do', async () => {
    const { cells, scopes } = await check(nothingToDo, readOnly, passed);
    assert.deepEqual([cells, scopes], [['accepts this agent', 'nothing', '-'], []]);
    assert.equal((await check(nothingToDo, all, { kind: 'unclear', reason: 'x' })).cells[0], 'no clear answer');
  });

  it('fails with the commands that help if a permission is missing', async () => {
    await assert.rejects(check(firewall(), readOnly), /AKV-ARM-ACCESS: .*vaults\/write on 'app-kv'.*--scope \//s);
    await assert.rejects(
      check(perimeter, readOnly),
      /AKV-ARM-ACCESS: .*access rules of profile .*accessRules\/delete/s,
    );
  });

  it('reports that the permissions are not visible', async () => {
    const { cells, log } = await check(firewall(), { kind: 'unknown', reason: 'AuthorizationFailed' });
    assert.equal(cells[2], 'not visible');
    assert.match(log.lines.at(-1)!, /does not show which permissions this identity has \(AuthorizationFailed\)/);
  });
});

describe('missing actions', () => {
  const write = 'Microsoft.KeyVault/vaults/write';
  const rows: [string, Parameters<typeof missingActions>[1], boolean][] = [
    ['are there by name, in any case', [{ actions: ['microsoft.keyvault/VAULTS/write'] }], true],
    ['are there by a wildcard', [{ actions: ['Microsoft.KeyVault/*'] }], true],
    ['are there by one of several roles', [{ actions: [] }, { actions: ['*'] }], true],
    ['are not there when the same role excludes them', [{ actions: ['*'], notActions: ['*/write'] }], false],
    ['are there when only another role excludes them', [{ notActions: ['*'] }, { actions: ['*/write'] }], true],
    ['are not there by a part of a name', [{ actions: ['Microsoft.KeyVault/vaults/writ'] }], false],
    ['are not there by a name with other punctuation', [{ actions: ['MicrosoftXKeyVault/vaults/write'] }], false],
    [
      'are not there by a pattern whose dot would match any letter',
      [{ actions: ['Microsoft.KeyVault.vaults.write'] }],
      false,
    ],
    ['are not there without roles', [], false],
  ];
  for (const [title, permissions, isThere] of rows) {
    it(title, () => {
      assert.deepEqual(missingActions([write], permissions), isThere ? [] : [write]);
    });
  }
});

describe('the description of what is there', () => {
  it('names settings, rules and leases of a vault', () => {
    const log = fakeLog();
    const ipRules = Array.from({ length: 23 }, (_, index) => `20.9.${index}.0/24`);
    describeFirewall('app-kv', stateOf({ ipRules, tags: leased(mine) }), log);
    assert.match(
      log.lines[0]!,
      /^app-kv: public network access Enabled, default action Deny, 23 IP rules: 20\.9\.0\.0/,
    );
    assert.match(log.lines[0]!, /20\.9\.19\.0\/24, and 3 more\.$/);
    assert.equal(log.lines[1], '  Leases of jobs in the tags of app-kv: 1 valid, 0 expired.');
    describeFirewall('app-kv', stateOf(), log);
    assert.match(log.lines[2]!, /default action Deny, no IP rules\.$/);
    assert.equal(log.lines.length, 3);
  });

  it('names the rules of a profile, and how full it is', () => {
    const log = fakeLog();
    const rules = [
      { name: 'office', networks: ['198.51.100.0/24'], elements: 1 },
      { name: 'cloud', networks: [], elements: 2 },
    ];
    describeProfile(profile, { rules, azureTime: newYear }, log);
    describeProfile(profile, { rules: [], azureTime: newYear }, log);
    assert.match(log.lines[0]!, /: 2 access rules: office \(198\.51\.100\.0\/24\), cloud; 3 of 200 rule elements\.$/);
    assert.match(log.lines[1]!, /: no access rules; 0 of 200 rule elements\.$/);
  });
});
