/** What Node reports about the certificate authorities that it trusts (nodejs.org, `node:tls`). */
interface NodeAuthorities {
  readonly rootCertificates: readonly string[];
  /** Since 22.15. */
  readonly getCACertificates?: (type: 'default' | 'extra') => readonly string[];
}

/**
 * Node's own authorities, including the system's if Node is configured to use them, but without those that only
 * NODE_EXTRA_CA_CERTS adds: other code decides whether that file is used. A Node that cannot report them has only its
 * built-in ones.
 */
export function ownAuthorities({ rootCertificates, getCACertificates }: NodeAuthorities): readonly string[] {
  if (getCACertificates === undefined) {
    return rootCertificates;
  }
  // A file with all authorities of the system repeats Node's built-in ones.
  const bundled = new Set(rootCertificates);
  const added = new Set(getCACertificates('extra').filter((certificate) => !bundled.has(certificate)));
  return [...new Set(getCACertificates('default').filter((certificate) => !added.has(certificate)))];
}
