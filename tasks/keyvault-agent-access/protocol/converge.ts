import { isDeepStrictEqual } from 'node:util';
import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';
import { noRoomForLeases, revertedByPolicy } from '../../shared/errors/policy';
import type { Clock, Deadline, Log, Random } from '../../shared/ports';
import { noRoom, type Change } from './change';
import { TagsRefused } from './tags-refused';
import { changeMessages } from '../messages/change';
import type { ArmVault, VaultPatch } from '../ports/vault';
import { createQuietPeriod, longestStaleness, quietPeriod } from './quiet-period';
import { readVaultState, type VaultState } from './vault-state';

/** The ports that changing a vault takes. */
export interface WriterParts {
  readonly armVault: ArmVault;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
}

/** What it takes to bring a vault into a state and keep it there. */
export interface Convergence extends WriterParts {
  /** The PATCH that a vault in this state still needs. */
  readonly change: (state: VaultState) => Change;
  /** Called before each PATCH; it is not sent before the promise resolves. */
  readonly beforeWrite?: () => Promise<void>;
  /** Called with the vault that an answer to a PATCH shows, and with the one that it was built on. */
  readonly onWritten?: (after: VaultState, before: VaultState) => Promise<void>;
  /**
   * For at most this many milliseconds, a vault that was just written is not written: whoever opens it waits for a
   * quiet period, and every write restarts it.
   */
  readonly maxYield?: number;
  /** False while the vault has nothing of ours that others could overwrite: then no quiet period is needed. */
  readonly isAtStake?: () => boolean;
  /**
   * Waits this many milliseconds, or less when something came up that needs the vault read again.
   * Gives true when, for its part, the work is done.
   */
  readonly meanwhile?: (milliseconds: number) => Promise<boolean>;
}

/** After this many writes whose answer shows the vault without the change, a policy is suspected. */
const mostReverts = 3;

/** What reading and writing once takes, in milliseconds: with less left, another attempt would end in the time limit. */
const leastAttempt = 2_000;

/**
 * How often the vault is read while waiting: the sooner another job's write is seen, the sooner its quiet period begins.
 * Fifty jobs at once still stay within Azure's 25 reads a second.
 */
const pollInterval = 2_500;

/**
 * Reads, changes and reads again until the vault is as wanted and has been quiet, or as wanted, for long enough. A PATCH is sent
 * once: after a conflict or an answer that never came, the vault is read again and a new one is built from what is
 * there.
 *
 * @throws DiagnosedError when the change is refused; TagsRefused when only its tags are.
 */
export async function converge(parts: Convergence): Promise<VaultState> {
  const { clock, signal } = parts;
  const quiet = createQuietPeriod();
  const meanwhile = parts.meanwhile ?? ((milliseconds: number) => clock.sleep(milliseconds, signal).then(() => true));
  const yieldUntil = clock.monotonic() + (parts.maxYield ?? 0);
  let troubles = 0;
  let reverts = 0;
  for (;;) {
    const started = clock.monotonic();
    let state = readVaultState(await parts.armVault.get(signal));
    const answered = clock.monotonic();
    const patch = wanted(parts.change(state), state);
    quiet.observe(state.stamp, { asked: started, answered, isInPlace: patch === undefined });
    const yieldFor = patch !== undefined && started < yieldUntil ? timeToStayAway(state) : 0;
    if (yieldFor > 0) {
      await clock.sleep(yieldFor + 1_000 * parts.random(), signal);
      continue;
    }
    if (patch !== undefined) {
      const written = await tryToWrite(patch, started, parts);
      if ('wait' in written) {
        troubles += 1;
        await clock.sleep(pauseAfter(written, troubles, parts), signal);
        continue;
      }
      await parts.onWritten?.(written.state, state);
      state = written.state;
      const missing = parts.change(state);
      if (missing !== undefined) {
        reverts += 1;
        assertNotReverted(reverts, state, missing);
        continue;
      }
      quiet.adopt(state.stamp, clock.monotonic());
    }
    const remaining = parts.isAtStake?.() === false ? 0 : quiet.remaining(clock.monotonic());
    const satisfied = await meanwhile(Math.min(remaining, pollInterval));
    if (satisfied && patch === undefined && remaining === 0) {
      return state;
    }
  }
}

function wanted(change: Change, { name }: VaultState): VaultPatch | undefined {
  if (change === noRoom) {
    throw new TagsRefused(changeMessages.noRoom, noRoomForLeases(name));
  }
  return change;
}

/** Milliseconds during which a write would disturb another job's quiet period. */
function timeToStayAway(state: VaultState): number {
  const age = state.time - Date.parse(state.stamp);
  return age >= 0 && age < quietPeriod ? quietPeriod - age : 0;
}

type Written = { readonly state: VaultState } | Trouble;

/** A write that has to start again. */
interface Trouble {
  readonly wait: number | undefined;
  readonly diagnosis?: Diagnosis | undefined;
}

async function tryToWrite(patch: VaultPatch, started: number, parts: Convergence): Promise<Written> {
  await parts.beforeWrite?.();
  const age = parts.clock.monotonic() - started;
  if (age > longestStaleness) {
    parts.log.debug(changeMessages.staleRead(Math.round(age)));
    return { wait: undefined };
  }
  const outcome = await parts.armVault.patch(patch, parts.signal);
  switch (outcome.kind) {
    case 'written':
      return { state: readVaultState(outcome) };
    case 'uncertain':
      parts.log.debug(changeMessages.uncertain(outcome.reason));
      return { wait: outcome.waitFor, diagnosis: outcome.diagnosis };
    case 'refused':
      if (patch.tags !== undefined && outcome.tagsRefused) {
        throw new TagsRefused(outcome.diagnosis.said ?? outcome.diagnosis.summary, outcome.diagnosis);
      }
      throw new DiagnosedError(outcome.diagnosis);
  }
}

/**
 * Milliseconds until the next attempt. If the step's time would be over by then, the last failure is the result: it
 * explains more than the time limit.
 */
function pauseAfter({ wait, diagnosis }: Trouble, troubles: number, { deadline, random }: Convergence): number {
  const pause = wait ?? backOff(troubles, random);
  if (diagnosis !== undefined && pause + leastAttempt > deadline.timeLeft()) {
    throw new DiagnosedError(diagnosis);
  }
  return pause;
}

/** Full jitter up to 8 s, so that parallel jobs that collided do not collide again. */
function backOff(troubles: number, random: Random): number {
  return Math.min(8_000, 500 * 2 ** troubles) * (0.5 + random() / 2);
}

/** When only the tags were removed, the rules are in place, and opening can continue without leases. */
function assertNotReverted(reverts: number, state: VaultState, missing: Change): void {
  if (reverts < mostReverts) {
    return;
  }
  const reverted = revertedByPolicy(state.name, reverts);
  if (typeof missing === 'object' && isDeepStrictEqual(missing.properties.networkAcls.ipRules, state.ipRules)) {
    throw new TagsRefused(changeMessages.tagsStripped, reverted);
  }
  throw new DiagnosedError(reverted);
}
