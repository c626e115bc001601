/** How secrets are stored in a vault. */
import type { VaultState } from '../world';
import type { SecretVersion } from './secret';
import type { ServicePorts } from '../http/service-ports';

/** Times are milliseconds since 1970. If `version` is absent, the simulation creates one. */
export type NewSecret = { readonly name: string; readonly value: string } & Partial<Omit<SecretVersion, 'value'>>;

/** Adds a version, which becomes the current one. Returns its 32 hex digits. */
export function setSecret(
  { secrets }: VaultState,
  { name, ...given }: NewSecret,
  { newId, now }: ServicePorts,
): string {
  const version = { version: newId().replaceAll('-', ''), enabled: true, created: now(), ...given };
  const existing = secrets.get(name.toLowerCase());
  const versions = existing === undefined ? ([version] as const) : ([...existing.versions, version] as const);
  secrets.set(name.toLowerCase(), { name: existing?.name ?? name, versions: [...versions], deleted: false });
  return version.version;
}
