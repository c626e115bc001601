import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explanation';
import {
  attemptTimeoutCode,
  brokenBodyCode,
  foreignAnswerCode,
  proxyAuthenticationCode,
  proxyRefusedCode,
  type Fault,
} from './fault';
import { recoverVault } from '../messages/deleted-vault';

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

/** Failures before Azure answers: DNS, connections, proxies, and servers that are busy or broken. */
export const explainNetwork: Explanation = (fault, context) => {
  const host = fault.host ?? 'the server';
  if (notFound.has(fault.code)) {
    return hostNotFound(host, context);
  }
  if (fault.code === proxyAuthenticationCode) {
    return proxyRequiresPassword(host);
  }
  if (fault.code === proxyRefusedCode) {
    return proxyRefused(host, fault, context);
  }
  if (fault.code === foreignAnswerCode) {
    return intercepted(host, fault);
  }
  if (fault.status === 429) {
    return throttled(host, fault);
  }
  if (unreachable.has(fault.code) && (fault.status === undefined || fault.status < 400)) {
    return {
      code: 'AKV-NETWORK',
      summary: `No usable answer from ${host} after several attempts: ${fault.code}: ${fault.message}`,
      cause:
        fault.code === brokenBodyCode
          ? 'A proxy or a sign-in page answers instead of Azure, or cuts off its responses.'
          : 'A firewall, a proxy or the network between this agent and Azure.',
      remedy: [`Check that the agent can reach https://${host}/, through the proxy if the agent has one.`],
    };
  }
  const busy = fault.status === 408 || fault.status === 425 || (fault.status ?? 0) >= 500;
  return busy ? serverFailed(host, fault) : undefined;
};

function hostNotFound(host: string, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-HOST-NOT-FOUND',
    summary: `The name ${host} cannot be resolved.`,
    cause:
      vault === undefined
        ? "The agent's DNS server does not know the name."
        : `There is no vault '${vault}' in this cloud (a typing mistake, or it was deleted), or the agent's DNS server does not know the name.`,
    remedy: [
      'Check the input \'keyVault\'; az keyvault list --query "[].name" shows the vaults of a subscription.',
      ...(vault === undefined ? [] : [recoverVault(vault)]),
    ],
  };
}

function proxyRequiresPassword(host: string): Diagnosis {
  return {
    code: 'AKV-PROXY',
    summary: `The agent's proxy requires authentication to reach ${host} (HTTP 407).`,
    remedy: [
      'Configure the agent with --proxyurl, --proxyusername and --proxypassword of an account that the proxy accepts.',
    ],
  };
}

function proxyRefused(host: string, fault: Fault, context: FailureContext): Diagnosis {
  return {
    code: 'AKV-PROXY',
    summary: `The agent's proxy did not connect to ${host}: ${fault.message}.`,
    cause:
      context.vault === undefined
        ? 'The proxy blocks this host.'
        : `The proxy blocks this host, or there is no vault '${context.vault}'.`,
    remedy: [
      "Check the vault's name, and allow the host in the proxy or add it to the agent's .proxybypass.",
      ...(context.vault === undefined ? [] : [recoverVault(context.vault)]),
    ],
  };
}

function intercepted(host: string, { message }: Fault): Diagnosis {
  return {
    code: 'AKV-INTERCEPTED',
    summary: `${host} was answered by something other than Azure: ${message}.`,
    cause: 'A proxy that blocks the host or asks for a sign-in, or a captive portal, answers instead.',
    remedy: [`Allow https://${host}/ in the proxy, or add the host to the agent's .proxybypass.`],
  };
}

function throttled(host: string, { retryAfter }: Fault): Diagnosis {
  return {
    code: 'AKV-THROTTLED',
    summary: `${host} throttled the requests (HTTP 429) for longer than this step may wait.`,
    cause:
      [
        ...(retryAfter === undefined
          ? []
          : [`Its Retry-After header (${retryAfter}) is longer than the time that is left.`]),
        ...(host.includes('.vault.')
          ? ['A vault serves 4,000 secret requests in 10 seconds, for all of its clients together.']
          : []),
      ].join(' ') || 'Too many requests from one identity in a short time.',
    remedy: ["Run fewer jobs at once against this vault, or raise the input 'timeoutInSeconds' if waiting is fine."],
  };
}

function serverFailed(host: string, fault: Fault): Diagnosis {
  return {
    code: 'AKV-SERVICE',
    summary: `${host} failed in all attempts: HTTP ${[String(fault.status), fault.code].filter(Boolean).join(' ')}.`,
    remedy: ['Run the job again; see https://azure.status.microsoft if it lasts.'],
  };
}
