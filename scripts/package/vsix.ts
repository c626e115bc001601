import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { readManifest, root } from './definitions';

/** The extension that `npm run package` wrote to `out`. Throws if there is none. */
export function findVsix(): string {
  const { publisher, id, version } = readManifest();
  const file = path.join(root, `out/${publisher}.${id}-${version}.vsix`);
  if (!existsSync(file)) throw new Error(`There is no ${path.relative(root, file)}: run 'npm run package' first`);
  return file;
}

/** The files of a VSIX (a zip), by their names inside it. */
export async function readVsix(file: string): Promise<Map<string, Uint8Array>> {
  const entries = Object.entries(unzipSync(await readFile(file)));
  return new Map(entries.filter(([name]) => !name.endsWith('/')));
}

/** Extracts a VSIX into a new folder. Refuses names that lead outside of it. */
export async function unpackVsix(file: string, folder: string): Promise<void> {
  for (const [name, bytes] of await readVsix(file)) {
    const target = path.resolve(folder, name);
    if (!target.startsWith(path.resolve(folder) + path.sep)) throw new Error(`${file} holds the unsafe name '${name}'`);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}

/**
 * Repacks a VSIX with sorted names and one fixed time, so that the same sources give the same bytes: anyone can check
 * that the published package was built from the public sources.
 */
export async function normalizeVsix(file: string): Promise<void> {
  const entries = [...(await readVsix(file))].sort(([a], [b]) => (a < b ? -1 : 1));
  // The zip format has no time zones: this is the same local time everywhere. Zip times begin in 1980.
  const mtime = new Date(1980, 0, 1);
  await writeFile(file, zipSync(Object.fromEntries(entries), { level: 9, mtime }));
}
