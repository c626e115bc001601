import { vaultMessages as messages } from '../messages/inputs';

/** A vault as the user named it. */
export interface VaultReference {
  /** The vault's name in lower case; the key of the port map. Of a URL, the first label of its host. */
  readonly name: string;
  /** `https://host` without a trailing slash; absent when only the name was given and the cloud decides the host. */
  readonly url?: string;
}

/** The step's vaults, or everything that is wrong with the input. */
export interface ParsedVaults {
  readonly vaults: readonly VaultReference[];
  readonly problems: readonly string[];
}

/** Reads the input `keyVaultName`: names or `https://` URLs, separated by comma or line. The same vault twice is one. */
export function parseVaults(text: string): ParsedVaults {
  const problems: string[] = [];
  const vaults = new Map<string, VaultReference>();
  const entries = text.split(/[,\r\n]/).map((entry) => entry.trim());
  for (const entry of entries.filter((candidate) => candidate !== '')) {
    const vault = /^[a-z]+:\/\//i.test(entry) ? parseUrl(entry) : parseName(entry);
    if (typeof vault === 'string') problems.push(vault);
    else if (isOtherVault(vaults.get(vault.name), vault)) {
      problems.push(messages.sameName(vault.name));
    } else vaults.set(vault.name, vault);
  }
  if (vaults.size === 0 && problems.length === 0) {
    problems.push(messages.none);
  }
  return { vaults: [...vaults.values()], problems };
}

function isOtherVault(known: VaultReference | undefined, vault: VaultReference): boolean {
  return known !== undefined && known.url !== vault.url;
}

/**
 * A vault's name is 3 to 24 letters, digits and dashes, starts with a letter, ends with a letter or digit, and has no
 * two dashes in a row (Azure naming rules: Microsoft.KeyVault/vaults).
 */
function parseName(entry: string): VaultReference | string {
  if (/^(?=.{3,24}$)[a-z](?:-?[a-z0-9])*$/i.test(entry)) return { name: entry.toLowerCase() };
  const isHost = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(entry);
  return isHost ? messages.hostInsteadOfName(entry) : messages.noName(entry);
}

function parseUrl(entry: string): VaultReference | string {
  const url = URL.canParse(entry) ? new URL(entry) : undefined;
  if (url === undefined) return messages.noUrl(entry);
  if (url.protocol !== 'https:') return messages.noHttps(entry);
  if (url.username !== '' || url.password !== '') return messages.userInUrl;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return messages.moreThanHost(entry, url.origin);
  }
  return { name: url.hostname.split('.')[0] ?? url.hostname, url: url.origin };
}
