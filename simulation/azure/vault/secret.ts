/** Secrets as a vault stores them, and their JSON (Key Vault REST API 7.2 to 2025-07-01). */

/** One version of a secret. Times are milliseconds since 1970; the API shows whole seconds. */
export interface SecretVersion {
  /** 32 hex digits. */
  readonly version: string;
  readonly value: string;
  /** The same certificate and key as PEM, which the service derives from a PFX; tests provide it to the simulation. */
  readonly pem?: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly notBefore?: number;
  readonly expires?: number;
  readonly created: number;
  /** True for the secret behind a certificate, whose key is then `kid`. */
  readonly managed?: boolean;
  readonly kid?: string;
}

export interface Secret {
  /** As first written; look-ups are not case-sensitive. */
  readonly name: string;
  /** Oldest first: the last one is current. */
  readonly versions: readonly [SecretVersion, ...SecretVersion[]];
  readonly deleted: boolean;
}

/** By name in lower case. */
export type Secrets = ReadonlyMap<string, Secret>;

type Json = Readonly<Record<string, unknown>>;

/** The current version. */
export function currentVersion({ versions }: Secret): SecretVersion {
  return versions[versions.length - 1] ?? versions[0];
}

/** An entry of a listing: no value, and no version in the id unless versions are listed. */
export function showItem(id: string, version: SecretVersion): Json {
  return {
    ...(version.contentType === undefined ? {} : { contentType: version.contentType }),
    id,
    ...(version.managed === true ? { managed: true } : {}),
    attributes: showAttributes(version),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
  };
}

/**
 * What 2025-07-01 adds to the answer. The previous version is named for certificates only, as the SDK of that interface
 * documents it (@azure/keyvault-secrets 4.11, `SecretProperties.previousVersion`).
 */
interface BundleForm {
  /** Convert the PFX of a certificate to PEM; all other secrets are unchanged. */
  readonly asPem: boolean;
  readonly namesPrevious: boolean;
}

/** The answer to GET. */
export function showBundle(vaultUri: string, secret: Secret, version: SecretVersion, form: BundleForm): Json {
  const converted = form.asPem && version.contentType === 'application/x-pkcs12' && version.pem !== undefined;
  const shown = converted ? { ...version, value: version.pem, contentType: 'application/x-pem-file' } : version;
  const previous = secret.versions[secret.versions.indexOf(version) - 1];
  return {
    value: shown.value,
    ...showItem(`${vaultUri}secrets/${secret.name}/${version.version}`, shown),
    ...(version.kid === undefined ? {} : { kid: version.kid }),
    ...(previous === undefined || version.managed !== true || !form.namesPrevious
      ? {}
      : { previousVersion: previous.version }),
  };
}

function showAttributes({ enabled, notBefore, expires, created }: SecretVersion): Json {
  return {
    enabled,
    ...(notBefore === undefined ? {} : { nbf: toSeconds(notBefore) }),
    ...(expires === undefined ? {} : { exp: toSeconds(expires) }),
    created: toSeconds(created),
    updated: toSeconds(created),
    recoveryLevel: 'Recoverable+Purgeable',
    recoverableDays: 90,
  };
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
