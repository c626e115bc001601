import { Agent, type AgentOptions } from 'node:https';
import { rootCertificates, createSecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { proxyFor, type NetworkSettings } from './network';

/** Error code of a proxy that refused to open a tunnel; the error's `status` has its answer. */
export const proxyRefusedCode = 'PROXY_REFUSED';

/** Gives the connection pool for a URL. With `fresh`, a connection of its own that nothing else uses or will use. */
export type Transport = (url: string, fresh: boolean) => Agent;

/**
 * One pool of kept-alive connections a proxy (or none), shared by every client of the step. TLS is never loosened:
 * extra authorities are added to Node's own. Key Vault speaks IPv4 only, so direct connections do too.
 */
export function createTransport(network: NetworkSettings): Transport {
  const tls: AgentOptions = network.extraAuthorities.length === 0 ? {} : { secureContext: trusting(network) };
  const pools = new Map<string, Agent>();
  return (url, fresh) => {
    const proxy = proxyFor(url, network);
    if (fresh) {
      return open(proxy, { ...tls, keepAlive: false });
    }
    const key = proxy ?? '';
    const pool = pools.get(key) ?? open(proxy, { ...tls, keepAlive: true, maxFreeSockets: 32 });
    pools.set(key, pool);
    return pool;
  };
}

function open(proxy: string | undefined, options: AgentOptions): Agent {
  return proxy === undefined ? new Agent({ ...options, family: 4 }) : openTunnels(proxy, options);
}

function openTunnels(proxy: string, options: AgentOptions): Agent {
  const agent = new HttpsProxyAgent(proxy, { keepAlive: options.keepAlive === true });
  // The agent drops TLS options given to its constructor, and recognises HTTPS by its caller's stack trace, which the
  // SDK's client does not match: it would then never use a tunnel twice.
  Object.assign(agent.options, options);
  agent.isSecureEndpoint = () => true;
  agent.on('proxyConnect', ({ statusCode }: { statusCode: number }, request: { destroy(error: Error): void }) => {
    if (statusCode !== 200) {
      const refusal = new Error(`the proxy ${new URL(proxy).host} answered HTTP ${String(statusCode)} to CONNECT`);
      request.destroy(Object.assign(refusal, { code: proxyRefusedCode, status: statusCode }));
    }
  });
  // An https.Agent in all that the SDK's client asks of one, though not by its constructor.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return agent;
}

function trusting(network: NetworkSettings) {
  return createSecureContext({ ca: [...rootCertificates, ...network.extraAuthorities] });
}
