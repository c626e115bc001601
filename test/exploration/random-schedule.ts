import { mostLeaseMinutes, renderEntry } from '../../tasks/keyvault-agent-access/protocol/lease';
import { timedAgenda, type Pending, type Step } from './agenda';
import { longestPropagation } from './invariants';
import type { JobFault, JobPlan, Variant } from './job';
import { epoch } from './modeled-vault';
import type { Timing } from './process-ports';
import type { Schedule } from './schedule';
import { seededDraws, type Draws } from './seeded-random';

/**
 * From reading the vault to the commit of what was built on it no more than the quiet period may pass: the client
 * refuses to send after 2 s, and a PATCH is committed within another 3 s.
 */
const timing: Timing = {
  read: { least: 20, most: 4_000 },
  readAnswer: { least: 20, most: 9_000 },
  begin: { least: 10, most: 999 },
  commit: { least: 100, most: 2_000 },
  answer: { least: 10, most: 40_000 },
  record: { least: 1, most: 3_000 },
  dataPlane: { least: 20, most: 5_000 },
};

/** Usual delays beyond the least, in milliseconds; now and then a step takes anything up to its most. */
const usual: Partial<Record<Step, number>> = {
  ...{ reads: 200, 'has read': 100, 'begins to write': 150, commits: 1_000, 'is answered': 100, records: 10 },
  ...{ looks: 150, checks: 150, starts: Infinity, 'is killed': Infinity, 'is canceled': Infinity },
};

/** Of no job: its rule has to stay out of the vault. It ends before the sweep of the last day. */
const forgedLease = renderEntry({ rule: '8.8.8.8/32', expires: epoch + 12 * 3_600_000, id: 'forged' });
/** Leases that someone forges to have the range of others removed, or the rule of a job kept without end. */
const expiredRange = renderEntry({ rule: '30.0.0.0/8', expires: epoch - 3_600_000, id: 'forged' });
const endlessLease = renderEntry({ rule: '20.0.0.0/32', expires: epoch + 2 * mostLeaseMinutes * 60_000, id: 'forged' });

/** The schedule of a seed, with as many jobs as {@link jobCount} says. */
export function randomSchedule(seed: number, variant: Variant = {}, trace?: string[]): Schedule {
  const draws = seededDraws(seed);
  const slow = draws.oneOf([1, 5, 20, 60]);
  const delay = ({ step, earliest, latest }: Pending) => {
    const most = latest - earliest;
    return Math.round(draws.next() * (draws.percent(slow) ? most : Math.min(most, usual[step] ?? 0)));
  };
  const [lost, failing, hidden] = [draws.oneOf([0, 0, 10, 30]), draws.oneOf([0, 0, 2]), draws.oneOf([0, 0, 50])];
  const frontEnds = draws.oneOf([1, 3]);
  const latest = draws.oneOf([0, 5_000, 60_000]);
  const jobs = randomJobs(seed, draws);
  return {
    jobs,
    timing,
    foreign: {
      rules: draws.oneOf([[], ['30.0.0.0/8', '20.9.9.9/32', '20.9.9.9/32'], ['30.1.2.3/32', '20.0.0.1/32']]),
      tags: draws.oneOf([{}, { owner: 'team-a', 'cost center': '42, 43' }]),
      ...(draws.percent(20) ? { entries: ['of-a-later-version', forgedLease, expiredRange, endlessLease] } : {}),
    },
    administratorWrites: draws.percent(20) ? [draws.between(0, 60_000), draws.between(0, 60_000)] : [],
    propagation: { frontEnds, delay: () => Math.min(longestPropagation, draws.between(0, latest)) },
    faults: {
      random: () => draws.next,
      write: () => (draws.percent(lost) ? draws.oneOf(['lost answer', 'not taken'] as const) : 'answered'),
      readFails: () => draws.percent(failing),
      connection: ({ addresses }) => ({ address: draws.oneOf(addresses), frontEnd: draws.between(0, frontEnds - 1) }),
      hidesHeader: () => draws.percent(hidden),
    },
    agenda: timedAgenda(delay),
    variant,
    ...(trace === undefined ? {} : { trace }),
  };
}

/** Mostly small ones, which find most; one in ten with ten jobs, one in fifty with forty. */
function jobCount(seed: number): number {
  return seed % 50 === 0 ? 40 : seed % 10 === 1 ? 10 : 2 + (seed % 4);
}

function randomJobs(seed: number, draws: Draws): readonly JobPlan[] {
  const count = jobCount(seed);
  const kind = draws.oneOf(['own', 'shared', 'mixed'] as const);
  const burst = draws.oneOf([500, 5_000, 60_000, 600_000]);
  const doomed = draws.oneOf([0, 0, 10, 50]);
  return Array.from({ length: count }, (_, index) => {
    const nat = kind === 'own' || (kind === 'mixed' && draws.percent(50)) ? index : index % 2;
    const addresses = draws.percent(10) ? [`20.0.0.${nat}`, `20.0.1.${nat}`] : [`20.0.0.${nat}`];
    const late = draws.percent(5) ? 7 * 3_600_000 : 0;
    return {
      ...{ name: `job ${index}`, addresses, hold: draws.between(0, 300_000), skew: draws.between(-8, 8) * 3_600_000 },
      settings: {
        networks: draws.percent(20) ? addresses.map(asNetwork) : [],
        leased: true,
        leaseMinutes: 390,
        waitForAccess: draws.percent(80),
      },
      start: { least: late, most: late + burst },
      limits: { open: 900_000, close: 600_000 },
      retries: draws.oneOf([0, 0, 2]),
      ...(draws.percent(doomed) ? { fault: randomFault(draws) } : {}),
    };
  });
}

function asNetwork(address: string): string {
  return `${address}/32`;
}

function randomFault(draws: Draws): JobFault {
  return { kind: draws.oneOf(['process killed', 'agent lost', 'canceled'] as const), call: draws.between(1, 40) };
}
