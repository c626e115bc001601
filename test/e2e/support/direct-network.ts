import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { AgentNetwork } from '../../../simulation/azure/http/proxy';
import { machineWith } from './identity-endpoint';

/** A way from a task to hosts of the simulated Azure that leads through no proxy, as the task sees it. */
interface DirectWay {
  /** The agent's environment that makes tasks take this way. */
  environment(variables?: Readonly<Record<string, string>>): Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Serves these hosts on loopback, as they are behind `network`. `others` gives what looking up further hosts ends in, or
 * the port on loopback where they are served.
 */
export async function openDirectWay(
  network: AgentNetwork,
  hosts: readonly string[],
  others: Readonly<Record<string, string | number>> = {},
): Promise<DirectWay> {
  const sockets = new Set<Socket>();
  const servers = hosts.map((host) =>
    createServer((socket) => {
      sockets.add(socket);
      tunnel(socket, host, network);
    }),
  );
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const ports = servers.map((server, index) => [hosts[index], (server.address() as AddressInfo).port]);
  const served = JSON.stringify({ ...others, ...(Object.fromEntries(ports) as Record<string, number>) });
  return {
    environment: (variables = {}) =>
      machineWith({
        NODE_OPTIONS: `--require ${join(__dirname, 'direct-network.cjs')}`,
        DIRECT_NETWORK: served,
        ...variables,
      }),
    stop: async () => {
      sockets.forEach((socket) => socket.destroy());
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** The simulated Azure is behind a proxy: asks that for the host, and lets the bytes through once it agrees. */
function tunnel(socket: Socket, host: string, { proxyUrl }: AgentNetwork): void {
  const upstream = connect(Number(new URL(proxyUrl).port), '127.0.0.1');
  upstream.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
  upstream.once('data', () => {
    socket.pipe(upstream).pipe(socket);
  });
  for (const [one, other] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
