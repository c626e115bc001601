import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { programOf, type Server } from './servers';

/** How to start a server. */
export interface ServerStart {
  readonly server: Server;
  readonly port: number;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Working folder: the servers look for files of their own there. */
  readonly folder: string;
}

/** How long a server may take until it says that it is well, in milliseconds. */
const patience = 30_000;

/**
 * Starts a server and waits until its `/health` answers. Returns what stops it.
 * @throws Error with what the server has printed, when it ends or stays mute.
 */
export async function startServer(start: ServerStart): Promise<() => Promise<void>> {
  const { server, args, environment, folder } = start;
  const program = programOf(server);
  if (!existsSync(program)) {
    throw new Error(
      `${server.name} ${server.version} is not here: npm run test:conformance:servers gets it or says why`,
    );
  }
  const printed: string[] = [];
  const child = spawn(program, args, { cwd: folder, env: { PATH: process.env.PATH, ...environment } });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => printed.push(String(text)));
  const exited = once(child, 'exit').catch((error: unknown) => printed.push(String(error)));
  const stop = async () => {
    child.kill();
    await exited;
  };
  const end = Date.now() + patience;
  while (!(await isWell(start.port))) {
    if (child.exitCode !== null || Date.now() > end) {
      await stop();
      throw new Error(`${server.name} did not start:\n${printed.join('')}`);
    }
    await setTimeout(50);
  }
  return stop;
}

/** A port of loopback that nothing listens on. */
export async function findPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function isWell(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ host: '127.0.0.1', port, path: '/health' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking
      .on('error', () => {
        resolve(false);
      })
      .end();
  });
}
