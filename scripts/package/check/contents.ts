import path from 'node:path';
import type { TaskDefinition } from '../definitions';
import { listTargets } from '../tasks';

/** The files of an extension, by their names inside it. */
export type Files = ReadonlyMap<string, Uint8Array>;
/** The task.json of each task, by the task's folder. */
export type Definitions = ReadonlyMap<string, TaskDefinition>;

/** In bytes. Every job on a Microsoft-hosted agent downloads its tasks, so size is time. */
const budgets = { vsix: 1024 * 1024, task: 700 * 1024, icon: 32 * 1024, screenshot: 300 * 1024 };

function textOf(files: Files, name: string): string {
  return Buffer.from(files.get(name) ?? []).toString();
}

/** The pictures that a Markdown page shows from its own extension. */
function listPictures(markdown: string): string[] {
  return [...markdown.matchAll(/!\[[^\]]*\]\((images\/[^)\s]+)\)/g)].flatMap(([, name]) => name ?? []);
}

/** The files that these scripts load from their own folder, including indirectly, and the scripts themselves. */
function listLoaded(scripts: readonly string[], files: Files): string[] {
  const loaded = new Set(scripts);
  for (const script of loaded) {
    for (const [, name = ''] of textOf(files, script).matchAll(/\brequire\("\.\/([^"]+)"\)/g))
      loaded.add(path.posix.join(script, '..', name));
  }
  return [...loaded];
}

/** The names of the files that an extension with these tasks needs. */
function listNeeded(definitions: Definitions, files: Files): Set<string> {
  const ofTasks = [...definitions].flatMap(([task, definition]) => {
    const targets = listTargets(definition).map((name) => `${task}/${name}`);
    return [`${task}/task.json`, `${task}/icon.png`, ...listLoaded(targets, files)];
  });
  const ofExtension = ['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'overview.md', 'images/extension-icon.png'];
  // The packer writes the last three.
  const ofPackage = ['[Content_Types].xml', 'extension.vsixmanifest', 'extension.vsomanifest'];
  return new Set([...ofTasks, ...ofExtension, ...listPictures(textOf(files, 'overview.md')), ...ofPackage]);
}

/** All code of one task, in all of the files that the bundler creates for it. */
function findHeavyTask(task: string, files: Files): string[] {
  const scripts = [...files].filter(([name]) => name.startsWith(`${task}/`) && name.endsWith('.js'));
  const size = scripts.reduce((sum, [, { length }]) => sum + length, 0);
  return findExcess(`the code of ${task}`, size, budgets.task);
}

function budgetOf(name: string): number {
  if (name.endsWith('.png')) return /^tasks\/|icon/.test(name) ? budgets.icon : budgets.screenshot;
  return Infinity;
}

function findExcess(name: string, bytes: number, budget: number): string[] {
  return bytes > budget ? [`${name} has ${bytes} bytes, ${bytes - budget} more than its budget`] : [];
}

/**
 * The problems of an extension's files: a file that is not used, a missing file, a source map, a size above its budget.
 * `size` is that of the VSIX in bytes.
 */
export function findContentProblems(files: Files, definitions: Definitions, size: number): string[] {
  const needed = listNeeded(definitions, files);
  const mapped = [...files].filter(([, bytes]) => Buffer.from(bytes).includes('sourceMappingURL='));
  return [
    ...[...files.keys()].filter((name) => !needed.has(name)).map((name) => `${name} is needed by nothing`),
    ...[...needed].filter((name) => !files.has(name)).map((name) => `${name} is missing`),
    ...mapped.map(([name]) => `${name} has a source map`),
    ...[...files].flatMap(([name, { length }]) => findExcess(name, length, budgetOf(name))),
    ...[...definitions.keys()].flatMap((task) => findHeavyTask(task, files)),
    ...findExcess('the VSIX', size, budgets.vsix),
  ];
}
