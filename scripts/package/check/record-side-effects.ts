import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// Loaded in front of a task's entry (`node --require`): notes every way to the disk, the network and other programs that
// the process takes, and hands the notes over on descriptor 3 when it ends.

export interface SideEffect {
  readonly kind: 'disk' | 'network' | 'machine';
  readonly what: string;
  readonly target: string;
}

const notes: SideEffect[] = [];
const writeNotes = fs.writeSync.bind(fs);

type Describe = (args: readonly unknown[]) => SideEffect | undefined;

/** Replaces a function with one that first records what `describe` returns for its arguments, if anything. */
function watch(holder: object, name: string, describe: Describe): void {
  const functions = holder as Record<string, (...args: unknown[]) => unknown>;
  const original = functions[name];
  if (original === undefined) throw new Error(`this Node has no ${name}`);
  const watched = function (this: unknown, ...args: unknown[]): unknown {
    const note = describe(args);
    if (note !== undefined) notes.push(note);
    return Reflect.apply(original, this, args);
  };
  functions[name] = Object.assign(watched, original);
}

/** A file's absolute path; undefined for an open descriptor, whose opening has been noted. */
function pathOf(argument: unknown): string | undefined {
  if (argument instanceof URL) return fileURLToPath(argument);
  return typeof argument === 'string' || Buffer.isBuffer(argument) ? path.resolve(String(argument)) : undefined;
}

function functionsOf(holder: object): string[] {
  return Object.entries(holder).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
}

for (const holder of [fs, fs.promises]) {
  for (const name of functionsOf(holder).filter((key) => /^[a-z]/.test(key))) {
    watch(holder, name, ([first]) => {
      const file = pathOf(first);
      return file === undefined ? undefined : { kind: 'disk', what: name, target: file };
    });
  }
}
for (const holder of [dns, dns.promises]) {
  for (const name of functionsOf(holder).filter((key) => /^(lookup|resolve|reverse)/.test(key))) {
    watch(holder, name, ([host]) => ({ kind: 'network', what: `dns.${name}`, target: String(host) }));
  }
}

interface ConnectionOptions {
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly path?: string;
}

/** The target of a connection: `net` passes its options as the first argument, or as the first of an array. */
function describeConnection([first]: readonly unknown[]): SideEffect {
  const options = (Array.isArray(first) ? first[0] : first) as ConnectionOptions;
  const { host, hostname, port, path: pipe } = options;
  return { kind: 'network', what: 'connect', target: pipe ?? `${host ?? hostname ?? ''}:${port ?? ''}` };
}

watch(net.Socket.prototype, 'connect', describeConnection);
watch(net.Server.prototype, 'listen', ([where]) => ({
  kind: 'network',
  what: 'listen',
  target: JSON.stringify(where),
}));
watch(dgram, 'createSocket', ([type]) => ({ kind: 'network', what: 'dgram', target: JSON.stringify(type) }));
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  watch(childProcess, name, ([command]) => ({ kind: 'machine', what: name, target: String(command) }));
}

process.once('exit', () => {
  writeNotes(3, JSON.stringify(notes));
});
