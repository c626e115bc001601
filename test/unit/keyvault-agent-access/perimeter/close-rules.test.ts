import assert from 'node:assert/strict';
import { closeOwnRules, closeRule, sweepProfile } from '../../../../tasks/keyvault-agent-access/perimeter/close-rules';
import { toRuleName } from '../../../../tasks/keyvault-agent-access/perimeter/rule-name';
import { azureStart, fakeProfile, ruleParts, unclear } from './fake-profile';

const hour = 3_600_000;
const mine = toRuleName({ expires: azureStart + hour, leaseId: 'mine00' });
const mineToo = toRuleName({ expires: azureStart + 2 * hour, leaseId: 'mine00' });
const expired = toRuleName({ expires: azureStart - hour, leaseId: 'other0' });
const live = toRuleName({ expires: azureStart + hour, leaseId: 'other1' });
const others = { office: ['20.9.0.0/16'], 'akv-office': ['20.8.0.0/16'], [live]: ['20.7.7.7/32'] };
const networks = ['20.1.2.3/32'];

describe('closing a profile', () => {
  it("removes the step's rule and those of jobs that ended without it, and no other", async () => {
    const profile = fakeProfile({ ...others, [mine]: networks, [expired]: networks });
    const { log, parts } = ruleParts(profile);
    await closeRule(mine, 'mine00', parts);
    assert.deepEqual(Object.fromEntries(profile.rules), others);
    assert.deepEqual(log.lines, [
      `Profile contoso-perimeter/shop: rule ${mine} removed.`,
      'Profile contoso-perimeter/shop: removed 1 expired rule of jobs that did not clean up.',
    ]);
  });

  it('removes a rule again if its PUT arrived after the DELETE', async () => {
    const profile = fakeProfile({ ...others });
    const { parts } = ruleParts(profile);
    const list = () => {
      profile.rules.set(mine, networks);
      profile.list = original;
      return original(parts.signal);
    };
    const original = profile.list.bind(profile);
    profile.list = list;
    await closeRule(mine, 'mine00', parts);
    assert.deepEqual(Object.fromEntries(profile.rules), others);
  });

  it('sends each DELETE again until Azure has done it', async () => {
    const profile = fakeProfile({ ...others, [mine]: networks }, (_, count) => (count <= 2 ? unclear : undefined));
    await closeRule(mine, 'mine00', ruleParts(profile).parts);
    assert.deepEqual(Object.fromEntries(profile.rules), others);
  });

  it("finds the step's rules without a record, by its id in their names", async () => {
    const profile = fakeProfile({ ...others, [mine]: networks, [mineToo]: networks });
    const { log, parts } = ruleParts(profile);
    await closeOwnRules('mine00', parts);
    assert.deepEqual(Object.fromEntries(profile.rules), others);
    assert.equal(log.lines.length, 2);
    await closeOwnRules('mine00', parts);
    assert.equal(log.lines.at(-1), 'Profile contoso-perimeter/shop: no rule of this step, nothing to remove.');
  });

  it('removes no rule of others when Azure does not tell the time', async () => {
    const profile = fakeProfile({ [expired]: ['20.1.2.5/32'] });
    profile.azureTime = Number.NaN;
    assert.equal(await sweepProfile(ruleParts(profile).parts), 0);
    assert.deepEqual([...profile.rules.keys()], [expired]);
  });

  it("sweeps by Azure's clock and not by the agent's", async () => {
    const profile = fakeProfile({ ...others, [expired]: networks });
    const { clock, log, parts } = ruleParts(profile);
    clock.at += 8 * hour;
    await sweepProfile(parts);
    assert.deepEqual(Object.fromEntries(profile.rules), others);
    await sweepProfile(parts);
    assert.equal(log.lines.at(-1), 'Profile contoso-perimeter/shop: no expired rule.');
  });
});
