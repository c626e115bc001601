import { isPublic, soleAddress } from './address';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import type { Log } from '../../shared/ports';
import { addressMessages as messages } from '../messages/address';
import type { AddressLookup, AccessCheck, DataPlane } from '../ports/data-plane';

/** How this agent reaches the vault. */
export type AgentPath =
  /** From these public addresses. `source` completes "reported by ...". */
  | { readonly kind: 'public'; readonly addresses: readonly string[]; readonly source: string }
  /** By a private endpoint: the firewall's IP rules do not apply. */
  | { readonly kind: 'privateLink' }
  /** By a service endpoint: only a virtual network rule for this subnet helps. */
  | { readonly kind: 'subnet'; readonly subnet: string };

export interface FindAddressParts {
  readonly vault: string;
  readonly dataPlane: DataPlane;
  /** Empty unless the user allows public services to be asked. */
  readonly lookups: readonly AddressLookup[];
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Agents behind a pool of addresses may come from another one on each connection. */
const looks = 3;

/**
 * Finds the address that the vault's firewall will see: from the vault itself if it reports one, in its header or in a
 * refusal, else from two public services that agree. The vault's answer comes first: another service may see another address.
 *
 * @throws DiagnosedError AKV-ADDRESS-UNKNOWN when no source reports a public IPv4 address.
 */
export async function findAddress(parts: FindAddressParts): Promise<AgentPath> {
  const reported = await askHeader(parts);
  const answer = reported === undefined ? await parts.dataPlane.checkAccess(parts.signal) : undefined;
  const path = reported ?? pathIn(answer) ?? (await askServices(parts));
  if (path === undefined) {
    return unknown(parts.vault, answer?.kind === 'passed' ? messages.allowedAlready : messages.notReported);
  }
  const unusable = path.kind === 'public' ? path.addresses.find((address) => !isPublic(address)) : undefined;
  return unusable === undefined ? path : unknown(parts.vault, messages.notPublic(unusable));
}

async function askHeader({ dataPlane, signal }: FindAddressParts): Promise<AgentPath | undefined> {
  const addresses = new Set<string>();
  for (let look = 0; look < looks; look += 1) {
    const info = await dataPlane.readNetworkInfo(signal);
    if (info === undefined) {
      break;
    }
    if (info.path === 'privateLink') {
      return { kind: 'privateLink' };
    }
    if (info.path === 'subnet') {
      return { kind: 'subnet', subnet: info.subnet ?? messages.unnamedSubnet };
    }
    if (info.address !== undefined) {
      addresses.add(info.address);
    }
  }
  return addresses.size === 0 ? undefined : { kind: 'public', addresses: [...addresses], source: messages.vaultItself };
}

function pathIn(answer: AccessCheck | undefined): AgentPath | undefined {
  if (answer?.kind === 'refused') {
    throw new DiagnosedError(answer.diagnosis);
  }
  return answer?.kind === 'blocked' && answer.address !== undefined
    ? { kind: 'public', addresses: [answer.address], source: messages.vaultsRefusal }
    : undefined;
}

async function askServices({ lookups, log, signal }: FindAddressParts): Promise<AgentPath | undefined> {
  if (lookups.length === 0) {
    return undefined;
  }
  const answers = await Promise.allSettled(lookups.map((lookup) => lookup(signal)));
  signal.throwIfAborted();
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.trim()] : []));
  const [first] = addresses;
  if (
    addresses.length < lookups.length ||
    first === undefined ||
    addresses.some((address) => address !== first) ||
    soleAddress(first) === undefined
  ) {
    log.warning(messages.servicesDisagree(addresses));
    return undefined;
  }
  return { kind: 'public', addresses: [first], source: messages.agreeingServices(lookups.length) };
}

function unknown(vault: string, problem: string): never {
  throw new DiagnosedError({ code: 'AKV-ADDRESS-UNKNOWN', ...messages.unknown(vault, problem) });
}
