import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The state of a task's folder, to find out at the end of the job whether a task wrote into it. */
interface ReadOnlyFolder {
  /** Makes the folder writable again and returns the paths that were added, changed or removed meanwhile. */
  readonly release: () => string[];
}

/** Makes a task's folder read-only. Modes do not restrict root, so the folder is also compared at the end. */
export function protectTaskFolder(folder: string): ReadOnlyFolder {
  const before = fingerprints(folder);
  changeModes(folder, (mode) => mode & ~0o222);
  return {
    release: () => {
      makeWritable(folder);
      const after = fingerprints(folder);
      const paths = [...new Set([...before.keys(), ...after.keys()])];
      return paths.filter((path) => before.get(path) !== after.get(path));
    },
  };
}

/** Restores the owner's permission to write and remove. */
export function makeWritable(folder: string): void {
  changeModes(folder, (mode) => mode | 0o200);
}

function listPaths(folder: string): string[] {
  return [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))];
}

function changeModes(folder: string, change: (mode: number) => number): void {
  for (const path of listPaths(folder)) chmodSync(path, change(lstatSync(path).mode & 0o777));
}

function fingerprints(folder: string): Map<string, string> {
  const print = (path: string) => {
    const { size, mtimeMs, ino } = lstatSync(path);
    return `${size} ${mtimeMs} ${ino}`;
  };
  return new Map(listPaths(folder).map((path) => [path, print(path)]));
}
