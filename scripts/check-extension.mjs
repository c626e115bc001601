import { Buffer } from 'node:buffer';
import console from 'node:console';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { findContentProblems } from './check-contents.mjs';
import { findDefinitionProblems } from './check-definition.mjs';
import { findSchemaProblems, hasSchema } from './check-schema.mjs';
import { findStartUpProblems } from './check-start-up.mjs';
import { readVsix, unpackVsix } from './vsix.mjs';

function readDefinitions(files) {
  const names = [...files.keys()].filter((name) => /^tasks\/[^/]+\/task\.json$/.test(name));
  return new Map(names.map((name) => [path.posix.dirname(name), JSON.parse(Buffer.from(files.get(name)).toString())]));
}

/**
 * Everything wrong with the files of an extension, given by name; `size` is that of its VSIX in bytes. What tfx itself
 * finds, it has said when it packed.
 */
export function findExtensionProblems(files, size) {
  const definitions = readDefinitions(files);
  const ofTasks = [...definitions].flatMap(([task, definition]) => findDefinitionProblems(task, definition, files));
  return [...new Set([...ofTasks, ...findContentProblems(files, definitions, size)])];
}

/** Throws an error that names everything for which this VSIX must not be published. */
export async function checkExtension(vsix) {
  const { size } = await stat(vsix);
  const files = await readVsix(vsix);
  const problems = findExtensionProblems(files, size);
  if (hasSchema) {
    for (const [task, definition] of readDefinitions(files)) problems.push(...findSchemaProblems(task, definition));
  } else {
    console.warn('LEFT OUT: no task.json is checked against tasks.schema.json, which is not here.');
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
