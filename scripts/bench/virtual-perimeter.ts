import { runProfileSchedule } from '../../test/exploration/perimeter/profile-schedule';
import { seededDraws } from '../../test/exploration/seeded-random';
import { median } from './metered';

/** Jobs, and the minutes over which their starts are spread. */
const crowds = [
  [300, 60],
  [1000, 60],
  [200, 0],
] as const;

export const perimeterHead = [
  'jobs',
  'minutes',
  'open after s (median / longest)',
  'most rules at a time',
  'not open within 900 s',
  'rules left',
];

/**
 * The task's own code for many jobs on one profile in virtual time: jobs of one to ten minutes, a vault with three front
 * ends that apply a rule after 30 to 120 seconds.
 */
export async function measurePerimeterCrowds(): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const [count, minutes] of crowds) {
    rows.push([String(count), String(minutes), ...(await measure(count, minutes))]);
  }
  return rows;
}

async function measure(count: number, minutes: number): Promise<string[]> {
  const draws = seededDraws(count);
  const { jobs, left, mostRules, violation } = await runProfileSchedule({
    jobs: Array.from({ length: count }, (_, index) => ({
      ...{ name: `job ${index}`, address: `20.${index >> 8}.0.${index & 255}`, skew: 0 },
      ...{ start: draws.between(0, minutes * 60_000), hold: draws.between(60_000, 600_000) },
    })),
    foreign: {},
    propagation: { frontEnds: 3, delay: () => draws.between(30_000, 120_000) },
    luck: { write: () => 'answered', frontEnd: () => draws.between(0, 2) },
    draws,
  });
  if (violation !== undefined) {
    throw new Error(violation);
  }
  const opened = jobs.filter((job) => job.opened !== undefined);
  const seconds = (times: readonly number[]) =>
    `${(median(times) / 1000).toFixed(0)} / ${(Math.max(...times) / 1000).toFixed(0)}`;
  return [
    seconds(opened.map((job) => (job.opened ?? 0) - job.plan.start)),
    String(mostRules),
    String(count - opened.length),
    String(left.length),
  ];
}
