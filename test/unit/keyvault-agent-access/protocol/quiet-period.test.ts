import assert from 'node:assert/strict';
import { createQuietPeriod, maxSettleTime } from '../../../../tasks/keyvault-agent-access/protocol/quiet-period';

const at = (time: number, isInPlace = true) => ({ asked: time, answered: time, isInPlace });

describe('quiet-period', () => {
  it('is over when our write is still the last one after 5 s', () => {
    const quiet = createQuietPeriod();
    quiet.observe('s0', at(0));
    quiet.adopt('s1', 1_000);
    assert.equal(quiet.remaining(1_000), 5_000);
    quiet.observe('s1', at(5_999));
    assert.equal(quiet.remaining(5_999), 1);
    quiet.observe('s1', at(6_000));
    assert.equal(quiet.remaining(6_000), 0);
  });

  it('counts only the time between reads of the vault', () => {
    const quiet = createQuietPeriod();
    quiet.adopt('s1', 0);
    assert.equal(quiet.remaining(60_000), 1);
  });

  it('does not count the time that an answer took to arrive', () => {
    const quiet = createQuietPeriod();
    quiet.adopt('s1', 0);
    quiet.observe('s1', { asked: 1_000, answered: 9_000, isInPlace: true });
    assert.notEqual(quiet.remaining(9_000), 0);
  });

  it('starts again when someone else has written', () => {
    const quiet = createQuietPeriod();
    quiet.adopt('s1', 0);
    quiet.observe('s2', at(4_000));
    quiet.observe('s2', at(8_999));
    assert.equal(quiet.remaining(8_999), 1);
    quiet.observe('s2', at(9_000));
    assert.equal(quiet.remaining(9_000), 0);
  });

  it('is never over before anything was seen', () => {
    assert.equal(createQuietPeriod().remaining(1_000_000), 5_000);
  });

  it('is not waited for once every look for 30 s has found our change in place', () => {
    const quiet = createQuietPeriod();
    quiet.adopt('s0', 0);
    for (let time = 2_000; time < maxSettleTime; time += 2_000) {
      quiet.observe(`s${time}`, at(time));
      assert.notEqual(quiet.remaining(time), 0);
    }
    quiet.observe('last', at(maxSettleTime));
    assert.equal(quiet.remaining(maxSettleTime), 0);
  });

  it('restarts these 30 s at a read that did not find it', () => {
    const quiet = createQuietPeriod();
    quiet.adopt('s0', 0);
    quiet.observe('s1', at(20_000, false));
    quiet.observe('s2', at(22_000));
    quiet.observe('s3', at(22_000 + maxSettleTime - 1));
    assert.notEqual(quiet.remaining(22_000 + maxSettleTime - 1), 0);
    quiet.observe('s4', at(22_000 + maxSettleTime));
    assert.equal(quiet.remaining(22_000 + maxSettleTime), 0);
  });
});
