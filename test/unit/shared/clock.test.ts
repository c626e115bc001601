import assert from 'node:assert/strict';
import sinon from 'sinon';
import { systemClock } from '../../../tasks/shared/clock';

describe('systemClock', () => {
  let time: sinon.SinonFakeTimers;
  beforeEach(() => {
    time = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    time.restore();
  });

  /** The state of a sleep after this many milliseconds. */
  async function stateAfter(milliseconds: number, sleep: Promise<void>): Promise<string> {
    let state = 'asleep';
    sleep.then(
      () => (state = 'awake'),
      (error: unknown) => (state = (error as Error).message),
    );
    await time.tickAsync(milliseconds);
    return state;
  }

  it('ends after the time, not before', async () => {
    const sleep = systemClock.sleep(1_000, new AbortController().signal);
    assert.equal(await stateAfter(999, sleep), 'asleep');
    assert.equal(await stateAfter(1, sleep), 'awake');
  });

  it('does not ignore a time that is too long for a timer', async () => {
    for (const milliseconds of [2 ** 31, 1e15, Number.POSITIVE_INFINITY]) {
      assert.equal(
        await stateAfter(3_600_000, systemClock.sleep(milliseconds, new AbortController().signal)),
        'asleep',
      );
    }
  });

  it('wakes at once with the reason of its signal, and leaves no timer behind', async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(1_000, controller.signal);
    controller.abort(new Error('canceled'));
    assert.equal(await stateAfter(0, sleep), 'canceled');
    assert.equal(time.countTimers(), 0);
  });

  it('does not begin when its signal is aborted already', async () => {
    await assert.rejects(systemClock.sleep(1_000, AbortSignal.abort(new Error('over'))), { message: 'over' });
    assert.equal(time.countTimers(), 0);
  });
});
