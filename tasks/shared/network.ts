/** How this machine reaches the network, as the agent and the environment say. */
export interface NetworkSettings {
  /** The agent's own proxy (`Agent.ProxyUrl`); it wins over the environment's. */
  readonly agentProxy?: AgentProxy;
  /** PEM texts of certificate authorities to trust beside Node's own (`Agent.CAInfo`, `NODE_EXTRA_CA_CERTS`). */
  readonly extraAuthorities: readonly string[];
  /** Gives the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name for a URL; `''` for none. */
  readonly environmentProxy: (url: string) => string;
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
  const bypassed = agentProxy.bypass.some((pattern) => matches(pattern, url));
  return bypassed ? undefined : withCredentials(agentProxy);
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
  const url = new URL(proxy.url);
  if (proxy.username !== undefined && proxy.username !== '') {
    url.username = encodeURIComponent(proxy.username);
    url.password = encodeURIComponent(proxy.password ?? '');
  }
  return url.href;
}
