/** What Node says of the certificate authorities that it trusts (nodejs.org, `node:tls`). */
interface NodeAuthorities {
  readonly rootCertificates: readonly string[];
  /** Since 22.15. */
  readonly getCACertificates?: (type: 'default' | 'extra') => readonly string[];
}

/**
 * Node's own, the system's among them where Node is configured to use them, without what only NODE_EXTRA_CA_CERTS adds: whether
 * that file counts is decided elsewhere. A Node that cannot say has those only that it brings along.
 */
export function ownAuthorities({ rootCertificates, getCACertificates }: NodeAuthorities): readonly string[] {
  if (getCACertificates === undefined) {
    return rootCertificates;
  }
  // A file with all the authorities of the system repeats those that Node brings along.
  const bundled = new Set(rootCertificates);
  const added = new Set(getCACertificates('extra').filter((certificate) => !bundled.has(certificate)));
  return [...new Set(getCACertificates('default').filter((certificate) => !added.has(certificate)))];
}
