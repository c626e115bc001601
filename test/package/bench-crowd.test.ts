import assert from 'node:assert/strict';
import { runCrowd } from '../../scripts/bench/virtual-crowd';

describe('the crowd of jobs that the benchmark measures in virtual time', () => {
  it('has the write budget back as it refills, however many writes were refused', async () => {
    const { times, counts } = await runCrowd(100, 0, () => 5_000);
    assert.ok(counts.throttled > 0, 'a smaller crowd shows nothing');
    assert.equal(times.length, 100);
  });
});
