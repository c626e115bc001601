import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { certificateMessages as messages } from '../messages/values';
import { makePkcs12 } from './pkcs12';
import type { CertificateOperation } from '../rules/rule';

/** A part of a certificate, or why it cannot be had. The problem never quotes the value. */
type CertificatePart = { readonly text: string; readonly note?: string } | { readonly problem: string };

interface Bundle {
  readonly key?: { readonly object: KeyObject; readonly pem: string };
  /** The leaf and who issued it, up to the last one that is present. */
  readonly path: readonly X509Certificate[];
  /** Certificates that belong to no path of the leaf. */
  readonly others: readonly X509Certificate[];
}

/**
 * Takes one part out of the value of a certificate's secret. All parts are PEM with LF at line ends, but for `pfx`,
 * which is a PKCS#12 file in base64: the value itself when the vault keeps the certificate in that form.
 */
export function certificatePart(value: string, operation: CertificateOperation): CertificatePart {
  if (!value.includes('-----BEGIN ')) {
    const isPfx = isDerSequence(value);
    if (operation === 'pfx') return isPfx ? { text: value.trim() } : { problem: messages.noPfx };
    return { problem: isPfx ? messages.onlyPfx : messages.noPem };
  }
  const bundle = readBundle(value);
  return 'problem' in bundle ? bundle : partOf(bundle, operation);
}

/** Base64 of something that starts as every PKCS#12 file does. */
function isDerSequence(value: string): boolean {
  return /^\s*MI[A-Za-z0-9+/\s]+={0,2}\s*$/.test(value);
}

function partOf({ key, path, others }: Bundle, operation: CertificateOperation): CertificatePart {
  const [leaf] = path;
  if (leaf === undefined && operation !== 'key') return { problem: messages.noCertificate };
  if (key === undefined && (operation === 'key' || operation === 'pem' || operation === 'pfx')) {
    return { problem: messages.noExportableKey };
  }
  const note = incompleteNote(path);
  switch (operation) {
    case 'key':
      return { text: key?.pem ?? '' };
    case 'cert':
      return { text: toPem(path.slice(0, 1)) };
    case 'chain':
      // A server that sends its root only wastes bytes: clients trust their own copy or none.
      return { text: toPem(path.filter((one, index) => index === 0 || !isSelfSigned(one))), ...note };
    case 'pem':
      return { text: (key?.pem ?? '') + toPem([...path, ...others]), ...note };
    case 'pfx':
      return key === undefined
        ? { problem: messages.noKey }
        : { text: makePkcs12(key.object, [...path, ...others]).toString('base64'), ...note };
  }
}

function incompleteNote(path: readonly X509Certificate[]): { readonly note?: string } {
  const [leaf] = path;
  if (path.length !== 1 || leaf === undefined || isSelfSigned(leaf)) return {};
  return { note: messages.incompleteNote };
}

function readBundle(value: string): Bundle | { readonly problem: string } {
  const blocks = [...value.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g)];
  const pemOf = (match: RegExpExecArray): string => match[0].split(/\s*[\r\n]+\s*/).join('\n') + '\n';
  try {
    const keys = blocks.filter((block) => block[1]?.endsWith('PRIVATE KEY')).map(pemOf);
    const key = keys[0] === undefined ? undefined : { object: createPrivateKey(keys[0]), pem: keys[0] };
    const certificates = blocks
      .filter((block) => block[1]?.endsWith('CERTIFICATE'))
      .map((block) => new X509Certificate(pemOf(block)));
    const leaf = findLeaf(certificates, key?.object);
    if (leaf === undefined && certificates.length > 0) return { problem: messages.foreignKey };
    const path = leaf === undefined ? [] : pathFrom(leaf, certificates);
    const others = certificates.filter((one) => !path.includes(one));
    return { ...(key === undefined ? {} : { key }), path, others };
  } catch {
    return { problem: messages.unreadable };
  }
}

/** The certificate of the key; without a key, the one that issued no other. */
function findLeaf(certificates: readonly X509Certificate[], key: KeyObject | undefined): X509Certificate | undefined {
  if (key !== undefined) return certificates.find((one) => one.checkPrivateKey(key));
  return certificates.find((one) => !certificates.some((other) => other !== one && isIssuedBy(other, one)));
}

/** From the leaf to the last issuer that is present, each issued by the next. */
function pathFrom(leaf: X509Certificate, certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  const path = [leaf];
  for (;;) {
    const last = path.at(-1) ?? leaf;
    const issuer = certificates.find((one) => !path.includes(one) && isIssuedBy(last, one));
    if (issuer === undefined) return path;
    path.push(issuer);
  }
}

/** By name and by signature: two issuers may share a name after a renewal with a new key. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return isIssuedBy(certificate, certificate);
}

function toPem(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join('');
}
