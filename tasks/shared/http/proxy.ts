import { DiagnosedError } from '../errors/diagnosis';
import { networkMessages } from '../messages/network';

/** How this machine reaches the network, as the agent and the environment say. */
export interface NetworkSettings {
  /** The agent's own proxy (`Agent.ProxyUrl`); it wins over the environment's. */
  readonly agentProxy?: AgentProxy;
  /** PEM texts of certificate authorities to trust beside Node's own (`Agent.CAInfo`, `NODE_EXTRA_CA_CERTS`). */
  readonly extraAuthorities: readonly string[];
  /** The agent's own client certificate (`--sslclientcert`), shown to servers and TLS-inspecting proxies that ask for one. */
  readonly clientCertificate?: ClientCertificate;
  /** The hosts that `NO_PROXY` names, as it has them. */
  readonly noProxy: string;
  /** Gives the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name for a URL; `''` for none. */
  readonly environmentProxy: (url: string) => string;
}

/** PEM texts, and the key's password if it has one. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

/** Where the agent keeps its client certificate; `password` is `''` for none. */
export interface ClientCertificatePaths {
  readonly certificate: string;
  readonly key: string;
  readonly password: string;
}

export interface AgentProxy {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Regular expressions, as the agent hands them on; a URL that one matches goes direct. */
  readonly bypass: readonly string[];
}

/**
 * The proxy for a URL, with its credentials percent-encoded into it, or `undefined` to connect directly. `NO_PROXY`
 * is honoured beside the agent's bypass list: private endpoints are often excluded there only.
 */
export function proxyFor(url: string, network: NetworkSettings): string | undefined {
  const { agentProxy } = network;
  if (agentProxy === undefined) {
    return network.environmentProxy(url) || undefined;
  }
  const bypassed = agentProxy.bypass.some((pattern) => matches(pattern, url)) || isExcluded(url, network.noProxy);
  return bypassed ? undefined : withCredentials(agentProxy);
}

/** `NO_PROXY` as curl and Node's libraries read it: hosts, domains that start with `.` or `*.`, a port, or `*` for all. */
function isExcluded(url: string, noProxy: string): boolean {
  const { hostname, port, protocol } = new URL(url);
  const usualPort = protocol === 'http:' ? '80' : '443';
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, host = '', onPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const domain = host.replace(/^\*/, '');
      const named = domain.startsWith('.') ? hostname.endsWith(domain) : hostname === domain;
      return (host === '*' || (domain !== '' && named)) && (onPort === undefined || onPort === (port || usualPort));
    });
}

function matches(pattern: string, url: string): boolean {
  try {
    return new RegExp(pattern, 'i').test(url);
  } catch {
    // The agent passes lines of .proxybypass on as they are; one that is no expression bypasses nothing.
    return false;
  }
}

function withCredentials(proxy: AgentProxy): string {
  if (!/^https?:\/\//i.test(proxy.url) || !URL.canParse(proxy.url)) {
    throw new DiagnosedError({ code: 'AKV-PROXY', ...networkMessages.noProxyUrl(proxy.url) });
  }
  const url = new URL(proxy.url);
  if (proxy.username !== undefined && proxy.username !== '') {
    url.username = encodeURIComponent(proxy.username);
    url.password = encodeURIComponent(proxy.password ?? '');
  }
  return url.href;
}
