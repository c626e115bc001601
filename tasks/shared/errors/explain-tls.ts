import type { Diagnosis } from './diagnosis';
import type { Explanation } from './explanation';

/** OpenSSL's codes for the reason why the other side closed the connection. */
const refusedByPeer = /^ERR_SSL_.*_ALERT_/;
const untrustedCertificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/;
/** The certificate itself is not valid here, regardless of its issuer. */
const invalidCertificate = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$|ALTNAME_INVALID/;

/** TLS connections that this agent or the other side refused (Node.js and OpenSSL error codes). */
export const explainTls: Explanation = ({ code, host = 'the server' }) => {
  if (refusedByPeer.test(code)) {
    return refused(host, code);
  }
  if (invalidCertificate.test(code)) {
    return invalid(host, code);
  }
  return untrustedCertificate.test(code) ? untrusted(host, code) : undefined;
};

function refused(host: string, code: string): Diagnosis {
  return {
    code: 'AKV-TLS',
    summary: `${host}, or a proxy that answers for it, refused this agent's TLS connection (${code}).`,
    cause: 'It requires a client certificate, and the agent has none or the wrong one.',
    remedy: [
      'Configure the agent with the certificate: --sslclientcert <file> --sslclientcertkey <file> --sslclientcertpassword <password>.',
    ],
  };
}

function invalid(host: string, code: string): Diagnosis {
  return {
    code: 'AKV-TLS',
    summary: `The certificate of ${host} is not valid (${code}).`,
    cause: 'The clock of this agent is wrong, or a proxy or another server answers with a certificate of its own.',
    remedy: [
      "Check the agent's clock: date -u",
      `See which certificate is sent: openssl s_client -connect ${host}:443 -servername ${host}`,
    ],
  };
}

/**
 * Node has its own root certificates, and removes some in new releases: 24.x no longer has DigiCert Global Root CA (G1)
 * (nodejs/node#63527). The machine's store may have certificates that Node lacks.
 */
function untrusted(host: string, code: string): Diagnosis {
  return {
    code: 'AKV-TLS',
    summary: `This agent does not trust the certificate of ${host} (${code}).`,
    cause:
      'A proxy inspects TLS connections and signs them with its own certificate authority, or Node.js does not have the root certificate of the server.',
    remedy: [
      "For a proxy: give the agent the proxy's certificate authority. Configure the agent with --sslcacert <file>, or set the variable NODE_EXTRA_CA_CERTS to the path of the PEM file on the agent.",
      "For a missing root: set the variable NODE_USE_SYSTEM_CA to 1, so that Node.js 24 also trusts the machine's certificate store.",
    ],
  };
}
