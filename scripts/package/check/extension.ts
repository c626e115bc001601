import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TaskDefinition } from '../definitions';
import { readVsix, unpackVsix } from '../vsix';
import { findContentProblems, type Definitions, type Files } from './contents';
import { findDefinitionProblems } from './definition';
import { findSchemaProblems, hasSchema } from './schema';
import { findStartUpProblems } from './start-up';

function readDefinitions(files: Files): Definitions {
  const tasks = [...files].filter(([name]) => /^tasks\/[^/]+\/task\.json$/.test(name));
  return new Map(
    tasks.map(([name, bytes]) => [
      path.posix.dirname(name),
      JSON.parse(Buffer.from(bytes).toString()) as TaskDefinition,
    ]),
  );
}

/**
 * All problems of an extension's files; `size` is that of its VSIX in bytes. tfx has reported its own problems when it
 * packed.
 */
export function findExtensionProblems(files: Files, size: number): string[] {
  const definitions = readDefinitions(files);
  const ofTasks = [...definitions].flatMap(([task, definition]) => findDefinitionProblems(task, definition, files));
  return [...new Set([...ofTasks, ...findContentProblems(files, definitions, size)])];
}

/** Throws an error with everything that prevents this VSIX from being published. */
export async function checkExtension(vsix: string): Promise<void> {
  const { size } = await stat(vsix);
  const files = await readVsix(vsix);
  const problems = findExtensionProblems(files, size);
  if (hasSchema) {
    for (const [task, definition] of readDefinitions(files)) problems.push(...findSchemaProblems(task, definition));
  } else {
    console.warn('Skipped: task.json is not checked against tasks.schema.json, which is not here.');
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'extension-'));
  try {
    await unpackVsix(vsix, folder);
    if (problems.length === 0) problems.push(...(await findStartUpProblems(folder, process.execPath)));
  } finally {
    await rm(folder, { recursive: true });
  }
  if (problems.length > 0) throw new Error(`This extension is not fit to be published:\n${problems.join('\n')}`);
}
