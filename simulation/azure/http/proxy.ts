/**
 * An HTTP proxy on loopback that represents one agent's network path to the internet. TLS ends in this process, on the
 * connection that the client asked to tunnel, so the services know which agent they communicate with.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';

import type { CertificateAuthority } from './certificates';
import type { Client, PrivatePath, Service } from './exchange';
import type { Connection } from './gateway';

/** One agent's network path to Azure. */
export interface Egress {
  /** Public addresses that hosts see; new connections to a host use them in turn. */
  readonly addresses: readonly [string, ...string[]];
  /** Other addresses for certain hosts, by host name: some networks choose the address by destination. */
  readonly addressesTowards?: Readonly<Record<string, readonly [string, ...string[]]>>;
  /** The credentials that the proxy requires. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Answer headers that the proxy removes; lower case. */
  readonly stripResponseHeaders?: readonly string[];
  /** How connections reach vaults, when not over the public internet. */
  readonly via?: PrivatePath;
  /** Requests a client certificate, and closes connections without one. */
  readonly demandsCertificate?: boolean;
  /** Milliseconds until a host is connected to: on a network, a round trip each for TCP and for TLS. Absent: none. */
  readonly connecting?: number;
}

/** A running proxy. */
export interface AgentNetwork {
  /** `http://127.0.0.1:<port>`, without credentials. */
  readonly proxyUrl: string;
  /** Closes the proxy and every connection through it. */
  readonly stop: () => Promise<void>;
}

export interface ProxyPorts {
  readonly authority: CertificateAuthority;
  /** The service of a host name; undefined if DNS does not resolve the host. */
  readonly resolve: (host: string) => Service | undefined;
  readonly nextConnection: () => number;
  readonly serve: (connection: Connection, incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
}

/**
 * How long an idle connection is kept, in milliseconds. Node's own 5 s are the length of a quiet period: a request that
 * follows one would now and then meet a server that is just hanging up.
 */
const keptIdle = 120_000;

/** Starts a proxy on a free port. */
export async function openProxy(egress: Egress, ports: ProxyPorts): Promise<AgentNetwork> {
  const connections = new WeakMap<object, Connection>();
  const visits = new Map<string, number>();
  const sockets = new Set<Socket>();
  const inner = createServer({ keepAliveTimeout: keptIdle }, (incoming, outgoing) => {
    const connection = connections.get(incoming.socket);
    if (connection === undefined) return;
    // Fails only if the client closes the connection in the middle of its request.
    ports.serve(connection, incoming, outgoing).catch(() => connection.socket.destroy());
  });
  const outer = createServer((_, outgoing) => {
    outgoing.writeHead(502, { 'content-type': 'text/plain' }).end('The proxy could not reach this host.');
  });
  outer.on('connection', (socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy()));
  });
  outer.on('connect', (request, socket, head) => {
    // Only a server that does not listen on a port has other sockets.
    if (!(socket instanceof Socket)) return;
    const accepted = acceptTunnel(egress, ports, visits, request, socket);
    if (accepted === undefined) return;
    if (head.length > 0) socket.unshift(head);
    void openTunnel(ports.authority, accepted, egress).then((secured) => {
      connections.set(secured, accepted);
      secured.once('secure', () => {
        connections.set(secured, withCertificate(accepted, secured));
      });
      inner.emit('connection', secured);
    });
  });
  return listen(outer, sockets);
}

/** Undefined if the tunnel was refused; the client then already has the answer. */
function acceptTunnel(
  egress: Egress,
  ports: ProxyPorts,
  visits: Map<string, number>,
  request: IncomingMessage,
  socket: Socket,
): Connection | undefined {
  const host = (request.url ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!hasCredentials(egress, request)) {
    socket.end(refusals.credentials);
    return undefined;
  }
  const service = ports.resolve(host);
  if (service === undefined) {
    socket.end(refusals.unknownHost);
    return undefined;
  }
  const earlierConnections = visits.get(host) ?? 0;
  visits.set(host, earlierConnections + 1);
  return {
    number: ports.nextConnection(),
    earlierConnections,
    host,
    service,
    client: clientOf(egress, host, service, earlierConnections),
    strippedHeaders: egress.stripResponseHeaders ?? [],
    socket,
  };
}

async function openTunnel(
  authority: CertificateAuthority,
  { host, socket }: Connection,
  { demandsCertificate = false, connecting = 0 }: Egress,
): Promise<TLSSocket> {
  const secureContext = await authority.contextFor(host);
  if (connecting > 0) await setTimeout(connecting, undefined, { ref: false });
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  const secured = new TLSSocket(socket, {
    isServer: true,
    secureContext,
    requestCert: demandsCertificate,
    rejectUnauthorized: demandsCertificate,
  });
  // A client that closes the connection, or that does not trust the certificate, needs no answer.
  return secured.on('error', () => socket.destroy());
}

/** Regardless of the issuer: a test wants to know which certificate was used. */
function withCertificate(connection: Connection, secured: TLSSocket): Connection {
  // The type says that it is always present, but it is present only if a certificate was sent.
  const { fingerprint256 } = secured.getPeerCertificate() as { fingerprint256?: string };
  return fingerprint256 === undefined
    ? connection
    : { ...connection, client: { ...connection.client, certificate: fingerprint256 } };
}

async function listen(server: Server, sockets: ReadonlySet<Socket>): Promise<AgentNetwork> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of sockets) socket.destroy();
    });
  return { proxyUrl: `http://127.0.0.1:${port}`, stop };
}

const refusals = {
  credentials:
    'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n',
  unknownHost: 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n',
};

function hasCredentials({ credentials }: Egress, { headers }: IncomingMessage): boolean {
  if (credentials === undefined) return true;
  const expected = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return headers['proxy-authorization'] === `Basic ${expected}`;
}

function clientOf(egress: Egress, host: string, service: Service, earlierConnections: number): Client {
  const addresses = egress.addressesTowards?.[host] ?? egress.addresses;
  const address = addresses[earlierConnections % addresses.length] ?? addresses[0];
  return service === 'vault' && egress.via !== undefined ? { address, via: egress.via } : { address };
}
