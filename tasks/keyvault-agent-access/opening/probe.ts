import { DiagnosedError } from '../../shared/errors/diagnosis';
import type { Clock, Log } from '../../shared/ports';
import { openingMessages } from '../messages/opening';
import type { DataPlane } from '../ports/data-plane';

/** Rules reach a vault's front ends one by one, so a vault is open only after several passes in a row on new connections. */
export const passesNeeded = 3;
const pause = 1_000;
/** How long a check without a given time lasts, in milliseconds; after that the rule may have been overwritten. */
const longestCheck = 20_000;

/** Checks whether a vault accepts this agent. */
interface Probe {
  /**
   * Waits this many milliseconds, or less when a refusal names another address; with 0 it checks until the vault is
   * open, within a limit. Gives true when it is.
   */
  check(milliseconds: number): Promise<boolean>;
  /** Forgets the passes: they were for the rule as it was. */
  startOver(): void;
  /** The address that the last refusal named, once. */
  takeBlockedAddress(): string | undefined;
}

interface ProbeParts {
  readonly vault: string;
  readonly dataPlane: DataPlane;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** An address that is allowed already: a refusal that names it only means that the rule has not reached every front end yet. */
  readonly isAllowed: (address: string) => boolean;
}

interface Checks {
  isBlockReported: boolean;
  /** How often each unclear answer came. */
  readonly unclear: Map<string, number>;
  passes: number;
  blockedAddress: string | undefined;
}

/** Starts with no pass; every refusal restarts the count. */
export function createProbe(parts: ProbeParts): Probe {
  const { clock, signal } = parts;
  const checks: Checks = { isBlockReported: false, unclear: new Map(), passes: 0, blockedAddress: undefined };
  return {
    async check(milliseconds) {
      const start = clock.monotonic();
      const end = start + (milliseconds > 0 ? milliseconds : longestCheck);
      while (checks.passes < passesNeeded) {
        await checkOnce(checks, parts);
        if (checks.blockedAddress !== undefined) {
          return false;
        }
        await clock.sleep(pause, signal);
        if (checks.passes < passesNeeded && clock.monotonic() >= end) {
          return false;
        }
      }
      await clock.sleep(Math.max(0, start + milliseconds - clock.monotonic()), signal);
      return true;
    },
    startOver() {
      checks.passes = 0;
    },
    takeBlockedAddress() {
      const address = checks.blockedAddress;
      checks.blockedAddress = undefined;
      return address;
    },
  };
}

async function checkOnce(checks: Checks, { dataPlane, isAllowed, log, signal, vault }: ProbeParts): Promise<void> {
  const answer = await dataPlane.checkAccess(signal);
  switch (answer.kind) {
    case 'passed':
      checks.passes += 1;
      return;
    case 'refused':
      throw new DiagnosedError(answer.diagnosis);
    case 'unclear':
      logUnclear(answer.reason, checks, { log, vault });
      return;
    case 'blocked':
      checks.passes = 0;
      if (answer.address !== undefined && !isAllowed(answer.address)) {
        checks.blockedAddress = answer.address;
      } else if (!checks.isBlockReported) {
        checks.isBlockReported = true;
        log.info(openingMessages.notYetOpen(vault));
      }
  }
}

/** A single unclear answer is usual in a network; a repeated one may be why the step times out in the end. */
function logUnclear(reason: string, { unclear }: Checks, { log, vault }: Pick<ProbeParts, 'log' | 'vault'>): void {
  const times = (unclear.get(reason) ?? 0) + 1;
  unclear.set(reason, times);
  log[times === 2 ? 'info' : 'debug'](openingMessages.answerUnclear(vault, reason));
}
