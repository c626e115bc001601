import { DiagnosedError } from '../shared/diagnosis';
import type { Clock, Log } from '../shared/host';
import type { VaultDoor } from './ports';

/** Rules reach a vault's front ends one by one, so only several passes in a row on new connections mean "open". */
export const passesNeeded = 3;
const pause = 1_000;

/** Knocks at a vault until it is really open. */
export interface Probe {
  /** Knocks for at most so many milliseconds, but at least once; gives true when the vault is open. */
  knock(milliseconds: number): Promise<boolean>;
  /** The address that the last denial named, once. */
  takeBlockedAddress(): string | undefined;
}

/** What a probe needs. */
export interface ProbeParts {
  readonly vault: string;
  readonly door: VaultDoor;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** An address that is allowed already: a denial that names it only means that the rule is not everywhere yet. */
  readonly isAllowed: (address: string) => boolean;
}

interface Knocks {
  isBlockTold: boolean;
  passes: number;
  blockedAddress: string | undefined;
}

/** Starts with no pass; every denial starts the count anew. */
export function createProbe(parts: ProbeParts): Probe {
  const { clock, signal } = parts;
  const knocks: Knocks = { isBlockTold: false, passes: 0, blockedAddress: undefined };
  return {
    async knock(milliseconds) {
      const end = clock.monotonic() + milliseconds;
      while (knocks.passes < passesNeeded) {
        await knockOnce(knocks, parts);
        const isOver = knocks.passes < passesNeeded && clock.monotonic() >= end;
        if (knocks.blockedAddress !== undefined || isOver) {
          return false;
        }
        await clock.sleep(knocks.passes < passesNeeded ? pause : 0, signal);
      }
      await clock.sleep(Math.max(0, end - clock.monotonic()), signal);
      return true;
    },
    takeBlockedAddress() {
      const address = knocks.blockedAddress;
      knocks.blockedAddress = undefined;
      return address;
    },
  };
}

async function knockOnce(knocks: Knocks, { door, isAllowed, log, signal, vault }: ProbeParts): Promise<void> {
  const answer = await door.knock(signal);
  switch (answer.kind) {
    case 'passed':
      knocks.passes += 1;
      return;
    case 'refused':
      throw new DiagnosedError(answer.diagnosis);
    case 'unclear':
      log.debug(`${vault} gave no clear answer: ${answer.reason}`);
      return;
    case 'blocked':
      knocks.passes = 0;
      if (answer.address !== undefined && !isAllowed(answer.address)) {
        knocks.blockedAddress = answer.address;
      } else if (!knocks.isBlockTold) {
        knocks.isBlockTold = true;
        log.info(`  ${vault} does not let this agent in yet; waiting for the rule to take effect.`);
      }
  }
}
