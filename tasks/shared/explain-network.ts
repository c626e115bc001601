import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explain';
import type { Fault } from './fault';
import { attemptTimeoutCode, brokenBodyCode } from './retry';

/** As in transport.ts, which the core may not import. */
const proxyRefusedCode = 'PROXY_REFUSED';

const notFound = new Set(['ENOTFOUND', 'ENODATA']);
const unreachable = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'REQUEST_SEND_ERROR',
  'PARSE_ERROR',
  attemptTimeoutCode,
  brokenBodyCode,
]);
const untrustedCertificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/;

/** Failures on the way to a server: DNS, connections, proxies, TLS, and servers that are busy or broken. */
export const explainNetwork: Explanation = (fault, context) => {
  const host = fault.host ?? 'the server';
  if (notFound.has(fault.code)) {
    return hostNotFound(host, context);
  }
  if (fault.code === proxyRefusedCode) {
    return proxyRefused(host, fault, context);
  }
  if (untrustedCertificate.test(fault.code)) {
    return {
      code: 'AKV-TLS',
      summary: `The certificate of ${host} is not trusted by this agent (${fault.code}).`,
      cause: 'A proxy on the way opens TLS connections and signs them with a certificate authority of its own.',
      remedy: [
        'Give the agent that authority: configure it with --sslcacert <file>,',
        'or set the variable NODE_EXTRA_CA_CERTS to the path of its PEM file on the agent.',
      ],
    };
  }
  if (fault.status === 429) {
    return throttled(host, fault);
  }
  if (unreachable.has(fault.code) && (fault.status === undefined || fault.status < 400)) {
    return {
      code: 'AKV-NETWORK',
      summary: `No usable answer from ${host} after several attempts: ${fault.code}: ${fault.message}`,
      cause: 'A firewall, a proxy or the network between this agent and Azure.',
      remedy: [`Check from the agent that https://${host}/ can be reached, by the proxy if the agent has one.`],
    };
  }
  return fault.status !== undefined && fault.status >= 500 ? serverFailed(host, fault) : undefined;
};

function hostNotFound(host: string, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-HOST-NOT-FOUND',
    summary: `There is no host ${host}.`,
    cause:
      vault === undefined
        ? "The agent's DNS does not know it."
        : `There is no vault '${vault}' in this cloud (a typing mistake, or it was deleted), or the agent's DNS does not know it.`,
    remedy: [
      'Check the input \'keyVaultName\'; az keyvault list --query "[].name" shows the vaults of a subscription.',
    ],
  };
}

function proxyRefused(host: string, fault: Fault, context: FailureContext): Diagnosis {
  if (fault.status === 407) {
    return {
      code: 'AKV-PROXY',
      summary: `The agent's proxy demands authentication to reach ${host} (HTTP 407).`,
      remedy: [
        'Configure the agent with --proxyurl, --proxyusername and --proxypassword of an account the proxy knows.',
      ],
    };
  }
  return {
    code: 'AKV-PROXY',
    summary: `The agent's proxy could not or would not connect to ${host}: ${fault.message}.`,
    cause:
      context.vault === undefined
        ? 'The proxy blocks this host.'
        : `The proxy blocks this host, or there is no vault '${context.vault}'.`,
    remedy: ["Check the vault's name, and allow the host in the proxy or add it to the agent's .proxybypass."],
  };
}

function throttled(host: string, fault: Fault): Diagnosis {
  const asked = fault.retryAfter === undefined ? '' : ` (Retry-After: ${fault.retryAfter})`;
  return {
    code: 'AKV-THROTTLED',
    summary: `${host} still refused requests as too many after several attempts${asked}.`,
    cause: 'A vault serves 4,000 secret requests in 10 seconds, from all of its clients together.',
    remedy: ['Run fewer jobs at once against this vault, or read fewer secrets a job.'],
  };
}

function serverFailed(host: string, fault: Fault): Diagnosis {
  return {
    code: 'AKV-SERVICE',
    summary: `${host} failed with HTTP ${String(fault.status)} ${fault.code} after several attempts: ${fault.message}`,
    remedy: ['Run the job again; see https://azure.status.microsoft if it lasts.'],
  };
}
