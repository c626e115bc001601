/** The keys of a simulated Azure: the only part of it that takes long to make. */
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

/** Makes keys. Many an Azure may share them, as long as tests want no more of it than to be quick. */
export async function createAzureKeys(): Promise<AzureKeys> {
  const [authority, tokenKey, federationKey] = await Promise.all([
    createCertificateAuthority(),
    createSigningKey(),
    createSigningKey(),
  ]);
  return { authority, tokenKey, federationKey };
}
