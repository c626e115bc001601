import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder';

/** A server that the suite runs the tasks against: a Go module that has its command in `cmd/<name>`. */
export interface Server {
  readonly name: 'entra-emulator' | 'azure-keyvault-emulator' | 'arm-emulator';
  /** A tag of the module's repository. */
  readonly version: string;
}

/** Pinned: a newer one may differ in other ways than the list in `differences.ts` says. */
export const servers = {
  entra: { name: 'entra-emulator', version: 'v0.9.0' },
  vault: { name: 'azure-keyvault-emulator', version: 'v0.7.0' },
  arm: { name: 'arm-emulator', version: 'v0.4.1' },
} as const satisfies Readonly<Record<string, Server>>;

const suffix = process.platform === 'win32' ? '.exe' : '';

/** Where the built servers are kept: `KEY_VAULT_CONFORMANCE_SERVERS`, or a folder of the user's cache. */
export function serverFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.KEY_VAULT_CONFORMANCE_SERVERS ?? cacheFolder(environment);
}

/** The file that a server's program is or would be. */
export function programOf({ name, version }: Server, folder = serverFolder()): string {
  return join(folder, `${name}-${version}${suffix}`);
}

/** Builds the server into the folder unless it is there. Returns the reason when that fails, as a sentence. */
export async function obtainServer(server: Server, folder = serverFolder()): Promise<string | undefined> {
  const program = programOf(server, folder);
  if (existsSync(program)) return undefined;
  const source = `github.com/calvinchengx/${server.name}`;
  try {
    await mkdir(folder, { recursive: true });
    // Named by the version only when it is complete: an interrupted build must not pass for a server.
    const environment = { ...process.env, GOBIN: folder };
    await promisify(execFile)('go', ['install', `${source}/cmd/${server.name}@${server.version}`], {
      env: environment,
    });
    await rename(join(folder, `${server.name}${suffix}`), program);
    return undefined;
  } catch (error) {
    return [
      `${server.name} ${server.version} could not be had.`,
      ...reasonOf(error).map((line) => `    ${line}`),
      `  Build it from the tag ${server.version} of https://${source} and put the program there: ${program}`,
    ].join('\n');
  }
}

function reasonOf(error: unknown): string[] {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
  if (code === 'ENOENT') return ['Go is not on this machine (https://go.dev/doc/install); nothing else builds it.'];
  return (stderr ?? message).trim().split('\n');
}
