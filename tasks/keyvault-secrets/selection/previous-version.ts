import type { SecretProperties } from '../ports';

/**
 * The newest enabled version of a secret except `current`; `undefined` if there is none. Key Vault lists versions in no
 * order of time and with whole seconds, so two versions can have the same time: then it is unknown which one is newer.
 */
export function newestBefore(
  current: string | undefined,
  versions: readonly SecretProperties[],
): { readonly version: string } | { readonly tied: number } | undefined {
  const others = versions.filter(({ version, enabled }) => enabled && version !== undefined && version !== current);
  const newest = Math.max(...others.map(createdAt));
  const candidates = others.filter((one) => createdAt(one) === newest);
  const version = candidates[0]?.version;
  if (version === undefined) return undefined;
  return candidates.length > 1 ? { tied: candidates.length } : { version };
}

function createdAt({ created = 0 }: SecretProperties): number {
  return created;
}
