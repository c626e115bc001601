import ipaddr from 'ipaddr.js';
import type { JobKey } from '../../shared/ports';

/** A job's claim on a firewall rule, kept in the vault's tags so that other jobs and later sweeps can see it. */
export interface Lease {
  /** The rule's network, `a.b.c.d/n`. */
  readonly rule: string;
  /** When the claim ends, milliseconds since 1970, to the minute, by Azure's clock. */
  readonly expires: number;
  /** The claiming step: six characters of `0-9a-z`. */
  readonly id: string;
}

/** What one step claims of one vault: what it adds when it opens, and takes away when it closes. */
export interface Claim {
  readonly resourceId: string;
  readonly leaseId: string;
  /** The networks that this step allows, canonical. */
  readonly rules: readonly string[];
  /** False when the vault's tags are not to be touched (`coordination: none`). */
  readonly leased: boolean;
  /** True once the vault was seen with the rules after our own write. */
  readonly added: boolean;
}

/** An entry of the lease tags: a lease, or another text, which is kept unchanged. */
export type LeaseEntry = Lease | string;

/** The longest lease, in minutes: longer than any job on a Microsoft-hosted agent may run. */
export const mostLeaseMinutes = 60 * 24 * 30;

/** Name of the first tag with leases; further ones are numbered from 2. Azure compares tag names in any case. */
const leaseTag = 'KvAgentAccess';
const isLeaseTag = /^KvAgentAccess\d*$/i;

/** Whether a resource with these tags has a lease. */
export function hasLeaseTag(tags: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(tags).some((name) => isLeaseTag.test(name));
}

/** Azure's limits on tags (learn.microsoft.com, "Use tags to organize your Azure resources"). */
const longestTagValue = 256;
const mostTags = 50;

/** Address (8 hex digits), prefix length (base 36), expiry (minutes since 1970, base 36), id: 20 characters. */
const entryForm = /^([0-9a-f]{8})([0-9a-w])([0-9a-z]{5})([0-9a-z]{6})$/;
const idLength = 6;
const minute = 60_000;

/** Other jobs' leases may end this much later than they seem to before they are removed, in milliseconds. */
const clockTolerance = 5 * minute;

/**
 * The id of a step's lease on one vault: every phase of the step can make it again, so the lease is found even without
 * a record; it cannot be predicted without the job's key. Two billion ids: jobs with the same one behind the same
 * address would remove each other's rule.
 */
export function leaseIdOf(key: JobKey, stepId: string, resourceId: string): string {
  const digest = BigInt(`0x${key.digest('lease', stepId, resourceId.toLowerCase())}`);
  return (digest % 36n ** BigInt(idLength)).toString(36).padStart(idLength, '0');
}

/**
 * All entries of all lease tags, in the tags' order. A lease that ends later than any job could have asked for at this
 * `time` is ignored: it was written to make a rule stay.
 */
export function readLeases(tags: Readonly<Record<string, string>>, time: number): readonly LeaseEntry[] {
  return Object.entries(tags)
    .filter(([name]) => isLeaseTag.test(name))
    .flatMap(([, value]) => value.split(','))
    .filter((text) => text !== '')
    .map((text) => {
      const lease = parseEntry(text);
      const isTooLong = lease !== undefined && lease.expires > time + mostLeaseMinutes * minute + clockTolerance;
      return lease === undefined || isTooLong ? text : lease;
    });
}

export function leasesAmong(entries: readonly LeaseEntry[]): readonly Lease[] {
  return entries.filter((entry) => typeof entry !== 'string');
}

/** True for the lease of a job that must have ended long ago without closing. Without a time nothing has expired. */
export function isExpired(lease: Lease, time: number): boolean {
  return lease.expires + clockTolerance < time;
}

function parseEntry(text: string): Lease | undefined {
  const [, address, prefix, minutes, id] = entryForm.exec(text) ?? [];
  if (address === undefined || prefix === undefined || minutes === undefined || id === undefined) {
    return undefined;
  }
  const octets = address.match(/../g) ?? [];
  return {
    rule: `${octets.map((octet) => Number.parseInt(octet, 16)).join('.')}/${Number.parseInt(prefix, 36)}`,
    expires: Number.parseInt(minutes, 36) * minute,
    id,
  };
}

/** An entry as it is written in a tag. A lease's end is rounded up to the minute. */
export function renderEntry(entry: LeaseEntry): string {
  if (typeof entry === 'string') {
    return entry;
  }
  const [address = '', prefix = ''] = entry.rule.split('/');
  const hex = ipaddr.IPv4.parse(address)
    .toByteArray()
    .map((octet) => octet.toString(16).padStart(2, '0'));
  const minutes = Math.ceil(entry.expires / minute);
  return [...hex, Number(prefix).toString(36), minutes.toString(36).padStart(5, '0'), entry.id].join('');
}

/**
 * The vault's tags with exactly these lease entries, every other tag as it was; `undefined` when they do not fit into
 * Azure's limits. The tags disappear with the last lease.
 */
export function withLeases(
  tags: Readonly<Record<string, string>>,
  entries: readonly LeaseEntry[],
): Readonly<Record<string, string>> | undefined {
  const others = Object.entries(tags).filter(([name]) => !isLeaseTag.test(name));
  const packed = pack(entries.map(renderEntry)).map((value, index): [string, string] => [
    index === 0 ? leaseTag : `${leaseTag}${index + 1}`,
    value,
  ]);
  return others.length + packed.length > mostTags ? undefined : Object.fromEntries([...others, ...packed]);
}

function pack(texts: readonly string[]): readonly string[] {
  const values: string[] = [];
  for (const text of texts) {
    const last = values.at(-1);
    const joined = last === undefined ? text : `${last},${text}`;
    if (last !== undefined && joined.length <= longestTagValue) {
      values[values.length - 1] = joined;
    } else {
      values.push(text);
    }
  }
  return values;
}
