import { DiagnosedError } from '../shared/errors/diagnosis';
import type { Clock, Log } from '../shared/ports';
import { openingMessages } from './messages/opening';
import type { VaultDoor } from './ports';

/** Rules reach a vault's front ends one by one, so only several passes in a row on new connections mean "open". */
export const passesNeeded = 3;
const pause = 1_000;
/** How long a knocking without a given time lasts; then the rule may have been overwritten by somebody. */
const longestKnocking = 20_000;

/** Knocks at a vault until it is really open. */
export interface Probe {
  /**
   * Spends so many milliseconds, or less when a denial names another address; with 0 it knocks until the vault is
   * open, but not forever. Gives true when it is.
   */
  knock(milliseconds: number): Promise<boolean>;
  /** What was seen so far says nothing of the rule as it is now. */
  startOver(): void;
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
  /** How often each answer came that says nothing. */
  readonly unclear: Map<string, number>;
  passes: number;
  blockedAddress: string | undefined;
}

/** Starts with no pass; every denial starts the count anew. */
export function createProbe(parts: ProbeParts): Probe {
  const { clock, signal } = parts;
  const knocks: Knocks = { isBlockTold: false, unclear: new Map(), passes: 0, blockedAddress: undefined };
  return {
    async knock(milliseconds) {
      const start = clock.monotonic();
      const end = start + (milliseconds > 0 ? milliseconds : longestKnocking);
      while (knocks.passes < passesNeeded) {
        await knockOnce(knocks, parts);
        if (knocks.blockedAddress !== undefined) {
          return false;
        }
        await clock.sleep(pause, signal);
        if (knocks.passes < passesNeeded && clock.monotonic() >= end) {
          return false;
        }
      }
      await clock.sleep(Math.max(0, start + milliseconds - clock.monotonic()), signal);
      return true;
    },
    startOver() {
      knocks.passes = 0;
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
      tellUnclear(answer.reason, knocks, { log, vault });
      return;
    case 'blocked':
      knocks.passes = 0;
      if (answer.address !== undefined && !isAllowed(answer.address)) {
        knocks.blockedAddress = answer.address;
      } else if (!knocks.isBlockTold) {
        knocks.isBlockTold = true;
        log.info(openingMessages.notYetOpen(vault));
      }
  }
}

/** One hiccup is the network's usual day; an answer that comes again may be what the step waits for in the end. */
function tellUnclear(reason: string, { unclear }: Knocks, { log, vault }: Pick<ProbeParts, 'log' | 'vault'>): void {
  const times = (unclear.get(reason) ?? 0) + 1;
  unclear.set(reason, times);
  log[times === 2 ? 'info' : 'debug'](openingMessages.answerUnclear(vault, reason));
}
