import type { Clock, Deadline, Log, Random } from '../../shared/ports';
import { covers } from '../address/address';
import type { Ledger } from '../protocol/ledger';
import { closeOwnRules, closeRule, sweepProfile } from './close-rules';
import type { AccessRule, AssociationLookup, ProfileRules, RuleList } from '../ports/profile';
import { parseProfileId, type ProfileId } from '../resource-ids/profile-id';
import { createProfileRule, type ProfileRule } from './profile-rule';
import { parseRuleName } from './rule-name';
import type { RuleParts } from './write-rule';

/** Everything that a phase of the step does with the profiles of perimeters. */
export interface Perimeters {
  /** The step's rule in a profile: one, however many of its vaults share the profile. */
  ruleIn(profile: ProfileId): ProfileRule;
  /** Which perimeter a vault is in, as far as Azure tells. */
  associationOf(vaultId: string): Promise<AssociationLookup>;
  /**
   * Whether the profile has a rule of its administrators that allows these networks, or may do so because it names no
   * networks. A vault accepts an agent for a while after another job's rule for the same address is gone.
   */
  hasPermanentRule(profile: ProfileId, networks: readonly string[]): Promise<boolean>;
  /** Calls `work` with the profile with which a vault is associated, if Azure shows one. */
  ofVault(vaultId: string, work: (profile: ProfileId) => Promise<void>): Promise<void>;
  close(profile: ProfileId, rule: string): Promise<void>;
  closeOwn(profile: ProfileId): Promise<void>;
  /** Gives how many expired rules it has removed. */
  sweep(profile: ProfileId): Promise<number>;
  list(profile: ProfileId): Promise<RuleList>;
}

interface PerimetersParts {
  readonly rulesOf: (profile: ProfileId) => ProfileRules;
  readonly associationOf: (vaultId: string) => Promise<AssociationLookup>;
  /** The id of this step's rule in a profile. */
  readonly leaseIdOf: (resourceId: string) => string;
  readonly ledger: Ledger;
  readonly leaseMinutes: number;
  /** The networks are the user's own, and not found one by one. */
  readonly areGiven: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
}

export function createPerimeters(parts: PerimetersParts): Perimeters {
  const { clock, deadline, log, random, signal } = parts;
  const own = new Map<string, ProfileRule>();
  const rulePartsOf = (profile: ProfileId): RuleParts => ({
    ...{ profile: profile.title, rules: parts.rulesOf(profile), clock, deadline, log, random, signal },
  });
  const list = (profile: ProfileId) => parts.rulesOf(profile).list(signal);
  const leaseIdOf = (profile: ProfileId) => parts.leaseIdOf(profile.id);
  return {
    ruleIn(profile) {
      const key = profile.id.toLowerCase();
      const more = { ...parts, profileId: profile.id, leaseId: leaseIdOf(profile) };
      const rule = own.get(key) ?? createProfileRule({ ...more, ...rulePartsOf(profile) });
      own.set(key, rule);
      return rule;
    },
    associationOf: parts.associationOf,
    async hasPermanentRule(profile, networks) {
      const { rules } = await list(profile);
      const isCovered = (by: readonly AccessRule[]) =>
        networks.every((network) => by.some((rule) => rule.networks.some((one) => covers(one, network))));
      const lasting = rules.filter(({ name }) => parseRuleName(name) === undefined);
      const isNamed = isCovered(lasting);
      const mayBeOther = lasting.some((rule) => rule.elements > rule.networks.length);
      return isNamed || (mayBeOther && !isCovered(rules));
    },
    async ofVault(vaultId, work) {
      const lookup = await parts.associationOf(vaultId);
      const profile = lookup.kind === 'found' ? parseProfileId(lookup.association.profileId) : undefined;
      if (profile !== undefined) {
        await work(profile);
      }
    },
    close: (profile, rule) => closeRule(rule, leaseIdOf(profile), rulePartsOf(profile)),
    closeOwn: (profile) => closeOwnRules(leaseIdOf(profile), rulePartsOf(profile)),
    sweep: (profile) => sweepProfile(rulePartsOf(profile)),
    list,
  };
}
