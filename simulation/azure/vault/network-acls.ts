/** A vault's `networkAcls`: what the service accepts, and the form in which it stores and returns them. */
import ipaddr from 'ipaddr.js';

import { refuse } from '../http/exchange';

export interface IpRule {
  readonly value: string;
}

interface VirtualNetworkRule {
  readonly id: string;
  readonly [member: string]: unknown;
}

export interface NetworkAcls {
  readonly bypass: string;
  readonly defaultAction: string;
  readonly ipRules: readonly IpRule[];
  readonly virtualNetworkRules: readonly VirtualNetworkRule[];
  /** Members that this simulation does not know are kept unchanged. */
  readonly [member: string]: unknown;
}

/** The network rules of a vault that was created without any. */
export const openAcls: NetworkAcls = {
  bypass: 'AzureServices',
  defaultAction: 'Allow',
  ipRules: [],
  virtualNetworkRules: [],
};

const maximumIpRules = 1000;
const maximumVirtualNetworkRules = 200;
const privateRanges: readonly (readonly [network: string, first: string, last: string])[] = [
  ['10.0.0.0/8', '10.0.0.0', '10.255.255.255'],
  ['172.16.0.0/12', '172.16.0.0', '172.31.255.255'],
  ['192.168.0.0/16', '192.168.0.0', '192.168.255.255'],
];

/** `1.2.3.4` and `1.2.3.0/24` as network and prefix length; undefined for everything else, IPv6 included. */
export function parseIpv4Network(text: string): [ipaddr.IPv4, number] | undefined {
  const cidr = text.includes('/') ? text : `${text}/32`;
  if (!ipaddr.IPv4.isValidCIDR(cidr) || !ipaddr.IPv4.isValidFourPartDecimal(cidr.split('/')[0] ?? '')) return undefined;
  return ipaddr.IPv4.parseCIDR(cidr);
}

/** Whether the address lies in the network, both as text. */
export function isWithin(address: string, network: string): boolean {
  const parsed = parseIpv4Network(network);
  return (
    parsed !== undefined && ipaddr.IPv4.isValidFourPartDecimal(address) && ipaddr.IPv4.parse(address).match(parsed)
  );
}

/** `null` clears, an absent member is unchanged, an array replaces the whole array. */
export function mergeAcls(current: NetworkAcls, change: unknown): NetworkAcls {
  if (change === null) return openAcls;
  if (typeof change !== 'object' || Array.isArray(change))
    throw badAcls('properties.networkAcls', JSON.stringify(change));
  const merged = { ...current, ...(change as Partial<NetworkAcls>) };
  return {
    ...merged,
    ipRules: keepIpRules(merged.ipRules),
    virtualNetworkRules: keepSubnets(merged.virtualNetworkRules),
  };
}

/** The member in the answer to GET: absent if it has no content (recorded in azure-sdk-for-js arm-keyvault). */
export function showAcls(acls: NetworkAcls): NetworkAcls | undefined {
  const silent = acls.defaultAction === 'Allow' && acls.ipRules.length === 0 && acls.virtualNetworkRules.length === 0;
  return silent ? undefined : acls;
}

function keepIpRules(rules: readonly IpRule[]): IpRule[] {
  if (rules.length > maximumIpRules) {
    throw refuse(
      400,
      'BadRequest',
      `The number of IP rules (${rules.length}) exceeds the maximum of ${maximumIpRules}.`,
    );
  }
  return rules.map(({ value }, index) => ({
    value: keepIpRule(value, `properties.networkAcls.ipRules[${index}].value`),
  }));
}

/** Text of the refusal: Azure/azure-powershell issue 11471. */
function keepIpRule(value: unknown, member: string): string {
  const network = typeof value === 'string' ? parseIpv4Network(value) : undefined;
  if (network === undefined) throw badAcls(member, String(value));
  const kept = String(value).includes('/') ? String(value) : `${String(value)}/32`;
  const forbidden = privateRanges.find(([range]) => network[0].match(ipaddr.IPv4.parseCIDR(range)));
  if (forbidden === undefined) return kept;
  throw badAcls(member, `${kept} belongs to forbidden range ${forbidden[1]}–${forbidden[2]} (private IP addresses)`);
}

function keepSubnets(rules: readonly VirtualNetworkRule[]): VirtualNetworkRule[] {
  if (rules.length > maximumVirtualNetworkRules) {
    throw refuse(400, 'BadRequest', `The number of virtual network rules exceeds ${maximumVirtualNetworkRules}.`);
  }
  return rules.map((rule) => ({ ...rule, id: rule.id.toLowerCase() }));
}

function badAcls(member: string, problem: string): Error {
  return refuse(400, 'BadRequest', `Invalid value found at ${member}: ${problem}`);
}
