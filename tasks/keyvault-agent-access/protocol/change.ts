import { covers, isSameNetwork, isSingleAddress } from '../address/address';
import { isExpired, leasesAmong, withLeases, type Claim, type Lease, type LeaseEntry } from './lease';
import type { VaultPatch } from '../ports/vault';
import { networkOf, type IpRule, type VaultState } from './vault-state';

/** The tags have no room for another lease. */
export const noRoom = Symbol('noRoom');

/** The PATCH that a vault in some state needs, or `undefined` when it needs none. */
export type Change = VaultPatch | undefined | typeof noRoom;

/**
 * True when a rule that no lease claims allows the network: a permanent rule of someone else. A claim's own earlier rules
 * (`ours`) are not someone else's, even when their lease was wiped from the tags.
 */
export function isCoveredByOthers(state: VaultState, network: string, ours: readonly string[] = []): boolean {
  const claimed = leasesAmong(state.entries).map(({ rule }) => rule);
  return state.ipRules.some(
    (rule) =>
      covers(networkOf(rule), network) && ![...claimed, ...ours].some((other) => isSameNetwork(other, networkOf(rule))),
  );
}

/** True when the vault has a rule for exactly this network, whoever's it is. */
export function hasRule(state: VaultState, network: string): boolean {
  return state.ipRules.some((rule) => isSameNetwork(networkOf(rule), network));
}

/**
 * What opening takes: each rule of the claim present, each with its lease, and leases that have expired swept. Rule and
 * lease go into one PATCH, so that another writer overwrites both or neither, and a reader sees both or neither.
 */
export function openingChange(state: VaultState, claim: Claim, expires: number): Change {
  const { kept, swept } = claim.leased ? sweep(state, claim.leaseId) : { kept: state.entries, swept: [] };
  const rules = [...claim.rules, ...leasesAmong(kept).map(({ rule }) => rule)];
  const stale = swept.filter(({ rule }) => !rules.some((other) => isSameNetwork(rule, other)));
  const missing = claim.rules.filter((rule) => !hasRule(state, rule));
  const withoutLease = claim.rules.filter((rule) => claim.leased && !holds(kept, claim.leaseId, rule));
  const leases = withoutLease.map((rule): Lease => ({ rule, expires, id: claim.leaseId }));
  if (missing.length === 0 && leases.length === 0 && swept.length === 0) {
    return undefined;
  }
  const ipRules = [
    ...without(
      state.ipRules,
      stale.map(({ rule }) => rule),
    ),
    ...missing.map((value) => ({ value })),
  ];
  return patch(state, ipRules, claim.leased ? [...kept, ...leases] : undefined);
}

/**
 * What closing takes: the claim's leases gone, and those of its rules that it added (`added`, or its lease is there to
 * prove it) and that no other live lease claims. Never a wider or another rule; of a duplicate rule one copy,
 * because this protocol never adds a second.
 */
export function closingChange(state: VaultState, claim: Claim): Change {
  const { kept, swept } = claim.leased ? sweep(state, claim.leaseId) : { kept: state.entries, swept: [] };
  const others = kept.filter((entry) => typeof entry === 'string' || entry.id !== claim.leaseId);
  const proven = claim.rules.filter(
    (rule) => claim.added || !claim.leased || holds(state.entries, claim.leaseId, rule),
  );
  const released = [...new Set([...proven, ...swept.map(({ rule }) => rule)])].filter(
    (rule) => !leasesAmong(others).some((lease) => isSameNetwork(lease.rule, rule)),
  );
  const ipRules = without(state.ipRules, released);
  if (ipRules.length === state.ipRules.length && others.length === state.entries.length) {
    return undefined;
  }
  return patch(state, ipRules, claim.leased ? others : undefined);
}

const nothingClaimed: Claim = { resourceId: '', leaseId: '', rules: [], leased: true, added: false };

/** What a sweep takes: expired leases and their rules gone, nothing else. */
export function sweepingChange(state: VaultState): Change {
  return closingChange(state, nothingClaimed);
}

/**
 * The leases that any job may remove, with their rules: expired, and of one address. Whoever may write tags can write a
 * lease, so a range, which may be a company's, is only ever removed by the job that added it.
 */
export function sweepableLeases(state: VaultState): readonly Lease[] {
  return leasesAmong(state.entries).filter((lease) => isSweepable(lease, state));
}

/** Expired leases of ranges, which no sweep removes. */
export function expiredRanges(state: VaultState): readonly Lease[] {
  return leasesAmong(state.entries).filter((lease) => isExpired(lease, state.time) && !isSingleAddress(lease.rule));
}

function isSweepable(lease: Lease, { time }: VaultState): boolean {
  return isExpired(lease, time) && isSingleAddress(lease.rule);
}

function sweep(state: VaultState, ownId: string) {
  const isSwept = (entry: LeaseEntry): entry is Lease =>
    typeof entry !== 'string' && entry.id !== ownId && isSweepable(entry, state);
  return { kept: state.entries.filter((entry) => !isSwept(entry)), swept: state.entries.filter(isSwept) };
}

function holds(entries: readonly LeaseEntry[], id: string, rule: string): boolean {
  return leasesAmong(entries).some((lease) => lease.id === id && isSameNetwork(lease.rule, rule));
}

/** The rules without one copy of each of these networks. */
function without(rules: readonly IpRule[], networks: readonly string[]): readonly IpRule[] {
  const doomed = new Set(networks.map((network) => rules.find((rule) => isSameNetwork(networkOf(rule), network))));
  return rules.filter((rule) => !doomed.has(rule));
}

function patch(state: VaultState, ipRules: readonly IpRule[], entries: readonly LeaseEntry[] | undefined): Change {
  const properties = { networkAcls: { ...state.networkAcls, ipRules } };
  if (entries === undefined) {
    return { properties };
  }
  const tags = withLeases(state.tags, entries);
  return tags === undefined ? noRoom : { tags, properties };
}
