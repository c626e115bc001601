// @peculiar/x509 needs it in front.
import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A chain of three made for one test run: root, intermediate, leaf. All PEM with LF. */
export interface TestChain {
  readonly key: string;
  readonly leaf: string;
  readonly intermediate: string;
  readonly root: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Makes a chain; `from` and `to` bound the validity of every certificate in it. */
export async function makeChain(from = new Date('2020-01-01'), to = new Date('2040-01-01')): Promise<TestChain> {
  const period = { notBefore: from, notAfter: to, signingAlgorithm: algorithm };
  const [rootKeys, middleKeys, leafKeys] = await Promise.all([makeKeys(), makeKeys(), makeKeys()]);
  const authority = [new x509.BasicConstraintsExtension(true, undefined, true)];
  const rootName = 'CN=Test Root';
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...period,
    serialNumber: '01',
    name: rootName,
    keys: rootKeys,
    extensions: authority,
  });
  const middleName = 'CN=Test Intermediate';
  const intermediate = await x509.X509CertificateGenerator.create({
    ...period,
    serialNumber: '02',
    subject: middleName,
    issuer: rootName,
    publicKey: middleKeys.publicKey,
    signingKey: rootKeys.privateKey,
    extensions: authority,
  });
  const leaf = await x509.X509CertificateGenerator.create({
    ...period,
    serialNumber: '03',
    subject: 'CN=www.example.com',
    issuer: middleName,
    publicKey: leafKeys.publicKey,
    signingKey: middleKeys.privateKey,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
  return { key: key.toString(), leaf: toPem(leaf), intermediate: toPem(intermediate), root: toPem(root) };
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}
