import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import type { TaskDefinition } from '../package/definitions';
import { listTasks } from '../package/tasks';
import { closeUnreleased, newestRelease } from './changelog';
import { findBreaks, recordContract, type Contract } from './contract';
import { refuseVersion, writeVersion } from './version';

/** What the latest release promised to pipelines; a test compares every later task.json with it. */
const contractFile = 'test/package/released-inputs.json';

function formatJson(value: object): Promise<string> {
  return format(JSON.stringify(value), { parser: 'json', printWidth: 120 });
}

/**
 * Writes a version into all files that contain one, closes the changelog's `Unreleased`, and records what the release
 * promises to pipelines. `folder` is the repository, `date` is like `2026-01-31`. Returns the names of the changed
 * files. Throws before anything is written if the version is not a valid next one, or if a task breaks an earlier
 * promise.
 */
export async function prepareRelease(folder: string, version: string, date: string): Promise<string[]> {
  const read = (name: string) => readFile(path.join(folder, name), 'utf8');
  const tasks = listTasks(folder).map((task) => `${task}/task.json`);
  const versioned = ['package.json', 'package-lock.json', 'vss-extension.json', ...tasks];
  const changelog = await read('CHANGELOG.md');
  const { version: current } = JSON.parse(await read('package.json')) as { version: string };
  refuseVersion(version, { current, newest: newestRelease(changelog) });
  const contract = recordContract(
    await Promise.all(tasks.map(async (name) => JSON.parse(await read(name)) as TaskDefinition)),
  );
  const breaks = findBreaks(JSON.parse(await read(contractFile)) as Contract, contract);
  if (breaks.length > 0) throw new Error(`Released pipelines would break:\n${breaks.join('\n')}`);
  const texts = new Map([
    ['CHANGELOG.md', closeUnreleased(changelog, version, date)],
    [contractFile, await formatJson(contract)],
  ]);
  for (const name of versioned) texts.set(name, writeVersion(name, await read(name), version));
  for (const [name, text] of texts) await writeFile(path.join(folder, name), text);
  return [...texts.keys()];
}
