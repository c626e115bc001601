import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a program reads from a file: its variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether a program is installed on this computer. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined;
}

/** What docker/cli makes of a file with `--env-file`: literal lines, but for blanks before them and CR behind them. */
export async function readLikeDocker(path: string): Promise<Variables> {
  const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.replace(/\r$/, '').trimStart());
  return variablesOf(lines.filter((line) => line !== '' && !line.startsWith('#')));
}

/** What Docker's own client makes of it. */
export async function readByDocker(path: string): Promise<Variables> {
  return variablesOf(await askDocker(path));
}

function variablesOf(lines: readonly string[]): Variables {
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The client reads the file and sends what it has read to a daemon, which here is ours. */
async function askDocker(path: string): Promise<readonly string[]> {
  const received: string[] = [];
  const daemon = createServer((request, response) => void answer(request, response, received));
  const host = await listen(daemon);
  try {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: host };
    await run('docker', ['create', '--env-file', path, 'image'], { env });
  } finally {
    daemon.closeAllConnections();
    daemon.close();
  }
  return (JSON.parse(received[0] ?? '{}') as { Env: readonly string[] }).Env;
}

async function listen(daemon: Server): Promise<string> {
  daemon.listen(0, '127.0.0.1');
  await once(daemon, 'listening');
  return `tcp://127.0.0.1:${(daemon.address() as AddressInfo).port}`;
}

async function answer(request: IncomingMessage, response: ServerResponse, received: string[]): Promise<void> {
  const isCreation = request.url?.includes('/containers/create') === true;
  if (isCreation) received.push(await text(request));
  response.writeHead(isCreation ? 201 : 200, { 'content-type': 'application/json', 'api-version': '1.44' });
  response.end(isCreation ? JSON.stringify({ Id: '0'.repeat(64), Warnings: [] }) : '{}');
}

const print = 'process.stdout.write(JSON.stringify(process.env))';

/** What `node --env-file` reads from a file. */
export async function readByNode(node: string, path: string): Promise<Variables> {
  const { stdout } = await run(node, [`--env-file=${path}`, '-e', print], { env: {} });
  return JSON.parse(stdout) as Variables;
}

/** What a shell reads from a file that it executes. */
export async function readByShell(shell: string, path: string): Promise<Variables> {
  const script = 'set -eua; . "$1"; exec "$2" -e "$3"';
  const { stdout } = await run(shell, ['-c', script, 'sh', path, process.execPath, print], { env: {} });
  return JSON.parse(stdout) as Variables;
}

/** What jq reads from a JSON file. */
export async function readByJq(path: string, filter: string): Promise<string> {
  const { stdout } = await run('jq', ['--join-output', filter, path]);
  return stdout;
}
