import assert from 'node:assert/strict';
import { exploreAll, type Exploration, type FaultBudget } from './explorer';
import { fastJob } from './fast-job';

const [one, other, third] = ['20.0.0.1', '20.0.0.2', '20.0.0.3'] as const;
const noFaults: FaultBudget = { delays: 0, lostAnswers: 0, jobFaults: [] };
const jobsFrom = (...addresses: readonly string[]) =>
  addresses.map((address, index) => fastJob(`job ${index + 1}`, address, [7_000, 3_000, 5_000][index] ?? 0));

interface Row extends Partial<Exploration> {
  readonly title: string;
  /** A smaller number would mean that the explorer no longer reaches the relevant states. */
  readonly atLeast: number;
}

const rows: readonly Row[] = [
  {
    title: 'two jobs with addresses of their own, a step held back',
    jobs: jobsFrom(one, other),
    faultBudget: { ...noFaults, delays: 1 },
    atLeast: 4_000,
  },
  {
    title: 'two jobs behind one address, a step held back and an answer lost',
    jobs: jobsFrom(one, one),
    faultBudget: { ...noFaults, delays: 1, lostAnswers: 1 },
    atLeast: 14_000,
  },
  {
    title: 'two jobs behind one address, an agent lost and a process killed at any two points',
    jobs: jobsFrom(one, one),
    faultBudget: { ...noFaults, jobFaults: ['agent lost', 'process killed'] },
    atLeast: 8_000,
  },
  {
    title: 'two jobs behind one address, one canceled at any point',
    jobs: jobsFrom(one, one),
    faultBudget: { ...noFaults, jobFaults: ['canceled'] },
    atLeast: 3_000,
  },
  {
    title: 'two jobs, one of whose addresses has a permanent rule',
    jobs: jobsFrom(one, other),
    foreignRules: ['20.0.0.2/32', '30.0.0.0/8'],
    faultBudget: { ...noFaults, delays: 1 },
    atLeast: 100,
  },
  {
    title: 'three jobs, two of them behind one address, varied in the first 16 choices',
    jobs: jobsFrom(one, one, other),
    depth: 16,
    atLeast: 3_000,
  },
  {
    title: 'three jobs with addresses of their own, a step held back, varied in the first 8 choices',
    jobs: jobsFrom(one, other, third),
    faultBudget: { ...noFaults, delays: 1 },
    depth: 8,
    atLeast: 300,
  },
];

describe('exploration of all schedules', function () {
  this.timeout(0);
  for (const { title, atLeast, ...exploration } of rows) {
    it(`keeps every promise with ${title}`, async () => {
      const defaults = { jobs: [], foreignRules: ['30.0.0.0/8'], faultBudget: noFaults, depth: Infinity };
      const { violation, schedules } = await exploreAll({ ...defaults, ...exploration });
      assert.equal(violation, undefined);
      assert.ok(schedules >= atLeast, `only ${schedules} schedules`);
    });
  }
});
