import type { Propagation } from '../../../simulation/azure/vault/front-ends';
import { openInProfile } from '../../../tasks/keyvault-agent-access/perimeter/enter';
import { createPerimeters } from '../../../tasks/keyvault-agent-access/perimeter/perimeters';
import { parseProfileId, parseRuleId } from '../../../tasks/keyvault-agent-access/resource-ids/profile-id';
import { leaseIdOf } from '../../../tasks/keyvault-agent-access/protocol/lease';
import { openLedger } from '../../../tasks/keyvault-agent-access/protocol/ledger';
import { signMemory } from '../../../tasks/keyvault-agent-access/protocol/signed-memory';
import { createJobKey } from '../../../tasks/shared/agent/job-key';
import { timedAgenda } from '../agenda';
import { createScheduler, type Process, type Scheduler } from '../scheduler';
import type { Draws } from '../seeded-random';
import { createModeledProfile, type ModeledProfile } from './modeled-profile';
import { createClock, createDataPlane, createRules, silent, type ProfileFaults } from './profile-ports';
import { noDeadline } from '../../fixtures/deadlines';

export interface ProfileJob {
  readonly name: string;
  readonly address: string;
  /** When it starts, and how long it works, in milliseconds. */
  readonly start: number;
  readonly hold: number;
  readonly skew: number;
  /** Its process dies, is canceled, or its whole agent is lost, at the call of a port with this number. */
  readonly fault?: { readonly kind: 'killed' | 'canceled' | 'lost'; readonly call: number };
}

export interface ProfileSchedule {
  readonly jobs: readonly ProfileJob[];
  readonly foreign: Readonly<Record<string, readonly string[]>>;
  readonly propagation: Propagation;
  readonly faults: ProfileFaults;
  readonly draws: Draws;
  /** A seeded bug: a sweep goes by the agent's clock instead of Azure's. */
  readonly sweepsByAgentClock?: boolean;
}

/** The result of a job; times in milliseconds of the schedule. */
interface JobOutcome {
  readonly plan: ProfileJob;
  opened?: number;
  failure?: string;
  state: 'waiting' | 'opening' | 'open' | 'closing' | 'closed' | 'lost';
  readonly memory: Map<string, string>;
  calls: number;
}

interface ProfileOutcome {
  readonly jobs: readonly JobOutcome[];
  readonly violation: string | undefined;
  readonly left: readonly string[];
  /** The most rules that there were at one time. */
  readonly mostRules: number;
}

const profileId = parseProfileId(
  '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/network/providers/Microsoft.Network/networkSecurityPerimeters/contoso/profiles/shop',
)!;

/** Runs the task's own code for all jobs; a day after the last one has ended, one more job closes and so sweeps. */
export async function runProfileSchedule(schedule: ProfileSchedule): Promise<ProfileOutcome> {
  const { draws, foreign, propagation } = schedule;
  const scheduler = createScheduler(
    timedAgenda(({ earliest, latest }) => draws.between(0, latest - earliest)),
    undefined,
  );
  const profile = createModeledProfile(foreign, propagation);
  const jobs = schedule.jobs.map((plan): JobOutcome => ({ plan, state: 'waiting', memory: new Map(), calls: 0 }));
  const found: { violation: string | undefined; mostRules: number } = { violation: undefined, mostRules: 0 };
  const check = () => {
    found.mostRules = Math.max(found.mostRules, profile.names().length);
    found.violation ??= findViolation(profile, foreign, jobs);
  };
  const { faults, sweepsByAgentClock = false } = schedule;
  const world = { scheduler, profile, faults, draws, check, sweepsByAgentClock };
  for (const job of jobs) startJob(job, world);
  await scheduler.run(() => found.violation !== undefined);
  const left = profile.names().filter((name) => !(name in foreign));
  const sweep = { name: 'sweep', address: '20.99.0.1', start: 86_400_000, hold: 0, skew: 0 };
  startJob({ plan: sweep, state: 'waiting', memory: new Map(), calls: 0 }, world);
  await scheduler.run(() => found.violation !== undefined);
  const remaining = profile.names().filter((name) => !(name in foreign));
  return {
    jobs,
    left,
    ...found,
    violation: found.violation ?? (remaining.length > 0 ? `${remaining.join()} is left` : undefined),
  };
}

interface ProfileWorld {
  readonly scheduler: Scheduler;
  readonly profile: ModeledProfile;
  readonly faults: ProfileFaults;
  readonly draws: Draws;
  readonly sweepsByAgentClock: boolean;
  readonly check: () => void;
}

function startJob(job: JobOutcome, world: ProfileWorld): void {
  const { start } = job.plan;
  world.scheduler.plan(job.plan.name, 'starts', { least: start, most: start }, () => {
    open(job, world);
  });
}

function open(job: JobOutcome, world: ProfileWorld): void {
  const { hold, name } = job.plan;
  job.state = 'opening';
  startPhase(`${name} main`, job, world, async (process) => {
    const { entry, perimeters } = partsOf(process, job, world);
    const settings = { networks: [], leased: true, leaseMinutes: 390, waitForAccess: true };
    try {
      await openInProfile(profileId, { ...entry, lookups: [], perimeters, settings, onUse: () => undefined });
      job.opened = world.scheduler.now();
      job.state = 'open';
    } catch (error) {
      job.failure = String(error).split('\n')[0] ?? '';
    }
    closeAfter(job, job.state === 'open' ? hold : 1_000, world);
  });
}

function closeAfter(job: JobOutcome, after: number, world: ProfileWorld): void {
  world.scheduler.plan(job.plan.name, 'wakes', { least: after, most: after }, () => {
    if (job.state !== 'lost') close(job, world);
  });
}

function close(job: JobOutcome, world: ProfileWorld): void {
  job.state = 'closing';
  startPhase(`${job.plan.name} post-job`, job, world, async (process) => {
    const { ledger, perimeters } = partsOf(process, job, world);
    try {
      for (const { resourceId } of ledger.all()) {
        const rule = parseRuleId(resourceId);
        await perimeters.close(profileId, rule?.name ?? '');
      }
      job.state = 'closed';
      world.check();
    } catch (error) {
      job.failure = String(error).split('\n')[0] ?? '';
    }
  });
}

function startPhase(
  name: string,
  job: JobOutcome,
  { scheduler }: ProfileWorld,
  body: (process: Process) => Promise<void>,
) {
  const process = scheduler.start(name, async (started) => {
    processes.set(job, started);
    await body(started);
  });
  scheduler.plan(name, 'runs out of time', { least: 900_000, most: 900_000 }, () => {
    if (process.isAlive) scheduler.cancel(process, new Error('AKV-TIMEOUT'));
  });
}

const processes = new WeakMap<JobOutcome, Process>();

/** What happens to a job from outside happens between two of its steps. */
function applyFault(job: JobOutcome, world: ProfileWorld): void {
  job.calls += 1;
  const { fault, name } = job.plan;
  if (fault?.call !== job.calls) return;
  world.scheduler.plan(name, 'is killed', { least: 0, most: 1_000 }, () => {
    const process = processes.get(job);
    if (process?.isAlive !== true || job.state === 'closed') return;
    if (fault.kind === 'canceled') {
      world.scheduler.cancel(process, new Error('AKV-CANCELED'));
      return;
    }
    world.scheduler.kill(process);
    if (fault.kind === 'lost' || job.state === 'closing') job.state = 'lost';
    else closeAfter(job, 1_000, world);
  });
}

function partsOf(process: Process, job: JobOutcome, world: ProfileWorld) {
  const { scheduler, profile, faults, draws, sweepsByAgentClock } = world;
  const { address, name, skew } = job.plan;
  const onCall = () => {
    applyFault(job, world);
  };
  const azureSkew = sweepsByAgentClock ? skew : 0;
  const ports = { scheduler, profile, faults, process, address, skew, azureSkew, onCall, onCommit: world.check };
  const key = createJobKey(name, false);
  const remember = (variable: string, text: string) => {
    job.memory.set(variable, text);
    return Promise.resolve();
  };
  const ledger = openLedger(signMemory({ read: (variable) => job.memory.get(variable), remember }, key));
  const { signal } = process.controller;
  const common = { clock: createClock(ports), log: silent, signal, deadline: noDeadline };
  const rules = createRules(ports);
  const perimeters = createPerimeters({
    ...{ ...common, ledger, leaseMinutes: 390, areGiven: false, random: () => draws.next() },
    rulesOf: () => rules,
    associationOf: () => Promise.resolve({ kind: 'none' }),
    leaseIdOf: (id) => leaseIdOf(key, 'step', id),
  });
  return { ledger, perimeters, entry: { ...common, vault: 'app-kv', dataPlane: createDataPlane(ports) } };
}

/** The promises: no rule of others changes, only the jobs' addresses are added, and what is open stays open. */
function findViolation(
  profile: ModeledProfile,
  foreign: ProfileSchedule['foreign'],
  jobs: readonly JobOutcome[],
): string | undefined {
  const damaged = Object.keys(foreign).find((name) => profile.networksOf(name).join() !== foreign[name]?.join());
  if (damaged !== undefined) return `${damaged} was changed`;
  const named = new Set(
    profile
      .names()
      .filter((name) => !(name in foreign))
      .flatMap((name) => profile.networksOf(name)),
  );
  const own = new Set([...jobs.map(({ plan }) => `${plan.address}/32`), '20.99.0.1/32']);
  const stray = [...named].find((network) => !own.has(network));
  if (stray !== undefined) return `${stray} is no job's own address`;
  const shut = jobs.find(({ plan, state }) => state === 'open' && !named.has(`${plan.address}/32`));
  return shut === undefined ? undefined : `${shut.plan.name} is open, and its rule is gone`;
}
