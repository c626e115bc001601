import assert from 'node:assert/strict';
import { openLedger } from '../../../../tasks/keyvault-agent-access/protocol/ledger';
import { createProfileRule } from '../../../../tasks/keyvault-agent-access/perimeter/profile-rule';
import { parseRuleName, toRuleName } from '../../../../tasks/keyvault-agent-access/perimeter/rule-name';
import { fakeMemory } from '../fake-ports';
import { azureStart, diagnosis, fakeProfile, profileId, refused, ruleParts, unclear } from './fake-profile';
import type { FakeProfile } from './fake-profile';

const expired = toRuleName({ expires: azureStart - 3_600_000, leaseId: 'other0' });
const live = toRuleName({ expires: azureStart + 3_600_000, leaseId: 'other1' });
const hundred = Array.from({ length: 100 }, (_, index) => `20.9.${index}.0/24`);

function ruleOf(profile: FakeProfile, memory = fakeMemory(), areGiven = false) {
  const { clock, log, parts } = ruleParts(profile);
  const ledger = openLedger(memory);
  const rule = createProfileRule({ ...parts, profileId, leaseId: 'mine00', leaseMinutes: 390, areGiven, ledger });
  return { rule, clock, log, ledger };
}

describe('the rule of a step in a profile', () => {
  it("ends by Azure's clock, however wrong the agent's is, and is recorded before it is sent", async () => {
    const recorded: string[] = [];
    const memory = fakeMemory();
    const profile = fakeProfile({}, () => {
      recorded.push(
        ...openLedger(memory)
          .all()
          .map(({ resourceId }) => resourceId),
      );
      return undefined;
    });
    const { rule, log } = ruleOf(profile, memory);
    await rule.admit(['20.1.2.3/32']);
    const [name = ''] = profile.rules.keys();
    assert.deepEqual(parseRuleName(name), { expires: azureStart + 390 * 60_000, leaseId: 'mine00' });
    assert.deepEqual(recorded, [`${profileId}/accessRules/${name}`]);
    assert.deepEqual(log.lines, [`  Profile contoso-perimeter/shop: rule ${name} allows 20.1.2.3/32.`]);
  });

  it("ends by the agent's clock when Azure does not tell the time", async () => {
    const profile = fakeProfile();
    profile.azureTime = Number.NaN;
    const { clock, rule } = ruleOf(profile);
    await rule.admit(['20.1.2.3/32']);
    const [name = ''] = profile.rules.keys();
    assert.equal(parseRuleName(name)?.expires, clock.now() + 390 * 60_000);
  });

  it('is one for all vaults of the profile, with the addresses of all, each written once', async () => {
    const profile = fakeProfile();
    const { rule } = ruleOf(profile);
    await Promise.all([
      rule.admit(['20.1.2.3/32']),
      rule.admit(['20.1.2.4/32', '20.1.2.3/32']),
      rule.admit(['20.1.2.3/32']),
    ]);
    assert.deepEqual([...profile.rules.values()], [['20.1.2.3/32', '20.1.2.4/32']]);
    assert.equal(profile.calls.filter((call) => call.startsWith('PUT')).length, 1);
  });

  it('keeps the rule of an earlier attempt of the same step', async () => {
    const [profile, memory] = [fakeProfile(), fakeMemory()];
    await ruleOf(profile, memory).rule.admit(['20.1.2.3/32']);
    profile.azureTime += 60_000;
    await ruleOf(profile, memory).rule.admit(['20.1.2.4/32']);
    assert.deepEqual([...profile.rules.values()], [['20.1.2.4/32']]);
  });

  it('has at most four addresses', async () => {
    const profile = fakeProfile();
    const { rule } = ruleOf(profile);
    await rule.admit(['20.1.2.1/32', '20.1.2.2/32', '20.1.2.3/32', '20.1.2.4/32']);
    await assert.rejects(rule.admit(['20.1.2.5/32']), /AKV-ADDRESS-UNKNOWN: .*too many addresses.*20\.1\.2\.5/s);
    assert.equal([...profile.rules.values()][0]?.length, 4);
  });

  it('has all networks that the user specifies', async () => {
    const profile = fakeProfile();
    await ruleOf(profile, fakeMemory(), true).rule.admit(hundred);
    assert.equal([...profile.rules.values()][0]?.length, 100);
  });

  it('is sent again until Azure has stored it', async () => {
    const profile = fakeProfile({}, (_, count) => (count <= 3 ? unclear : undefined));
    const { rule, log } = ruleOf(profile);
    await rule.admit(['20.1.2.3/32']);
    const puts = profile.calls.filter((call) => call.startsWith('PUT'));
    assert.equal(puts.length, 4);
    assert.equal(new Set(puts).size, 1, 'the same each time');
    assert.equal(log.debugLines.length, 3);
  });

  it('fails with what Azure said last when there is no time for another attempt', async () => {
    const profile = fakeProfile({}, () => unclear);
    const { clock, log, parts } = ruleParts(profile);
    const deadline = { timeLeft: () => 60_000 - clock.at };
    const ledger = openLedger(fakeMemory());
    const more = { profileId, leaseId: 'mine00', leaseMinutes: 390, areGiven: false, ledger };
    const rule = createProfileRule({ ...parts, ...more, deadline });
    await assert.rejects(rule.admit(['20.1.2.3/32']), { diagnosis });
    assert.ok(clock.at < 60_000 && log.debugLines.length > 3);
  });

  it('fails with what Azure says when it is refused and the profile has room', async () => {
    const profile = fakeProfile({ office: hundred }, () => refused);
    await assert.rejects(ruleOf(profile).rule.admit(['20.1.2.3/32']), { diagnosis });
    assert.equal(profile.calls.filter((call) => call.startsWith('PUT')).length, 1);
  });

  describe('in a full profile', () => {
    const full = (others: Readonly<Record<string, readonly string[]>>) => {
      const profile: FakeProfile = fakeProfile(others, (call) => {
        const used = [...profile.rules.values()].flat().length;
        return call.startsWith('PUT') && used >= 200 ? refused : undefined;
      });
      return profile;
    };

    it('replaces rules of jobs that have ended', async () => {
      const profile = full({ office: [...hundred, ...hundred.slice(1)], [expired]: ['20.7.7.7/32'], [live]: [] });
      const { rule, clock, log } = ruleOf(profile);
      await rule.admit(['20.1.2.3/32']);
      assert.deepEqual([profile.rules.has(expired), profile.rules.has(live), profile.rules.size], [false, true, 3]);
      assert.equal(clock.at, 0, 'without waiting');
      assert.match(log.lines.join('\n'), /removed 1 expired rule of jobs that did not clean up/);
    });

    it('waits until another job ends', async () => {
      const profile = full({ office: [...hundred, ...hundred.slice(1)], [live]: ['20.7.7.7/32'] });
      const { rule, clock, log } = ruleOf(profile);
      const sleep = clock.sleep.bind(clock);
      clock.sleep = (...given) => {
        if (clock.at > 60_000) profile.rules.delete(live);
        return sleep(...given);
      };
      await rule.admit(['20.1.2.3/32']);
      assert.ok(clock.at > 60_000);
      assert.equal(log.lines.filter((line) => line.includes('waiting until other jobs end')).length, 1);
    });

    it('reports that no job ended in time', async () => {
      const profile = full({ office: [...hundred, ...hundred] });
      const { clock, parts } = ruleParts(profile);
      const deadline = { timeLeft: () => 60_000 - clock.at };
      const more = {
        profileId,
        leaseId: 'mine00',
        leaseMinutes: 390,
        areGiven: false,
        ledger: openLedger(fakeMemory()),
      };
      const rule = createProfileRule({ ...parts, ...more, deadline });
      await assert.rejects(
        rule.admit(['20.1.2.3/32']),
        /AKV-PERIMETER-FULL: Profile contoso-perimeter\/shop .* 200 of 200/,
      );
    });
  });
});
