import type { Propagation } from '../../simulation/azure/vault/front-ends';
import type { Agenda } from './agenda';
import { checkEnd, checkMoment, checkSwept, checkWrite, Violation } from './invariants';
import { startJob, startSweep, type Job, type JobParts, type JobPlan, type Variant } from './job';
import { createModeledVault, type ForeignContent, type ModeledVault } from './modeled-vault';
import { createPorts, type Faults, type PortsParts, type Timing } from './process-ports';
import { createScheduler, type Scheduler } from './scheduler';

/** Everything that determines a schedule; with the same agenda and faults, it runs in the same way again. */
export interface Schedule {
  readonly foreign: ForeignContent;
  readonly jobs: readonly JobPlan[];
  /** When someone else changes something of the vault that is no rule and no tag. */
  readonly administratorWrites: readonly number[];
  readonly propagation: Propagation;
  readonly timing: Timing;
  readonly faults: Faults;
  readonly agenda: Agenda;
  readonly variant?: Variant;
  /** Where the events are written, in a form for people. */
  readonly trace?: string[];
}

/** A schedule in the middle of its run, for who chooses its steps. */
export interface World {
  readonly scheduler: Scheduler;
  readonly vault: ModeledVault;
  readonly jobs: readonly Job[];
  readonly jobParts: JobParts;
}

export interface Outcome {
  readonly violation: string | undefined;
  readonly jobs: readonly Job[];
}

/**
 * Runs the task's own code for all jobs of a schedule, checks its promises after every step that could break one, and
 * at last lets a sweep run long after all leases have ended.
 *
 * @param onStart - gets the world before the first step; gives a function that may end the run early.
 */
export async function runSchedule(
  schedule: Schedule,
  onStart: (world: World) => () => boolean = () => () => false,
): Promise<Outcome> {
  const scheduler = createScheduler(schedule.agenda, schedule.trace);
  const vault = createModeledVault(schedule.foreign, schedule.propagation);
  const jobs: Job[] = [];
  const violations: string[] = [];
  const check = (promise: () => void) => {
    violations.push(...violationsOf(promise));
  };
  const checkNow = () => {
    check(() => {
      checkMoment(vault, jobs, schedule.propagation.frontEnds, scheduler.now());
    });
  };
  const ports: PortsParts = {
    ...{ scheduler, vault, timing: schedule.timing, faults: schedule.faults, onCommit: checkNow },
    onWrite: (job, patch, read) => {
      check(() => {
        checkWrite(job, patch, read);
      });
    },
  };
  const jobParts = { scheduler, portsOf: createPorts(ports), variant: schedule.variant ?? {}, onState: checkNow };
  jobs.push(...schedule.jobs.map((plan) => startJob(plan, jobParts)));
  planAdministrator(schedule, scheduler, vault, checkNow);
  const isEnough = onStart({ scheduler, vault, jobs, jobParts });
  await scheduler.run(() => violations.length > 0 || isEnough());
  if (violations.length === 0 && !isEnough()) {
    check(() => {
      checkEnd(vault, jobs);
    });
    await sweep(ports);
    check(() => {
      checkSwept(vault);
    });
  }
  const [violation] = violations;
  if (violation !== undefined) scheduler.note(() => `VIOLATION: ${violation}; ${vault.describe()}`);
  return { violation, jobs };
}

function violationsOf(promise: () => void): readonly string[] {
  try {
    promise();
    return [];
  } catch (error) {
    if (error instanceof Violation) return [error.message];
    throw error;
  }
}

function planAdministrator(
  { administratorWrites }: Schedule,
  scheduler: Scheduler,
  vault: ModeledVault,
  checkNow: () => void,
): void {
  administratorWrites.forEach((at, index) => {
    scheduler.plan('administrator', 'changes the vault', { least: at, most: at }, () => {
      const properties = { enabledForDeployment: index % 2 === 0, softDeleteRetentionInDays: 7 + index };
      vault.commit(vault.begin(), { properties }, 'administrator', scheduler.now());
      scheduler.note(() => 'an administrator changes another property of the vault');
      checkNow();
    });
  });
}

/** A day later, without any fault. */
async function sweep(ports: PortsParts): Promise<void> {
  const plan: JobPlan = {
    ...{ name: 'sweep', addresses: [], start: { least: 0, most: 0 }, hold: 0, skew: 0 },
    settings: { networks: [], leased: true, leaseMinutes: 1, waitForAccess: false },
  };
  const faults: Faults = { ...ports.faults, write: () => 'answered', readFails: () => false };
  startSweep({ scheduler: ports.scheduler, portsOf: createPorts({ ...ports, faults, later: 24 * 3_600_000 }) }, plan);
  await ports.scheduler.run(() => false);
}
