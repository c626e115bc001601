import { DiagnosedError } from '../../shared/errors/diagnosis';
import { isSameNetwork } from '../address/address';
import { perimeterMessages as messages } from '../messages/perimeter';
import type { Ledger } from '../protocol/ledger';
import { parseRuleId, ruleIdOf } from '../resource-ids/profile-id';
import { toRuleName } from './rule-name';
import { putRule, type RuleParts } from './write-rule';

/** The one access rule that this step has in a profile, for all vaults that are associated with it. */
export interface ProfileRule {
  /** Adds the networks to the rule; resolves once Azure has it with all of them. */
  admit(networks: readonly string[]): Promise<void>;
}

interface ProfileRuleParts extends RuleParts {
  readonly profileId: string;
  readonly leaseId: string;
  readonly leaseMinutes: number;
  /** The networks are the user's own, and not found one by one. */
  readonly areGiven: boolean;
  readonly ledger: Ledger;
}

/** Most addresses that are found one by one; an agent with more needs its range in `ipAddresses`. */
const mostAddresses = 4;

interface Progress {
  name: string | undefined;
  readonly wanted: Set<string>;
  written: readonly string[];
}

/** Nothing is written before something is to be admitted. An earlier attempt's rule is this one's too. */
export function createProfileRule(parts: ProfileRuleParts): ProfileRule {
  const progress: Progress = { name: nameOfEarlierAttempt(parts), wanted: new Set(), written: [] };
  let last: Promise<void> = Promise.resolve();
  return {
    admit(networks) {
      for (const network of networks) {
        progress.wanted.add(network);
      }
      // One PUT after the other: each has all networks, and an older one must not come later.
      last = last.then(() => write(progress, parts));
      return last;
    },
  };
}

async function write(progress: Progress, parts: ProfileRuleParts): Promise<void> {
  const networks = [...progress.wanted];
  if (networks.every((network) => progress.written.some((one) => isSameNetwork(one, network)))) {
    return;
  }
  assertFew(networks, parts);
  progress.name ??= await newName(parts);
  const { leaseId, ledger, log, profile, profileId } = parts;
  const resourceId = ruleIdOf(profileId, progress.name);
  await ledger.record({ resourceId, leaseId, rules: networks, leased: true, added: false });
  await putRule(progress.name, networks, parts);
  progress.written = networks;
  log.info(messages.added(profile, networks, progress.name));
}

/** By Azure's clock, so that a sweep never takes a job's rule because the agent's clock is wrong. */
async function newName({ clock, leaseId, leaseMinutes, rules, signal }: ProfileRuleParts): Promise<string> {
  const { azureTime } = await rules.list(signal);
  const now = Number.isNaN(azureTime) ? clock.now() : azureTime;
  return toRuleName({ expires: now + leaseMinutes * 60_000, leaseId });
}

function nameOfEarlierAttempt({ ledger, profileId }: ProfileRuleParts): string | undefined {
  return ledger
    .all()
    .map(({ resourceId }) => parseRuleId(resourceId))
    .find((rule) => rule?.profile.id.toLowerCase() === profileId.toLowerCase())?.name;
}

function assertFew(networks: readonly string[], { areGiven, profile }: ProfileRuleParts): void {
  if (!areGiven && networks.length > mostAddresses) {
    throw new DiagnosedError({ code: 'AKV-ADDRESS-UNKNOWN', ...messages.tooManyAddresses(profile, networks) });
  }
}
