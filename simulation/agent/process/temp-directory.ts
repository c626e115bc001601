import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { TempFile } from '../job-result';

/** Empties `Agent.TempDirectory`, as the agent does at the start and the end of a job. */
export function emptyTempDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
}

/** The files below `Agent.TempDirectory`. */
export function listTempFiles(directory: string): TempFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, size } = lstatSync(path);
      return { path: relative(directory, path).replaceAll(sep, '/'), mode: mode & 0o777, size };
    });
}
