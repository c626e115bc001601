import assert from 'node:assert/strict';
import { createThrottle } from '../../../../tasks/shared/http/throttle';
import { fakeClock } from '../fake-azure';

const host = 'contoso-kv.vault.azure.net';

/** A throttle, and requests that run until the test ends them. */
function open() {
  const clock = fakeClock();
  const throttle = createThrottle({ clock, signal: new AbortController().signal });
  const running: (() => void)[] = [];
  const enter = (where = host) =>
    throttle.enter(where, async () => {
      let end: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      running.push(end);
      await ended;
    });
  const entered: Promise<void>[] = [];
  const start = async (count: number, where = host) => {
    entered.push(...Array.from({ length: count }, () => enter(where)));
    await rest();
  };
  const endAll = async () => {
    running.splice(0).forEach((end) => {
      end();
    });
    await rest();
  };
  return { throttle, clock, start, endAll, running, entered };
}

/** Lets all pending work that does not wait for an external event finish. */
const rest = () => new Promise(setImmediate);

describe('createThrottle', () => {
  it('allows any number of requests until the host throttles', async () => {
    const { start, running } = open();
    await start(100);
    assert.equal(running.length, 100);
  });

  it('lets half as many run at a time once the host has complained, until the last is done', async () => {
    const { throttle, start, running, endAll, entered } = open();
    await start(10);
    throttle.onThrottled(host, 1_000);
    await start(20);
    await endAll();
    while (running.length > 0) {
      assert.ok(running.length <= 5, `${running.length} at a time`);
      await endAll();
    }
    assert.equal(entered.length, 30);
    await Promise.all(entered);
  });

  it('counts requests that were refused together as one', async () => {
    const { throttle, start, running, endAll } = open();
    await start(16);
    for (let refused = 0; refused < 16; refused += 1) {
      throttle.onThrottled(host, 1_000);
    }
    await endAll();
    await start(16);
    assert.equal(running.length, 8);
  });

  it('never lets fewer than two run', async () => {
    const { throttle, clock, start, running, endAll } = open();
    for (let complaint = 0; complaint < 6; complaint += 1) {
      await start(4);
      throttle.onThrottled(host, 1_000);
      clock.pass(1_001);
      while (running.length > 0) await endAll();
    }
    await start(8);
    assert.equal(running.length, 2);
  });

  it('begins nothing before the time that the host requires, and does not slow down other hosts', async () => {
    const { throttle, clock, start, running, endAll } = open();
    throttle.onThrottled(host, 7_000);
    await start(1);
    assert.deepEqual(clock.sleeps, [7_000]);
    await endAll();
    await start(50, 'other-kv.vault.azure.net');
    assert.equal(running.length, 50);
    assert.deepEqual(clock.sleeps, [7_000]);
  });
});
