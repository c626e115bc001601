import assert from 'node:assert/strict';
import type { AccessCheck } from '../../../../tasks/keyvault-agent-access/ports/data-plane';
import { createProbe } from '../../../../tasks/keyvault-agent-access/opening/probe';
import { blocked, fakeClock, fakeDataPlane, fakeLog, passed, signal } from '../fake-ports';

function probing(checks: readonly AccessCheck[]) {
  const clock = fakeClock();
  const log = fakeLog();
  const dataPlane = fakeDataPlane([], checks);
  const isAllowed = (address: string) => address === '20.1.2.3';
  return { clock, log, dataPlane, probe: createProbe({ vault: 'app-kv', dataPlane, clock, log, signal, isAllowed }) };
}

const denied = blocked('20.1.2.3');
const unclear: AccessCheck = { kind: 'unclear', reason: 'HTTP 502' };

describe('probe', () => {
  it('reports success after three passes in a row, a second apart', async () => {
    const { probe, dataPlane, clock } = probing([passed]);
    assert.equal(await probe.check(5_000), true);
    assert.equal(dataPlane.checks, 3);
    assert.equal(clock.at, 5_000);
  });

  it('restarts the count after a denial', async () => {
    const { probe, dataPlane } = probing([passed, passed, denied, passed, passed, denied, passed]);
    assert.equal(await probe.check(20_000), true);
    assert.equal(dataPlane.checks, 9);
  });

  it('ignores an unclear answer', async () => {
    const { probe, dataPlane, log } = probing([passed, unclear, passed, unclear, passed]);
    assert.equal(await probe.check(20_000), true);
    assert.equal(dataPlane.checks, 5);
    assert.deepEqual(log.debugLines, ['  app-kv gave no clear answer: HTTP 502.']);
  });

  it('shows a repeated unclear answer once, because it can be the cause of a later timeout', async () => {
    const { probe, log } = probing([unclear]);
    assert.equal(await probe.check(20_000), false);
    assert.deepEqual(log.lines, ['  app-kv gave no clear answer: HTTP 502.']);
  });

  it('stops when the time is over', async () => {
    const { probe, clock } = probing([denied]);
    assert.equal(await probe.check(5_000), false);
    assert.equal(clock.at, 5_000);
  });

  it('never checks more than once a second, also when there is no time to spend', async () => {
    const { probe, dataPlane, clock } = probing([denied]);
    for (let round = 0; round < 5; round += 1) assert.equal(await probe.check(0), false);
    assert.ok(dataPlane.checks <= clock.at / 1_000, `${dataPlane.checks} checks in ${clock.at} ms`);
  });

  it('continues where it stopped', async () => {
    const { probe, dataPlane } = probing([denied, denied, passed]);
    assert.equal(await probe.check(3_000), false);
    assert.equal(await probe.check(3_000), true);
    assert.equal(dataPlane.checks, 5);
  });

  it('does not check again after success, but waits for the time', async () => {
    const { probe, dataPlane, clock } = probing([passed]);
    await probe.check(3_000);
    const before = clock.at;
    assert.equal(await probe.check(4_000), true);
    assert.equal(clock.at, before + 4_000);
    assert.equal(dataPlane.checks, 3);
  });

  it('checks access again after a new change', async () => {
    const { probe, dataPlane } = probing([passed]);
    await probe.check(3_000);
    probe.startOver();
    assert.equal(await probe.check(3_000), true);
    assert.equal(dataPlane.checks, 6);
  });

  it('reports another address immediately, and only once', async () => {
    const { probe, clock } = probing([blocked('20.7.7.7'), passed]);
    assert.equal(await probe.check(5_000), false);
    assert.equal(clock.at, 0);
    assert.equal(probe.takeBlockedAddress(), '20.7.7.7');
    assert.equal(probe.takeBlockedAddress(), undefined);
  });

  it('only waits when the denial names an address that is allowed already, or none', async () => {
    const { probe, log } = probing([denied, blocked(), passed]);
    assert.equal(await probe.check(20_000), true);
    assert.equal(probe.takeBlockedAddress(), undefined);
    assert.deepEqual(log.lines, ['  app-kv still refuses this agent; waiting for the rule to take effect.']);
  });

  it('fails if the vault reports that no rule can help', async () => {
    const diagnosis = { code: 'AKV-PERIMETER' as const, summary: 'a perimeter protects it', remedy: [] };
    await assert.rejects(probing([{ kind: 'refused', diagnosis }]).probe.check(5_000), /AKV-PERIMETER/);
  });
});
