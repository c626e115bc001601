import { DiagnosedError } from '../../shared/errors/diagnosis';
import type { Clock, Deadline, Log, Random } from '../../shared/ports';
import { perimeterMessages as messages } from '../messages/perimeter';
import type { ProfileRules, RuleOutcome } from '../ports/profile';
import { isExpired } from './rule-name';

/** What it takes to write the rules of one profile. */
export interface RuleParts {
  /** The profile's name, as the user reads it. */
  readonly profile: string;
  readonly rules: ProfileRules;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
}

/** Elements of all rules of a profile (learn.microsoft.com, "Network security perimeter limits"). */
export const mostElements = 200;

/** What another attempt takes, in milliseconds: with less left, it would end in the time limit, which explains less. */
const leastAttempt = 2_000;

/**
 * Makes the rule or replaces it, however often that takes. In a full profile, rules of jobs that have ended are removed,
 * and if there are none, this waits until other jobs end.
 *
 * @throws DiagnosedError when Azure refuses it, or when there is no time for another attempt.
 */
export async function putRule(name: string, networks: readonly string[], parts: RuleParts): Promise<void> {
  const fullReported = { yet: false };
  await repeat(parts, async () => {
    const outcome = await parts.rules.put(name, networks, parts.signal);
    return outcome.kind === 'refused' && outcome.mayBeFull
      ? makeRoom(name, networks.length, outcome, fullReported, parts)
      : outcome;
  });
}

/** Removes the rule, however often that takes. @throws DiagnosedError when Azure refuses it, or when time is short. */
export function removeRule(name: string, parts: RuleParts): Promise<void> {
  return repeat(parts, () => parts.rules.remove(name, parts.signal));
}

async function repeat(parts: RuleParts, send: () => Promise<RuleOutcome>): Promise<void> {
  const { clock, deadline, log, signal } = parts;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await send();
    if (outcome.kind === 'done') {
      return;
    }
    if (outcome.kind === 'refused') {
      throw new DiagnosedError(outcome.diagnosis);
    }
    const pause = outcome.waitFor ?? backOff(attempts, parts.random);
    if (pause + leastAttempt > deadline.timeLeft()) {
      throw new DiagnosedError(outcome.diagnosis);
    }
    log.debug(messages.uncertain(parts.profile, outcome.reason));
    await clock.sleep(pause, signal);
  }
}

/** Full jitter up to 8 s, so that parallel jobs that collided do not collide again. */
function backOff(attempts: number, random: Random): number {
  return Math.min(8_000, 500 * 2 ** attempts) * (0.5 + random() / 2);
}

/** How often a full profile is tried again, in milliseconds. */
const waitForRoom = 15_000;

/** The refusal as it is, unless the profile turns out to be full: then another attempt, later if nothing had expired. */
async function makeRoom(
  name: string,
  needed: number,
  refusal: RuleOutcome,
  reported: { yet: boolean },
  parts: RuleParts,
): Promise<RuleOutcome> {
  const { log, profile, random, rules, signal } = parts;
  const list = await rules.list(signal);
  const used = list.rules.reduce((sum, rule) => sum + (rule.name === name ? 0 : rule.elements), 0);
  if (used + needed <= mostElements) {
    return refusal;
  }
  const diagnosis = { code: 'AKV-PERIMETER-FULL', ...messages.full(profile, used, mostElements) } as const;
  const expired = list.rules.filter((rule) => isExpired(rule.name, list.azureTime));
  for (const rule of expired) {
    await removeRule(rule.name, parts);
  }
  if (expired.length > 0) {
    log.info(messages.swept(profile, expired.length));
  } else if (!reported.yet) {
    reported.yet = true;
    log.info(messages.waitingForRoom(profile, mostElements));
  }
  const waitFor = expired.length > 0 ? 0 : waitForRoom * (0.5 + random());
  return { kind: 'uncertain', reason: messages.noRoom, waitFor, diagnosis };
}
