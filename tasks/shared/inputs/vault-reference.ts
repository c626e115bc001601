import { DiagnosedError } from '../errors/diagnosis';
import { vaultInputMessages as messages } from '../messages/inputs';
import { vaultSuffixes, type Cloud } from '../sign-in/cloud';
import type { InputReader, Parsed } from './reader';

/** A vault as the user wrote it. */
export interface VaultReference {
  /** In lower case, because Key Vault's names are not case-sensitive. */
  readonly name: string;
  /** The suffix of its host name, if a URL was given; otherwise the service connection's cloud decides. */
  readonly suffix?: string;
}

/**
 * A vault's name has 3 to 24 letters, digits and dashes, starts with a letter, ends with a letter or digit, and has no
 * two dashes in a row (learn.microsoft.com, "Naming rules and restrictions for Azure resources").
 */
function isVaultName(text: string): boolean {
  return /^(?=.{3,24}$)[a-z](?:-?[a-z0-9])*$/i.test(text);
}

/** Reads a vault's name or its `https://` URL; the URL must be a Key Vault address in a known cloud. */
export function parseVault(entry: string): Parsed<VaultReference> {
  if (/^[a-z]+:\/\//i.test(entry)) return parseUrl(entry);
  if (isVaultName(entry)) return { value: { name: entry.toLowerCase() } };
  const isHost = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(entry);
  return { problems: [isHost ? messages.hostInsteadOfName(entry) : messages.noName(entry)] };
}

function parseUrl(entry: string): Parsed<VaultReference> {
  const url = URL.canParse(entry) ? new URL(entry) : undefined;
  const problem = url === undefined ? messages.noUrl(entry) : problemWith(url, entry);
  if (url === undefined || problem !== undefined) return { problems: [problem ?? ''] };
  const [name = '', ...rest] = url.host.split('.');
  const suffix = rest.join('.');
  return isVaultName(name) && vaultSuffixes.includes(suffix)
    ? { value: { name, suffix } }
    : { problems: [messages.noVaultHost(entry, vaultSuffixes)] };
}

function problemWith(url: URL, entry: string): string | undefined {
  if (url.protocol !== 'https:') return messages.noHttps(entry);
  if (url.username !== '' || url.password !== '') return messages.userInUrl;
  const isMore = url.pathname !== '/' || url.search !== '' || url.hash !== '';
  return isMore ? messages.moreThanHost(entry, url.origin) : undefined;
}

/**
 * Reads the input `keyVault`: vaults separated by commas or line breaks, without duplicates; a name and a URL can mean
 * the same vault.
 */
export function readVaults<T extends VaultReference>(
  read: InputReader,
  parse: (entry: string) => Parsed<T>,
): readonly T[] {
  const input = 'keyVaultName';
  if (read.isEmpty(input)) read.report(input, messages.required);
  const distinct = new Map<string, T>();
  for (const vault of read.list(input, parse)) {
    const known = distinct.get(vault.name);
    const suffixes = new Set([known, vault].flatMap((one) => one?.suffix ?? []));
    if (suffixes.size > 1) read.report(input, messages.sameName(vault.name));
    distinct.set(vault.name, { ...vault, ...known });
  }
  return [...distinct.values()];
}

/**
 * The address of a vault's data plane in the cloud.
 *
 * @throws DiagnosedError AKV-CONNECTION for a vault of another cloud, because no token must be sent there.
 */
export function vaultUrl({ name, suffix }: VaultReference, cloud: Cloud): string {
  if (suffix !== undefined && suffix !== cloud.vaultSuffix) {
    throw new DiagnosedError({ code: 'AKV-CONNECTION', ...messages.otherCloud(name, suffix, cloud.name) });
  }
  return `https://${name}.${cloud.vaultSuffix}`;
}
