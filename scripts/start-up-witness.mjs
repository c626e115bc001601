import { Buffer } from 'node:buffer';
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

// Loaded in front of a task's entry (`node --import`): notes every way to the disk, the network and other programs that
// the process takes, and hands the notes over on descriptor 3 when it ends.

const notes = [];
const writeNotes = fs.writeSync.bind(fs);

/** Replaces a function by one that first notes what `describe` makes of its arguments, if anything. */
function watch(holder, name, describe) {
  const original = holder[name];
  const watched = function (...args) {
    const note = describe(args);
    if (note !== undefined) notes.push(note);
    return Reflect.apply(original, this, args);
  };
  holder[name] = Object.assign(watched, original);
}

/** A file's absolute path; undefined for an open descriptor, whose opening has been noted. */
function pathOf(argument) {
  if (argument instanceof URL) return fileURLToPath(argument);
  return typeof argument === 'string' || Buffer.isBuffer(argument) ? path.resolve(String(argument)) : undefined;
}

for (const holder of [fs, fs.promises]) {
  for (const name of Object.keys(holder).filter((key) => typeof holder[key] === 'function' && /^[a-z]/.test(key))) {
    watch(holder, name, ([first]) => {
      const file = pathOf(first);
      return file === undefined ? undefined : { kind: 'disk', what: name, target: file };
    });
  }
}
for (const holder of [dns, dns.promises]) {
  for (const name of Object.keys(holder).filter((key) => /^(lookup|resolve|reverse)/.test(key))) {
    watch(holder, name, ([host]) => ({ kind: 'network', what: `dns.${name}`, target: String(host) }));
  }
}
/** Where a connection goes: `net` gives its options as the first argument, or as the first of an array. */
function describeConnection([first]) {
  const { host, hostname, port, path: pipe } = Array.isArray(first) ? first[0] : first;
  return { kind: 'network', what: 'connect', target: pipe ?? `${host ?? hostname ?? ''}:${port}` };
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
