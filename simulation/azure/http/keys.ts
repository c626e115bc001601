/** The keys of a simulated Azure: the only part of it that takes long to create. */
import { createCertificateAuthority } from './certificates';
import type { CertificateAuthority } from './certificates';
import { createSigningKey } from '../entra/token';
import type { SigningKey } from '../entra/token';

export interface AzureKeys {
  readonly authority: CertificateAuthority;
  /** Signs access tokens. */
  readonly tokenKey: SigningKey;
  /** Signs the assertions of service connections. */
  readonly federationKey: SigningKey;
}

/** Creates keys. Several Azures can share them, if tests only need them to be fast. */
export async function createAzureKeys(): Promise<AzureKeys> {
  const [authority, tokenKey, federationKey] = await Promise.all([
    createCertificateAuthority(),
    createSigningKey(),
    createSigningKey(),
  ]);
  return { authority, tokenKey, federationKey };
}
