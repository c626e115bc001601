import assert from 'node:assert/strict';
import { exploreAll } from './explorer';
import { randomSchedule } from './random-schedule';
import { runSchedule } from './schedule';
import { seededBugs, type SeededBug } from './seeded-bugs';
import { fastJob } from './fast-job';

/** Every bug has to be found within this many schedules; the correct protocol passes ten thousand. */
const mostSchedules = 2_000;

async function findViolation({ plan = (job) => job, stride = 1, variant }: SeededBug): Promise<string | undefined> {
  for (let seed = stride; seed <= mostSchedules * stride; seed += stride) {
    const schedule = randomSchedule(seed, variant);
    const { violation } = await runSchedule({ ...schedule, jobs: schedule.jobs.map(plan) });
    if (violation !== undefined) return violation;
  }
  return undefined;
}

describe('the exploration notices', function () {
  this.timeout(0);
  for (const bug of seededBugs) {
    it(bug.title, async () => {
      assert.match((await findViolation(bug)) ?? 'nothing', bug.breaks);
    });
  }

  it('the missing quiet period also among all schedules of two jobs, and prints the way to it', async () => {
    const [bug] = seededBugs;
    const { violation } = await exploreAll({
      jobs: [fastJob('job 1', '20.0.0.1', 7_000), fastJob('job 2', '20.0.0.2', 3_000)],
      foreignRules: ['30.0.0.0/8'],
      faultBudget: { delays: 1, lostAnswers: 0, jobFaults: [] },
      depth: Infinity,
      variant: bug!.variant,
    });
    assert.match(
      violation ?? 'nothing',
      /^choices \[[\d,]+\]: job \d was reported open and 20\.0\.0\.\d is not allowed\n/,
    );
    assert.match(
      violation ?? '',
      /job \d main writes: rules \[30\.0\.0\.0\/8 20\.0\.0\.\d\/32\] leases \[\w+\], answered/,
    );
    assert.match(violation ?? '', /VIOLATION: job \d was reported open [^\n]*$/);
  });
});
