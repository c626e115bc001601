import ipaddr from 'ipaddr.js';
import type { JobKey } from '../../shared/ports';

/** A job's claim on a firewall rule, kept in the vault's tags so that other jobs and later sweeps can see it. */
export interface Lease {
  /** The rule's network, `a.b.c.d/n`. */
  readonly rule: string;
  /** When the claim ends, milliseconds since 1970, to the minute. */
  readonly expires: number;
  /** The claiming step: six characters of `0-9a-z`. */
  readonly id: string;
}

/** What one step claims of one vault: what it adds when it opens, and takes away when it closes. */
export interface Claim {
  readonly resourceId: string;
  readonly leaseId: string;
  /** The networks that this step lets in, canonical. */
  readonly rules: readonly string[];
  /** False when the vault's tags are not to be touched (`coordination: none`). */
  readonly leased: boolean;
  /** True once the vault was seen with the rules after our own write. */
  readonly added: boolean;
}

/** One entry of the lease tags. What is no lease of a form known here is kept as it is. */
export interface LeaseEntry {
  readonly text: string;
  readonly lease?: Lease;
}

/** Name of the first tag with leases; further ones are numbered from 2. Azure compares tag names in any case. */
export const leaseTag = 'KvAgentAccess';
const idLength = 6;

/**
 * The id of a step's lease on one vault: every phase of the step can make it again, so the lease is found even without
 * a record; who does not have the job's key cannot foretell it. Two billion ids: jobs with the same one behind the same
 * address would remove each other's rule.
 */
export function leaseIdOf(key: JobKey, stepId: string, resourceId: string): string {
  const digest = BigInt(`0x${key.digest('lease', stepId, resourceId.toLowerCase())}`);
  return (digest % 36n ** BigInt(idLength)).toString(36).padStart(idLength, '0');
}

/** Azure's limits on tags (learn.microsoft.com, "Use tags to organize your Azure resources"). */
const longestTagValue = 256;
const mostTags = 50;

const isLeaseTag = /^KvAgentAccess\d*$/i;
/** Address (8 hex digits), prefix length (base 36), expiry (minutes since 1970, base 36), id: 20 characters. */
const entryForm = /^([0-9a-f]{8})([0-9a-w])([0-9a-z]{5})([0-9a-z]{6})$/;
const minute = 60_000;

/** All entries of all lease tags, in the tags' order. */
export function readLeases(tags: Readonly<Record<string, string>>): readonly LeaseEntry[] {
  return Object.entries(tags)
    .filter(([name]) => isLeaseTag.test(name))
    .flatMap(([, value]) => value.split(','))
    .filter((text) => text !== '')
    .map((text) => {
      const lease = parseEntry(text);
      return lease === undefined ? { text } : { text, lease };
    });
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

/** The entry of a lease. Its expiry is rounded up to the minute. */
export function toEntry(lease: Lease): LeaseEntry {
  const [address = '', prefix = ''] = lease.rule.split('/');
  const hex = ipaddr.IPv4.parse(address)
    .toByteArray()
    .map((octet) => octet.toString(16).padStart(2, '0'));
  const minutes = Math.ceil(lease.expires / minute);
  const text = [...hex, Number(prefix).toString(36), minutes.toString(36).padStart(5, '0'), lease.id].join('');
  return { text, lease: { ...lease, expires: minutes * minute } };
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
  const values = pack(entries.map(({ text }) => text));
  const packed = values.map((value, index): [string, string] => [
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
