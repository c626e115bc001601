import { Agent as HttpAgent } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import * as tls from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { DiagnosedError } from '../errors/diagnosis';
import { networkMessages, requestMessages } from '../messages/network';
import { proxyAuthenticationCode, proxyRefusedCode } from '../errors/fault';
import { ownAuthorities } from './authorities';
import { proxyFor, type NetworkSettings } from './proxy';

/** Returns the connection pool for a URL. With `fresh`, a separate connection that is used only once. */
export type Transport = (url: string, fresh: boolean) => HttpAgent;

/**
 * One pool of kept-alive connections per proxy (or without one), shared by all clients of the step. TLS verification is
 * never turned off: extra authorities are added to Node's own. Key Vault supports only IPv4, so direct connections use
 * IPv4 too. Only the machine's own identity endpoint is used without TLS, and never through a proxy.
 */
export function createTransport(network: NetworkSettings): Transport {
  const options = tlsOptions(network);
  const pools = new Map<string, HttpAgent>();
  const proxies = new Map<string, string | undefined>();
  const knownProxyFor = (url: URL) => {
    // The patterns of the bypass list can match more than the origin.
    if (network.bypass.length > 0 || !proxies.has(url.origin)) {
      proxies.set(url.origin, proxyFor(url.href, network));
    }
    return proxies.get(url.origin);
  };
  return (text, fresh) => {
    const url = new URL(text);
    if (url.protocol === 'http:') {
      return new HttpAgent();
    }
    const proxy = knownProxyFor(url);
    if (fresh) {
      return open(proxy, { ...options, keepAlive: false });
    }
    const key = proxy ?? '';
    const pool = pools.get(key) ?? open(proxy, { ...options, keepAlive: true, maxFreeSockets: 32 });
    pools.set(key, pool);
    return pool;
  };
}

function open(proxy: string | undefined, options: AgentOptions): HttpAgent {
  return proxy === undefined ? new Agent({ ...options, family: 4 }) : openTunnels(proxy, options);
}

function openTunnels(proxy: string, options: AgentOptions): HttpAgent {
  const agent = new HttpsProxyAgent(proxy, { keepAlive: options.keepAlive === true });
  // The agent drops TLS options given to its constructor, and recognizes HTTPS by its caller's stack trace, which the
  // SDK's client does not match: it would then never use a tunnel twice.
  Object.assign(agent.options, options);
  agent.isSecureEndpoint = () => true;
  agent.on('proxyConnect', ({ statusCode }: { statusCode: number }, request: { destroy(error: Error): void }) => {
    if (statusCode !== 200) {
      const refusal = new Error(requestMessages.proxyRefused(new URL(proxy).host, statusCode));
      const code = statusCode === 407 ? proxyAuthenticationCode : proxyRefusedCode;
      request.destroy(Object.assign(refusal, { code }));
    }
  });
  return agent;
}

/**
 * Built once, because reading the authorities takes 20 ms. Without extra ones, Node's own are used. Certificate
 * verification is set here, because NODE_TLS_REJECT_UNAUTHORIZED would otherwise determine it.
 */
function tlsOptions({ authorities, clientCertificate }: NetworkSettings): AgentOptions {
  const ca = authorities === undefined ? {} : { ca: [...ownAuthorities(tls), ...authorities] };
  return { rejectUnauthorized: true, secureContext: createContext({ ...ca, ...clientCertificate }) };
}

function createContext(options: tls.SecureContextOptions) {
  try {
    return tls.createSecureContext(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const diagnosis = { code: 'AKV-TLS' as const, ...networkMessages.certificatesUnusable(reason) };
    throw new DiagnosedError(diagnosis, { cause: error });
  }
}
