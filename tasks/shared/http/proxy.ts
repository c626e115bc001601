import { DiagnosedError } from '../errors/diagnosis';
import { networkMessages } from '../messages/network';

/** How this machine reaches the network. */
export interface NetworkSettings {
  /** Absent: all hosts are reached directly. */
  readonly proxy?: Proxy;
  /** Regular expressions from the agent; a URL that matches one is reached directly. */
  readonly bypass: readonly string[];
  /** The hosts in `NO_PROXY`, unchanged. */
  readonly noProxy: string;
  /** PEM texts of certificate authorities to trust in addition to Node's own. Absent: none, and NODE_EXTRA_CA_CERTS is not set. */
  readonly authorities?: readonly string[];
  /**
   * The agent's own client certificate (`--sslclientcert`), for servers and TLS-inspecting proxies that request one.
   */
  readonly clientCertificate?: ClientCertificate;
}

export interface Proxy {
  readonly url: string;
  /** Those that belong to this URL, and no others. */
  readonly username?: string;
  readonly password?: string;
}

/** PEM texts, and the key's password if it has one. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

/**
 * The proxy for a URL, with its percent-encoded credentials, or `undefined` to connect directly. `NO_PROXY` is used in
 * addition to the agent's bypass list: private endpoints are often excluded only there.
 */
export function proxyFor(
  url: string,
  network: Pick<NetworkSettings, 'proxy' | 'bypass' | 'noProxy'>,
): string | undefined {
  const { bypass, noProxy, proxy } = network;
  const isDirect = bypass.some((pattern) => matches(pattern, url)) || isExcluded(url, noProxy);
  return proxy === undefined || isDirect ? undefined : withCredentials(proxy);
}

/**
 * `NO_PROXY` as curl and Node's libraries read it: hosts, domains that start with `.` or `*.`, a port, or `*` for all.
 */
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
    // The agent passes on lines of .proxybypass unchanged; a line that is not a valid expression has no effect.
    return false;
  }
}

function withCredentials({ url: text, username = '', password = '' }: Proxy): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new DiagnosedError({ code: 'AKV-PROXY', ...networkMessages.noProxyUrl(text.replace(/\/\/[^/@]*@/, '//')) });
  }
  const url = new URL(text);
  if (username !== '') {
    url.username = encodeURIComponent(username);
    url.password = encodeURIComponent(password);
  }
  return url.href;
}
