/** The simulation's own certificate authority, and a certificate for each host that a client requests. */
import 'reflect-metadata';

import { webcrypto } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';

import * as x509 from '@peculiar/x509';

export interface CertificateAuthority {
  /** The certificate that clients must trust, as PEM. */
  readonly pem: string;
  /** The certificate of a TLS server for this host. Created once per host. */
  readonly contextFor: (host: string) => Promise<SecureContext>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 24 * 60 * 60 * 1000;

/** A new authority. Its dates use the real clock, because the clients' TLS libraries do. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const keys = await createKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Simulated Azure Root',
      ...validity(),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const contexts = new Map<string, Promise<SecureContext>>();
  const contextFor = (host: string): Promise<SecureContext> => {
    const context = contexts.get(host) ?? createContext(host, root, keys.privateKey);
    contexts.set(host, context);
    return context;
  };
  return { pem: root.toString('pem'), contextFor };
}

/** A certificate of a service principal and its RSA key, both as PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A self-signed certificate, as administrators make them for service connections. */
export async function createClientCertificate(): Promise<ClientCertificate> {
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const parameters = { name: 'CN=pipeline', ...validity(), keys, signingAlgorithm: rsa };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(parameters, webcrypto);
  return { certificate: certificate.toString('pem'), privateKey: await exportKey(keys.privateKey) };
}

async function createContext(
  host: string,
  issuer: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
): Promise<SecureContext> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: `CN=${host}`,
      issuer: issuer.subject,
      ...validity(),
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const key = await exportKey(keys.privateKey);
  return createSecureContext({ key, cert: `${certificate.toString('pem')}\n${issuer.toString('pem')}` });
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 30 * day) };
}
