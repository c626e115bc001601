const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * A certificate and its key as PEM that Node reads: service connections are often saved with the text on one line, its
 * line ends turned into spaces or into `\n` written out. What stands between the blocks is dropped.
 */
export function normalizePem(text: string): string {
  const blocks = text.replace(/\\r|\\n/g, '\n').matchAll(block);
  return [...blocks].map(([, label = '', body = '']) => rewrap(label, body)).join('');
}

/** True when the PEM text has a private key and a certificate. */
export function isKeyAndCertificate(pem: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem) && pem.includes('-----BEGIN CERTIFICATE-----');
}

function rewrap(label: string, body: string): string {
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
