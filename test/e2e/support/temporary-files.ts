import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files with these texts, which exist during the work; it gets their paths by name. */
export async function withFiles<Name extends string, T>(
  files: Readonly<Record<Name, string>>,
  work: (paths: Readonly<Record<Name, string>>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-files-'));
  try {
    const paths = await Promise.all(
      Object.entries<string>(files).map(async ([name, text]) => {
        await writeFile(join(folder, name), text);
        return [name, join(folder, name)] as const;
      }),
    );
    return await work(Object.fromEntries(paths) as Record<Name, string>);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
