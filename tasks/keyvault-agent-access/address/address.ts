import ipaddr from 'ipaddr.js';

/**
 * A firewall rule's network in the one form that Azure Resource Manager keeps: `a.b.c.d/n`. A bare address is its
 * `/32`. `undefined` for what is not IPv4.
 */
export function canonicalNetwork(text: string): string | undefined {
  const network = parseNetwork(text);
  return network === undefined ? undefined : `${network[0].toString()}/${network[1]}`;
}

/** The one address that this text names, and nothing else: no range, no prefix length. `undefined` for any other text. */
export function soleAddress(text: string): string | undefined {
  return text.includes('/') ? undefined : parseNetwork(text)?.[0].toString();
}

/** True when every address of `inner` is in `outer`. Both are addresses or CIDR ranges; false for anything else. */
export function covers(outer: string, inner: string): boolean {
  const [wide, narrow] = [parseNetwork(outer), parseNetwork(inner)];
  return wide !== undefined && narrow !== undefined && wide[1] <= narrow[1] && narrow[0].match(wide[0], wide[1]);
}

/** True when both name exactly the same network, however each is written. */
export function isSameNetwork(one: string, other: string): boolean {
  const canonical = canonicalNetwork(one);
  return canonical !== undefined && canonical === canonicalNetwork(other);
}

const singlePrefix = '/32';

export function networkOfOne(address: string): string {
  return `${address}${singlePrefix}`;
}

export function isSingleAddress(network: string): boolean {
  return network.endsWith(singlePrefix);
}

/** The network as people write it: one address without a prefix length. */
export function bareAddress(network: string): string {
  return isSingleAddress(network) ? network.slice(0, -singlePrefix.length) : network;
}

/** Reachable only from inside an Azure virtual machine. */
const azureWireServer = '168.63.129.16';

/**
 * True for addresses a vault can see over the internet. Key Vault refuses private ranges in rules and silently accepts
 * other reserved ones that never match (learn.microsoft.com, "Configure Azure Key Vault networking settings").
 */
export function isPublic(network: string): boolean {
  const address = parseNetwork(network)?.[0];
  return address?.range() === 'unicast' && address.toString() !== azureWireServer;
}

/** Strict dotted decimal only: `010.1.1.1`, `1.2` and `0x7f000001` mean different things to different programs. */
function parseNetwork(text: string): [ipaddr.IPv4, number] | undefined {
  const [, address = '', prefix = '32'] = /^([\d.]+)(?:\/(\d|[12]\d|3[0-2]))?$/.exec(text.trim()) ?? [];
  const isStrict = ipaddr.IPv4.isValidFourPartDecimal(address) && !/(^|\.)0\d/.test(address);
  return isStrict ? [ipaddr.IPv4.networkAddressFromCIDR(`${address}/${prefix}`), Number(prefix)] : undefined;
}
