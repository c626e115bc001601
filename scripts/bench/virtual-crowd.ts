import { withdraw, type Bucket } from '../../simulation/azure/http/token-bucket';
import { timedAgenda } from '../../test/exploration/agenda';
import type { JobPlan, Variant } from '../../test/exploration/job';
import type { Timing } from '../../test/exploration/process-ports';
import { runSchedule } from '../../test/exploration/schedule';
import { seededDraws, type Draws } from '../../test/exploration/seeded-random';
import { median } from './metered';

/** Jobs, and the minutes over which their starts are spread. */
const crowds = [
  [300, 60],
  [1000, 60],
  [1000, 480],
] as const;

/** Azure Resource Manager's write budget of one service principal: 200 requests, refilled at 10 a second. */
const budget = { capacity: 200, refillPerSecond: 10 };

const timing: Timing = {
  read: { least: 50, most: 100 },
  readAnswer: { least: 20, most: 50 },
  begin: { least: 20, most: 60 },
  commit: { least: 150, most: 400 },
  answer: { least: 20, most: 60 },
  record: { least: 1, most: 2 },
  dataPlane: { least: 20, most: 60 },
};

/** The task's own code for many jobs on one vault in virtual time; every job has an address and the usual time limits. */
export async function measureVirtualCrowds(): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const [jobs, minutes] of crowds) {
    rows.push([String(jobs), String(minutes), ...(await measure(jobs, minutes))]);
  }
  return rows;
}

async function measure(count: number, minutes: number): Promise<string[]> {
  const { counts, notClosed, times } = await runCrowd(count, minutes, (draws) => draws.between(0, 5_000));
  const perJob = (number: number) => (number / count).toFixed(2);
  return [
    perJob(counts.writes),
    perJob(counts.conflicts),
    String(counts.throttled),
    `${median(times).toFixed(1)} / ${Math.max(...times).toFixed(1)}`,
    `${count - times.length}`,
    `${notClosed}`,
  ];
}

/** The results of many jobs on one vault. */
export interface CrowdOutcome {
  /** Seconds from each job's beginning until it had access, of those that got it. */
  readonly times: readonly number[];
  readonly counts: { readonly writes: number; readonly conflicts: number; readonly throttled: number };
  readonly notClosed: number;
}

/** The jobs' own code on one vault whose front ends apply a change after `delay` milliseconds each time. */
export async function runCrowd(count: number, minutes: number, delay: (draws: Draws) => number): Promise<CrowdOutcome> {
  const draws = seededDraws(count);
  const counts = { writes: 0, conflicts: 0, throttled: 0 };
  const trace: string[] = [];
  const { jobs, violation } = await runSchedule({
    jobs: Array.from({ length: count }, (_, index) =>
      planOf(index, draws.between(0, minutes * 60_000), draws.between(60_000, 600_000)),
    ),
    timing,
    trace,
    foreign: { rules: ['198.51.100.0/24'], tags: { owner: 'shop' } },
    administratorWrites: [],
    propagation: { frontEnds: 3, delay: () => delay(draws) },
    faults: {
      random: () => draws.next,
      write: () => 'answered',
      readFails: () => false,
      connection: ({ addresses }) => ({ address: draws.oneOf(addresses), frontEnd: draws.between(0, 2) }),
      hidesHeader: () => false,
    },
    agenda: timedAgenda(({ earliest, latest }) => draws.between(0, latest - earliest)),
    variant: counted(counts),
  });
  if (violation !== undefined) {
    throw new Error(violation);
  }
  const times = openingTimes(trace);
  return { times, counts, notClosed: times.length - jobs.filter(({ state }) => state === 'closed').length };
}

function planOf(index: number, start: number, hold: number): JobPlan {
  return {
    ...{ name: `job ${index}`, addresses: [`20.${index >> 8}.0.${index & 255}`], start: { least: start, most: start } },
    ...{ hold, skew: 0, limits: { open: 300_000, close: 120_000 } },
    settings: { networks: [], leased: true, leaseMinutes: 390, waitForAccess: true },
  };
}

/** Counts what each job sends, and refuses requests beyond the budget. */
function counted(counts: { writes: number; conflicts: number; throttled: number }): Variant {
  let bucket: Bucket | undefined;
  return {
    ports: (ports) => ({
      ...ports,
      armVault: {
        get: (signal) => ports.armVault.get(signal),
        patch: async (patch, signal) => {
          const withdrawal = withdraw(bucket, budget, ports.clock.monotonic());
          bucket = withdrawal.bucket;
          if (!withdrawal.granted) {
            counts.throttled += 1;
            return { kind: 'uncertain', reason: 'HTTP 429', waitFor: 1_000 };
          }
          const outcome = await ports.armVault.patch(patch, signal);
          counts[outcome.kind === 'written' ? 'writes' : 'conflicts'] += 1;
          return outcome;
        },
      },
    }),
  };
}

/** Seconds from each job's opening to its being open, as the trace has them. */
function openingTimes(trace: readonly string[]): readonly number[] {
  const started = new Map<string, number>();
  return trace.flatMap((line) => {
    const [, seconds = '', job = '', state = ''] = /^\s*([\d.]+) s {2}(job \d+) is (opening|open)\b/.exec(line) ?? [];
    if (state === 'opening') {
      started.set(job, Number(seconds));
    }
    return state === 'open' ? [Number(seconds) - (started.get(job) ?? 0)] : [];
  });
}
