import type { Diagnosis } from './diagnosis';
import type { Explanation } from './explanation';

/** OpenSSL's codes for what the other side said before it hung up. */
const refusedByPeer = /^ERR_SSL_.*_ALERT_/;
const untrustedCertificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/;

/** TLS connections that this agent or the other side refused (Node.js and OpenSSL error codes). */
export const explainTls: Explanation = ({ code, host = 'the server' }) => {
  if (refusedByPeer.test(code)) {
    return refused(host, code);
  }
  return untrustedCertificate.test(code) ? untrusted(host, code) : undefined;
};

function refused(host: string, code: string): Diagnosis {
  return {
    code: 'AKV-TLS',
    summary: `${host}, or a proxy in its place, refused this agent's TLS connection (${code}).`,
    cause: 'It asks for a client certificate, and the agent has none or not the right one.',
    remedy: [
      'Configure the agent with the certificate: --sslclientcert <file> --sslclientcertkey <file> --sslclientcertpassword <password>.',
    ],
  };
}

function untrusted(host: string, code: string): Diagnosis {
  return {
    code: 'AKV-TLS',
    summary: `The certificate of ${host} is not trusted by this agent (${code}).`,
    cause: 'A proxy on the way opens TLS connections and signs them with a certificate authority of its own.',
    remedy: [
      'Give the agent that authority: configure it with --sslcacert <file>,',
      'or set the variable NODE_EXTRA_CA_CERTS to the path of its PEM file on the agent.',
    ],
  };
}
