import type { Change } from '../../../tasks/keyvault-agent-access/protocol/change';
import { readLeases, withLeases, type Claim, type Lease } from '../../../tasks/keyvault-agent-access/protocol/lease';
import { newYear, resourceId, type VaultFacts } from './vault-fixture';

/** The moment of the tests. */
export const now = newYear;
export const hour = 3_600_000;
export const mine: Lease = { rule: '20.1.2.3/32', expires: now + hour, id: 'mine00' };
export const theirs: Lease = { rule: '20.9.9.9/32', expires: now + hour, id: 'theirs' };
export const sharing: Lease = { ...mine, id: 'theirs' };
export const orphan: Lease = { rule: '20.5.5.5/32', expires: now - hour, id: 'orphan' };
export const claim: Claim = { resourceId, leaseId: mine.id, rules: [mine.rule], leased: true, added: true };

export const tagsWith = (...leases: readonly Lease[]): Readonly<Record<string, string>> =>
  withLeases({ owner: 'team-a' }, leases)!;
export const values = (change: Change): unknown =>
  typeof change === 'object'
    ? (change.properties.networkAcls.ipRules as { value: string }[]).map(({ value }) => value)
    : change;
export const leasesIn = (change: Change): unknown =>
  typeof change === 'object' ? readLeases(change.tags ?? {}, now) : change;

/** A vault, and what a change makes of it: `undefined` for no change. */
export interface Row {
  readonly title: string;
  readonly vault: VaultFacts;
  readonly claim?: Partial<Claim>;
  readonly rules: unknown;
  readonly leases?: unknown;
}
