import { closeVault, sweepVault, type CloseParts } from '../../tasks/keyvault-agent-access/closing/close';
import type { Claim } from '../../tasks/keyvault-agent-access/protocol/lease';
import { openLedger } from '../../tasks/keyvault-agent-access/protocol/ledger';
import type { OpenSettings } from '../../tasks/keyvault-agent-access/opening/admit';
import { openVault } from '../../tasks/keyvault-agent-access/opening/open';
import type { PhaseMemory } from '../../tasks/shared/ports';
import type { PortsOf, ProcessPorts } from './process-ports';
import type { Process, Scheduler } from './scheduler';
import type { Pending, Window } from './agenda';

/** How a job ends early: at the call of a port with this number. `undefined`: it does not end early. */
export type JobFault =
  /** The step's process dies; the agent continues with the post-job step. */
  | { readonly kind: 'process killed'; readonly call: number }
  /** No part of the job continues. */
  | { readonly kind: 'agent lost'; readonly call: number }
  | { readonly kind: 'canceled'; readonly call: number };

export interface JobPlan {
  readonly name: string;
  /** The agent's addresses, one per connection. */
  readonly addresses: readonly string[];
  readonly settings: OpenSettings;
  /** When it starts, in virtual milliseconds. */
  readonly start: Window;
  /** Time between "open" and the post-job step, milliseconds. */
  readonly hold: number;
  /** The error of the agent's wall clock, in milliseconds. */
  readonly skew: number;
  readonly fault?: JobFault;
  /** How often a failed opening is tried again, by the same job with the same memory. */
  readonly retries?: number;
  /** Time limits of the two phases in milliseconds; without them, a phase goes on until it is done. */
  readonly limits?: { readonly open: number; readonly close: number };
}

/** Parts of the protocol that a test replaces, to show that the checker notices. */
export interface Variant {
  readonly ports?: (ports: ProcessPorts, job: JobPlan) => ProcessPorts;
  readonly close?: (claim: Claim, parts: CloseParts, job: JobPlan) => Promise<unknown>;
}

/** The state of a job. From `open` on the task has reported that the vault accepts it; in `closing` the job no longer relies on that. */
export type JobState = 'waiting' | 'opening' | 'open' | 'failed' | 'closing' | 'closed' | 'left open' | 'lost';

export interface Job {
  readonly plan: JobPlan;
  state: JobState;
  /** The networks that the task reported as allowed. */
  networks: readonly string[];
  readonly memory: Map<string, string>;
  process: Process | undefined;
  calls: number;
  retries: number;
  /** Why a phase failed, for the trace. */
  failure: string;
}

const canceled = new Error('AKV-CANCELED');
const outOfTime = new Error('AKV-TIMEOUT');

export interface JobParts {
  readonly scheduler: Scheduler;
  readonly portsOf: PortsOf;
  readonly variant: Variant;
  /** Called whenever the state of a job changes. */
  readonly onState: (job: Job) => void;
}

/** Plans the start of a job; everything else follows from the schedule. */
export function startJob(plan: JobPlan, parts: JobParts): Job {
  const job: Job = {
    ...{ plan, state: 'waiting', networks: [], memory: new Map(), process: undefined, calls: 0, failure: '' },
    retries: plan.retries ?? 0,
  };
  parts.scheduler.plan(plan.name, 'starts', plan.start, () => {
    open(job, parts);
  });
  return job;
}

function open(job: Job, parts: JobParts): void {
  const { plan } = job;
  if (isOver(job)) return;
  enter(job, 'opening', parts);
  startPhase(job, 'main', plan.limits?.open, parts, async (process) => {
    const ports = portsOf(job, process, parts);
    try {
      job.networks = await openVault(plan.settings, { ...ports, ledger: openLedger(ports.memory), lookups: [] });
      enter(job, 'open', parts);
      planClosing(job, plan.hold, parts);
    } catch (error) {
      fail(job, 'failed', error, parts);
      planNext(job, parts);
    }
  });
}

/** A step that failed by itself may be tried again; then comes its post-job step. */
function planNext(job: Job, parts: JobParts): void {
  if (job.retries === 0 || job.failure.startsWith(canceled.message)) {
    planClosing(job, 1_000, parts);
    return;
  }
  job.retries -= 1;
  parts.scheduler.plan(job.plan.name, 'wakes', { least: 1_000, most: 1_000 }, () => {
    open(job, parts);
  });
}

function planClosing(job: Job, after: number, parts: JobParts): void {
  parts.scheduler.plan(job.plan.name, 'wakes', { least: after, most: after }, () => {
    close(job, parts);
  });
}

function close(job: Job, parts: JobParts): void {
  if (isOver(job)) return;
  enter(job, 'closing', parts);
  startPhase(job, 'post-job', job.plan.limits?.close, parts, async (process) => {
    const ports = portsOf(job, process, parts);
    try {
      for (const claim of openLedger(ports.memory).all()) {
        await (parts.variant.close ?? closeVault)(claim, ports, job.plan);
      }
      enter(job, 'closed', parts);
    } catch (error) {
      fail(job, 'left open', error, parts);
    }
  });
}

function startPhase(
  job: Job,
  name: string,
  limit: number | undefined,
  { scheduler }: JobParts,
  body: (process: Process) => Promise<void>,
): void {
  let deadline: Pending | undefined;
  const process = scheduler.start(`${job.plan.name} ${name}`, async (started) => {
    job.process = started;
    await body(started);
    if (deadline !== undefined) deadline.isCanceled = true;
  });
  if (limit !== undefined) {
    deadline = scheduler.plan(process.name, 'runs out of time', { least: limit, most: limit }, () => {
      scheduler.cancel(process, outOfTime);
    });
  }
}

function portsOf(job: Job, process: Process, parts: JobParts): ProcessPorts {
  const { portsOf: create, scheduler, variant } = parts;
  const memory: PhaseMemory = {
    read: (name) => job.memory.get(name),
    remember: () => Promise.reject(new Error('Replaced by the ports.')),
  };
  const onCall = () => {
    job.calls += 1;
    if (job.plan.fault?.call !== job.calls) return;
    const step = job.plan.fault.kind === 'canceled' ? 'is canceled' : 'is killed';
    scheduler.plan(process.name, step, { least: 0, most: 4_000 }, () => {
      applyFault(job, job.plan.fault?.kind, parts);
    });
  };
  const ports = create({ process, job: job.plan, memory, keep: (name, text) => job.memory.set(name, text), onCall });
  return variant.ports?.(ports, job.plan) ?? ports;
}

/** An event from outside happens immediately, to the running process of the job. */
export function applyFault(job: Job, kind: JobFault['kind'] | undefined, parts: JobParts): void {
  const { process } = job;
  if (process === undefined || isOver(job)) return;
  const isRunning = process.isAlive;
  parts.scheduler.note(() => `${process.name}: ${kind ?? ''}`);
  if (kind === 'canceled') {
    parts.scheduler.cancel(process, canceled);
  } else if (kind === 'agent lost' || (isRunning && job.state === 'closing')) {
    parts.scheduler.kill(process);
    enter(job, 'lost', parts);
  } else if (isRunning) {
    parts.scheduler.kill(process);
    fail(job, 'failed', new Error('process killed'), parts);
    planClosing(job, 1_000, parts);
  }
}

/** True when nothing of the job will run any more. */
function isOver({ state }: Job): boolean {
  return state === 'closed' || state === 'left open' || state === 'lost';
}

function enter(job: Job, state: JobState, { scheduler, onState }: JobParts): void {
  job.state = state;
  scheduler.note(() => `${job.plan.name} is ${state}${job.failure === '' ? '' : ` (${job.failure})`}`);
  onState(job);
}

function fail(job: Job, state: JobState, error: unknown, parts: JobParts): void {
  job.failure = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  enter(job, state, parts);
}

/** A scheduled pipeline that only sweeps, on its own agent. */
export function startSweep(parts: Pick<JobParts, 'scheduler' | 'portsOf'>, plan: JobPlan): void {
  parts.scheduler.start(plan.name, async (process) => {
    const memory: PhaseMemory = { read: () => undefined, remember: () => Promise.resolve() };
    await sweepVault(parts.portsOf({ process, job: plan, memory, keep: () => undefined, onCall: () => undefined }));
  });
}
