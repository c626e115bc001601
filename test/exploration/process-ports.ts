import type { CloseParts } from '../../tasks/keyvault-agent-access/closing/close';
import type { OpenParts } from '../../tasks/keyvault-agent-access/opening/open';
import { leaseIdOf } from '../../tasks/keyvault-agent-access/protocol/lease';
import { signMemory, type SignedMemory } from '../../tasks/keyvault-agent-access/protocol/signed-memory';
import type { AccessCheck, DataPlane } from '../../tasks/keyvault-agent-access/ports/data-plane';
import type { ArmVault } from '../../tasks/keyvault-agent-access/ports/vault';
import type {
  VaultPatch,
  VaultReading,
  VaultResource,
  WriteOutcome,
} from '../../tasks/keyvault-agent-access/ports/vault';
import { createJobKey } from '../../tasks/shared/agent/job-key';
import { DiagnosedError } from '../../tasks/shared/errors/diagnosis';
import type { Clock, Log, PhaseMemory, Random } from '../../tasks/shared/ports';
import { resourceId } from '../unit/keyvault-agent-access/vault-fixture';
import type { Window } from './agenda';
import type { JobPlan } from './job';
import { epoch, type ModeledVault } from './modeled-vault';
import { mix, type Process, type Scheduler } from './scheduler';
import { noDeadline } from '../fixtures/deadlines';

/** How long each thing may take, in milliseconds. What a client measures (reads) it may find too slow and not use. */
export interface Timing {
  readonly read: Window;
  readonly readAnswer: Window;
  /** From sending a PATCH until Azure looks at the vault. */
  readonly begin: Window;
  /** From there until it is committed; with `begin` bounded by what the quiet period assumes. */
  readonly commit: Window;
  readonly answer: Window;
  readonly record: Window;
  readonly dataPlane: Window;
}

/** What chance, or the explorer, decides. */
export interface Faults {
  /** Jobs draw different numbers, as different machines do. */
  readonly random: (job: JobPlan) => Random;
  readonly write: () => 'answered' | 'lost answer' | 'not taken';
  readonly readFails: () => boolean;
  /** The address of a job's next connection, and the front end that it meets. */
  readonly connection: (job: JobPlan) => { readonly address: string; readonly frontEnd: number };
  readonly hidesHeader: () => boolean;
}

/** The ports of a process; those of the post-job step are a part of them. */
export type ProcessPorts = CloseParts & Omit<OpenParts, 'ledger' | 'lookups'> & { readonly memory: SignedMemory };

export interface Tenant {
  readonly process: Process;
  readonly job: JobPlan;
  readonly memory: PhaseMemory;
  readonly keep: (name: string, text: string) => void;
  /** Called at each call of a port. */
  readonly onCall: () => void;
}

export type PortsOf = (tenant: Tenant) => ProcessPorts;

export interface PortsParts {
  readonly scheduler: Scheduler;
  readonly vault: ModeledVault;
  readonly timing: Timing;
  readonly faults: Faults;
  /** How much later it is for these ports than by the scheduler, in milliseconds. */
  readonly later?: number;
  /** Called after every commit. */
  readonly onCommit: () => void;
  /** Called with every PATCH and the vault that its sender has read last. */
  readonly onWrite: (job: JobPlan, patch: VaultPatch, read: VaultResource) => void;
}

/** Every port of a process as a step of the scheduler. */
export function createPorts(parts: PortsParts): PortsOf {
  return (tenant) => {
    const { process, job } = tenant;
    const dataPlane = createDataPlane(tenant, parts);
    const key = createJobKey(job.name, false);
    return {
      ...{
        vault: 'app-kv',
        log: silent,
        random: parts.faults.random(job),
        signal: process.controller.signal,
        deadline: noDeadline,
      },
      armVault: createArmVault(tenant, parts),
      dataPlaneOf: () => dataPlane,
      clock: createClock(tenant, job.skew, parts),
      memory: signMemory(createMemory(tenant, parts), key),
      ...{ resourceId, leaseId: leaseIdOf(key, 'step', resourceId) },
      planThroughPerimeter: () => Promise.resolve(undefined),
    };
  };
}

const silent: Log = {
  info: () => undefined,
  debug: () => undefined,
  warning: () => undefined,
};

function createArmVault(tenant: Tenant, parts: PortsParts): ArmVault {
  const { process } = tenant;
  const { scheduler, vault, timing, faults } = parts;
  let lastRead: VaultResource = {};
  return {
    get(signal) {
      signal.throwIfAborted();
      tenant.onCall();
      const parked = scheduler.park<VaultReading>(process);
      scheduler.plan(process.name, 'reads', timing.read, () => {
        const [shown, time, digest] = [vault.show(), azureTime(parts), String(vault.digest())];
        scheduler.plan(process.name, 'has read', timing.readAnswer, () => {
          scheduler.note(() => `${process.name} has read the vault`);
          if (faults.readFails()) parked.fail(unreachable());
          else {
            lastRead = shown;
            parked.answer({ resource: shown, time }, digest);
          }
        });
      });
      return parked.promise;
    },
    patch(patch, signal) {
      signal.throwIfAborted();
      tenant.onCall();
      const parked = scheduler.park<WriteOutcome>(process);
      parts.onWrite(tenant.job, patch, lastRead);
      planWrite(patch, process, parts, (outcome) => {
        scheduler.plan(process.name, 'is answered', timing.answer, () => {
          parked.answer(outcome, `${outcome.kind} ${vault.digest()}`);
        });
      });
      return parked.promise;
    },
  };
}

/** What Azure does with a PATCH, whether or not its sender lives to see the answer. */
function planWrite(
  patch: VaultPatch,
  { name }: Process,
  parts: PortsParts,
  answer: (outcome: WriteOutcome) => void,
): void {
  const { scheduler, vault, timing, faults, onCommit } = parts;
  const outcome = faults.write();
  if (outcome === 'not taken') {
    answer(uncertain('HTTP 503'));
    return;
  }
  const what = `${mix(0, JSON.stringify(patch))} ${outcome}`;
  const begin = () => {
    const begun = vault.begin();
    scheduler.plan(name, 'commits', timing.commit, commit(begun), `${what} ${vault.digest()}`);
  };
  const commit = (begun: ReturnType<typeof vault.begin>) => () => {
    const done = vault.commit(begun, { ...patch }, name, scheduler.now());
    if ('status' in done) {
      scheduler.note(() => `${name} writes: HTTP ${done.status}`);
      answer(uncertain(`HTTP ${done.status}`));
      return;
    }
    scheduler.note(() => `${name} writes: ${vault.describe()}, ${outcome}`);
    onCommit();
    const written: WriteOutcome = { kind: 'written', resource: done.shown, time: azureTime(parts) };
    answer(outcome === 'answered' ? written : uncertain('ECONNRESET'));
  };
  scheduler.plan(name, 'begins to write', timing.begin, begin, what);
}

/** Azure's own clock, to the second as its answers tell it. */
function azureTime({ scheduler, later = 0 }: PortsParts): number {
  return epoch + later + Math.floor(scheduler.now() / 1000) * 1000;
}

function uncertain(reason: string): WriteOutcome {
  return { kind: 'uncertain', reason };
}

function unreachable(): Error {
  return new DiagnosedError({ code: 'AKV-NETWORK', summary: 'Azure Resource Manager does not answer.', remedy: [] });
}

function createDataPlane(tenant: Tenant, { scheduler, vault, timing, faults }: PortsParts): DataPlane {
  const { process, job } = tenant;
  return {
    readNetworkInfo(signal) {
      signal.throwIfAborted();
      tenant.onCall();
      const parked = scheduler.park<{ path: 'public'; address: string } | undefined>(process);
      scheduler.plan(process.name, 'looks', timing.dataPlane, () => {
        const { address } = faults.connection(job);
        parked.answer(faults.hidesHeader() ? undefined : { path: 'public', address }, address);
      });
      return parked.promise;
    },
    checkAccess(signal) {
      signal.throwIfAborted();
      tenant.onCall();
      const parked = scheduler.park<AccessCheck>(process);
      scheduler.plan(process.name, 'checks', timing.dataPlane, () => {
        const { address, frontEnd } = faults.connection(job);
        const isIn = vault.isAdmittedAt(frontEnd, address, scheduler.now());
        parked.answer(isIn ? { kind: 'passed' } : { kind: 'blocked', address }, `${isIn}${address}`);
      });
      return parked.promise;
    },
  };
}

function createClock(tenant: Tenant, skew: number, { scheduler }: PortsParts): Clock {
  const { process } = tenant;
  return {
    now: () => epoch + skew + scheduler.now(),
    monotonic: () => scheduler.now(),
    sleep(milliseconds, signal) {
      signal.throwIfAborted();
      if (milliseconds <= 0) return Promise.resolve();
      tenant.onCall();
      const parked = scheduler.park<undefined>(process);
      scheduler.plan(process.name, 'wakes', { least: milliseconds, most: milliseconds }, () => {
        parked.answer(undefined);
      });
      return parked.promise;
    },
  };
}

function createMemory(tenant: Tenant, { scheduler, timing }: PortsParts): PhaseMemory {
  const { process, memory } = tenant;
  return {
    read: (name) => memory.read(name),
    remember(name, text) {
      tenant.onCall();
      const parked = scheduler.park<undefined>(process);
      scheduler.plan(process.name, 'records', timing.record, () => {
        if (!process.isAlive) return;
        tenant.keep(name, text);
        parked.answer(undefined);
      });
      return parked.promise;
    },
  };
}
