const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;

/**
 * A certificate and its key as PEM that Node accepts. Service connections are often saved with the text on one line,
 * with line breaks replaced by spaces or by a literal `\n`. Text between the blocks is removed.
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
