import type { Agenda } from './agenda';
import { choosingAgenda } from './choosing-agenda';
import { applyFault, type JobFault, type JobPlan, type Variant } from './job';
import type { Timing } from './process-ports';
import { runSchedule, type Schedule, type World } from './schedule';
import { mix } from './scheduler';

/** What can fail in one schedule, and how often. */
export interface FaultBudget {
  /** Steps that are delayed while time passes. */
  readonly delays: number;
  readonly lostAnswers: number;
  readonly jobFaults: readonly JobFault['kind'][];
}

export interface Exploration {
  readonly jobs: readonly JobPlan[];
  readonly foreignRules: readonly string[];
  readonly faultBudget: FaultBudget;
  /** Only this many choices are varied; after them the schedule continues in one way. */
  readonly depth: number;
  readonly variant?: Variant;
}

export interface Findings {
  readonly schedules: number;
  /** Different states with more than one choice. */
  readonly states: number;
  /** The choices that broke a promise, with the events. */
  readonly violation: string | undefined;
}

/** Only delayed steps take time; a PATCH takes at most as long as the quiet period assumes. */
const timing: Timing = {
  read: { least: 0, most: 1_500 },
  readAnswer: { least: 0, most: 0 },
  begin: { least: 0, most: 999 },
  commit: { least: 0, most: 2_000 },
  answer: { least: 0, most: 0 },
  record: { least: 0, most: 0 },
  dataPlane: { least: 0, most: 0 },
};

/**
 * Runs every schedule of some jobs, depth first: each run replays a prefix of choices and takes the first one from
 * there on. A run ends early in a state from which an earlier one has gone on already: jobs that have received the same
 * things at the same times go on in the same way.
 */
export async function exploreAll(exploration: Exploration): Promise<Findings> {
  const seen = new Set<string>();
  const prefixes: (readonly number[])[] = [[]];
  let schedules = 0;
  for (let prefix = prefixes.pop(); prefix !== undefined; prefix = prefixes.pop()) {
    schedules += 1;
    const { violation, choices, counts } = await runChoices(exploration, prefix, seen);
    if (violation !== undefined) {
      const trace: string[] = [];
      await runChoices(exploration, choices, new Set(), trace);
      return {
        schedules,
        states: seen.size,
        violation: `choices [${choices.join()}]: ${violation}\n${trace.join('\n')}`,
      };
    }
    for (let depth = prefix.length; depth < Math.min(counts.length, exploration.depth); depth += 1) {
      for (let other = 1; other < counts[depth]!; other += 1) prefixes.push([...choices.slice(0, depth), other]);
    }
  }
  return { schedules, states: seen.size, violation: undefined };
}

/** What may still go wrong in a schedule. */
interface Budget {
  delays: number;
  lostAnswers: number;
  readonly jobFaults: JobFault['kind'][];
}

/** One schedule: the choices of the prefix, then always the first. Tells the choices made and how many there were. */
async function runChoices(exploration: Exploration, prefix: readonly number[], seen: Set<string>, trace?: string[]) {
  const choices: number[] = [];
  const counts: number[] = [];
  const budget: Budget = { ...exploration.faultBudget, jobFaults: [...exploration.faultBudget.jobFaults] };
  let world: World | undefined;
  let isKnown = false;
  const choose = (count: number) => {
    const index = choices.length;
    if (index >= prefix.length && index < exploration.depth && world !== undefined && !isKnown) {
      const key = stateOf(world, agenda.describe(), JSON.stringify([budget, count]));
      isKnown = seen.has(key);
      seen.add(key);
    }
    // What follows a known state was already explored, so it is not a choice of this run.
    if (isKnown) return 0;
    choices.push(prefix[index] ?? 0);
    counts.push(count);
    return prefix[index] ?? 0;
  };
  const agenda = choosingAgenda({ choose, budget, jobFaults: () => jobFaultsOf(world, budget.jobFaults) });
  const { violation } = await runSchedule(scheduleOf(exploration, agenda, budget, choose, trace), (started) => {
    world = started;
    return () => isKnown;
  });
  return { violation, choices, counts };
}

function scheduleOf(
  { jobs, foreignRules, variant = {} }: Exploration,
  agenda: Agenda,
  budget: Budget,
  choose: (count: number) => number,
  trace: string[] | undefined,
): Schedule {
  return {
    ...{ jobs, timing, agenda, variant, administratorWrites: [], propagation: { frontEnds: 1, delay: () => 0 } },
    foreign: { rules: foreignRules, tags: { owner: 'team-a' } },
    faults: {
      random: (job) => () => (jobs.indexOf(job) + 1) / (jobs.length + 1),
      write: () => {
        if (budget.lostAnswers === 0 || choose(2) === 0) return 'answered';
        budget.lostAnswers -= 1;
        return 'lost answer';
      },
      readFails: () => false,
      connection: ({ addresses }) => ({ address: addresses[0] ?? '', frontEnd: 0 }),
      hidesHeader: () => false,
    },
    ...(trace === undefined ? {} : { trace }),
  };
}

function jobFaultsOf(world: World | undefined, jobFaults: JobFault['kind'][]): readonly (() => void)[] {
  const [kind] = jobFaults;
  if (world === undefined || kind === undefined) return [];
  return world.jobs
    .filter(({ process, state }) => process?.isAlive === true && (state === 'opening' || state === 'closing'))
    .map((job) => () => {
      jobFaults.shift();
      applyFault(job, kind, world.jobParts);
    });
}

/**
 * Everything that decides how the world goes on: the vault, what is pending and what that will do, what each process
 * has ever received (it is deterministic), what the jobs have recorded, and the faults left.
 */
function stateOf({ scheduler, vault, jobs }: World, pending: string, rest: string): string {
  const processes = jobs.map(
    ({ state, process, memory }) => `${state},${process?.digest},${[...memory.values()].join()}`,
  );
  const digest = mix(0, `${pending}|${processes.join('|')}|${rest}`);
  return `${scheduler.now()} ${vault.digest()} ${digest}`;
}
