import { perimeterMessages as messages } from '../messages/perimeter';
import type { RuleList } from '../ports/profile';
import { isExpired, isOwn } from './rule-name';
import { removeRule, type RuleParts } from './write-rule';

/**
 * Removes the step's rule, and then whatever else of this step or of jobs that never ended is in the profile: a PUT that
 * was still on its way when the step was canceled may have arrived after all.
 */
export async function closeRule(name: string, leaseId: string, parts: RuleParts): Promise<void> {
  await removeRule(name, parts);
  parts.log.info(messages.removed(parts.profile, name));
  await tidy(leaseId, parts);
}

/** Closes without a record of what was added: by the lease id in the names of the rules. */
export async function closeOwnRules(leaseId: string, parts: RuleParts): Promise<void> {
  const own = await tidy(leaseId, parts);
  if (own.length === 0) {
    parts.log.info(messages.noOwnRule(parts.profile));
  }
  for (const name of own) {
    parts.log.info(messages.removed(parts.profile, name));
  }
}

/** Removes the rules of jobs that ended without removing them, and nothing else. Gives how many. */
export async function sweepProfile(parts: RuleParts): Promise<number> {
  const swept = await sweep(await parts.rules.list(parts.signal), '', parts);
  if (swept === 0) {
    parts.log.info(messages.noneExpired(parts.profile));
  }
  return swept;
}

/** Gives the names of the step's own rules that were still there. */
async function tidy(leaseId: string, parts: RuleParts): Promise<readonly string[]> {
  const list = await parts.rules.list(parts.signal);
  const own = list.rules.map(({ name }) => name).filter((name) => isOwn(name, leaseId));
  for (const name of own) {
    await removeRule(name, parts);
  }
  await sweep(list, leaseId, parts);
  return own;
}

async function sweep({ azureTime, rules }: RuleList, ownId: string, parts: RuleParts): Promise<number> {
  const expired = rules.filter(({ name }) => !isOwn(name, ownId) && isExpired(name, azureTime));
  for (const { name } of expired) {
    await removeRule(name, parts);
  }
  if (expired.length > 0) {
    parts.log.info(messages.swept(parts.profile, expired.length));
  }
  return expired.length;
}
