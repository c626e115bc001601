import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, linkSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

// Runs Node for Windows under Wine as if it were this machine's own Node: `prepare.ts` bundles it into one executable
// file, which the local agent starts. Node's pipes do not work under Wine, so the streams are files that are read while
// they grow. The loader is started without its shell script, which loses variables with a dash in their names.

declare const LOADER: string;
declare const PREFIX: string;
declare const NODE: string;

const pollInMs = 20;

/** `/tmp/a` is `Z:\tmp\a` under Wine. */
function toWindows(value: string): string {
  return value.startsWith('/') && existsSync(value) ? `Z:${value.replaceAll('/', '\\')}` : value;
}

/** The agent reads the file, and the agent is not under Wine. */
function toAgent(output: string): string {
  return output.replace(
    /^(##vso\[task\.uploadsummary\])Z:(.*)$/gm,
    (_, command: string, path: string) => command + path.replaceAll('\\', '/'),
  );
}

/** Returns what has been added to a file since the last call, to one of this process's own streams. */
function follow(file: string, target: NodeJS.WriteStream): () => void {
  const descriptor = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(2 ** 16);
  return () => {
    for (let size = readSync(descriptor, buffer); size > 0; size = readSync(descriptor, buffer)) {
      target.write(toAgent(decoder.write(buffer.subarray(0, size))));
    }
  };
}

/** The task finds the agent's own folder from where its Node lies, so Node for Windows lies next to this launcher there. */
function placeNode(launcher: string): string {
  const node = join(dirname(launcher), 'node.exe');
  if (!existsSync(node)) linkSync(NODE, node);
  return node;
}

function startNode(args: readonly string[], stdout: number, stderr: number): ChildProcess {
  const translated = Object.entries(process.env).map(([name, value]) => [name, toWindows(value ?? '')]);
  const wine = { WINEPREFIX: PREFIX, WINEDEBUG: '-all', LANG: 'C.UTF-8' };
  return spawn(LOADER, [placeNode(process.argv[1] ?? ''), ...args.map(toWindows)], {
    env: { ...(Object.fromEntries(translated) as NodeJS.ProcessEnv), ...wine },
    stdio: ['ignore', stdout, stderr],
  });
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'node-on-wine-'));
  const files = [join(folder, 'stdout'), join(folder, 'stderr')] as const;
  const [stdout, stderr] = [openSync(files[0], 'w'), openSync(files[1], 'w')];
  const child = startNode(process.argv.slice(2), stdout, stderr);
  const followers = [follow(files[0], process.stdout), follow(files[1], process.stderr)];
  const forward = () => {
    for (const read of followers) read();
  };
  const timer = setInterval(forward, pollInMs);
  // Without a console there is no Ctrl-C, with which an agent on Windows begins: it ends as there with TerminateProcess.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGKILL'));
  child.once('exit', (code) => {
    clearInterval(timer);
    forward();
    closeSync(stdout);
    closeSync(stderr);
    rmSync(folder, { recursive: true });
    process.exitCode = code ?? 1;
  });
}

main();
