import type { ProfileRules, RuleOutcome } from '../../../tasks/keyvault-agent-access/ports/profile';
import type { DataPlane } from '../../../tasks/keyvault-agent-access/ports/data-plane';
import type { Clock, Log } from '../../../tasks/shared/ports';
import { epoch } from '../modeled-vault';
import type { Process, Scheduler } from '../scheduler';
import type { ModeledProfile } from './modeled-profile';

/** What chance decides about one process. */
export interface ProfileFaults {
  readonly write: () => 'answered' | 'lost answer' | 'not taken';
  readonly frontEnd: () => number;
}

interface ProfilePortsParts {
  readonly scheduler: Scheduler;
  readonly profile: ModeledProfile;
  readonly faults: ProfileFaults;
  readonly process: Process;
  readonly address: string;
  /** The error of the agent's wall clock, in milliseconds. */
  readonly skew: number;
  /** The same for what is taken for Azure's clock: 0 unless a bug is seeded. */
  readonly azureSkew: number;
  /** Called at each call of a port. */
  readonly onCall: () => void;
  /** Called after every change of the profile. */
  readonly onCommit: () => void;
}

/** Milliseconds that each thing takes: Resource Manager's reads and writes, and a connection to the vault. */
const least = { read: 50, write: 150, answer: 20, check: 20 };
const most = { read: 150, write: 400, answer: 60, check: 60 };

export const silent: Log = { info: () => undefined, debug: () => undefined, warning: () => undefined };

/** The rules of the profile, every call a step of the scheduler. A write goes on although its sender dies. */
export function createRules(parts: ProfilePortsParts): ProfileRules {
  const { scheduler, profile, faults, process, onCall, onCommit } = parts;
  const write = (what: string, signal: AbortSignal, commit: () => number): Promise<RuleOutcome> => {
    signal.throwIfAborted();
    onCall();
    const parked = scheduler.park<RuleOutcome>(process);
    const outcome = faults.write();
    const answer = (outcome: RuleOutcome) => {
      scheduler.plan(process.name, 'is answered', { least: least.answer, most: most.answer }, () => {
        parked.answer(outcome, outcome.kind);
      });
    };
    scheduler.plan(process.name, 'commits', { least: least.write, most: most.write }, () => {
      if (outcome === 'not taken') {
        answer(uncertain('HTTP 503'));
        return;
      }
      const status = commit();
      scheduler.note(() => `${process.name} ${what}: HTTP ${status}, ${outcome}`);
      onCommit();
      answer(status === 400 ? full : outcome === 'answered' ? { kind: 'done' } : uncertain('ECONNRESET'));
    });
    return parked.promise;
  };
  return {
    list(signal) {
      signal.throwIfAborted();
      onCall();
      const parked = scheduler.park<Awaited<ReturnType<ProfileRules['list']>>>(process);
      scheduler.plan(process.name, 'reads', { least: least.read, most: most.read }, () => {
        parked.answer({ rules: profile.show(), azureTime: epoch + parts.azureSkew + scheduler.now() });
      });
      return parked.promise;
    },
    put: (name, networks, signal) => write(`puts ${name}`, signal, () => profile.put(name, networks, scheduler.now())),
    remove: (name, signal) => write(`removes ${name}`, signal, () => profile.remove(name, scheduler.now())),
  };
}

const diagnosis = { code: 'AKV-NETWORK', summary: 'Azure Resource Manager does not answer.', remedy: [] } as const;
const full: RuleOutcome = { kind: 'refused', diagnosis, mayBeFull: true };

function uncertain(reason: string): RuleOutcome {
  return { kind: 'uncertain', reason, diagnosis };
}

/** A vault that the profile alone decides about. */
export function createDataPlane({
  scheduler,
  profile,
  faults,
  process,
  address,
  onCall,
}: ProfilePortsParts): DataPlane {
  const ask = <T>(answer: () => T, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted();
    onCall();
    const parked = scheduler.park<T>(process);
    scheduler.plan(process.name, 'reads', { least: least.check, most: most.check }, () => {
      parked.answer(answer());
    });
    return parked.promise;
  };
  return {
    readNetworkInfo: (signal) => ask(() => ({ path: 'public', address }) as const, signal),
    checkAccess: (signal) =>
      ask(() => {
        const isIn = profile.isAdmittedAt(faults.frontEnd(), address, scheduler.now());
        return isIn ? ({ kind: 'passed' } as const) : ({ kind: 'blocked' } as const);
      }, signal),
  };
}

export function createClock({ scheduler, process, skew, onCall }: ProfilePortsParts): Clock {
  return {
    now: () => epoch + skew + scheduler.now(),
    monotonic: () => scheduler.now(),
    sleep(milliseconds, signal) {
      signal.throwIfAborted();
      if (milliseconds <= 0) return Promise.resolve();
      onCall();
      const parked = scheduler.park<undefined>(process);
      scheduler.plan(process.name, 'wakes', { least: milliseconds, most: milliseconds }, () => {
        parked.answer(undefined);
      });
      return parked.promise;
    },
  };
}
