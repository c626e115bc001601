import { runProfileSchedule } from '../../test/exploration/perimeter/profile-schedule';
import { seededDraws, type Draws } from '../../test/exploration/seeded-random';
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
  const { left, mostRules, times } = await runPerimeterCrowd(count, minutes, (draws) => draws.between(30_000, 120_000));
  return [
    `${median(times).toFixed(0)} / ${Math.max(...times).toFixed(0)}`,
    String(mostRules),
    String(count - times.length),
    String(left),
  ];
}

/** The results of many jobs on one profile. */
export interface PerimeterOutcome {
  /** Seconds from each job's start until it had access, of those that got it. */
  readonly times: readonly number[];
  readonly left: number;
  readonly mostRules: number;
}

/** The jobs' own code on one profile, for a vault whose front ends apply a change after `delay` milliseconds each time. */
export async function runPerimeterCrowd(
  count: number,
  minutes: number,
  delay: (draws: Draws) => number,
): Promise<PerimeterOutcome> {
  const draws = seededDraws(count);
  const { jobs, left, mostRules, violation } = await runProfileSchedule({
    jobs: Array.from({ length: count }, (_, index) => ({
      ...{ name: `job ${index}`, address: `20.${index >> 8}.0.${index & 255}`, skew: 0 },
      ...{ start: draws.between(0, minutes * 60_000), hold: draws.between(60_000, 600_000) },
    })),
    foreign: {},
    propagation: { frontEnds: 3, delay: () => delay(draws) },
    faults: { write: () => 'answered', frontEnd: () => draws.between(0, 2) },
    draws,
  });
  if (violation !== undefined) {
    throw new Error(violation);
  }
  const times = jobs.flatMap(({ opened, plan }) => (opened === undefined ? [] : [(opened - plan.start) / 1000]));
  return { times, left: left.length, mostRules };
}
