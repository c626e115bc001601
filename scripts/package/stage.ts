import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExtensionManifest, TaskDefinition } from './definitions';
import { readHomepage, withHomepage } from './homepage';
import { listTasks } from './tasks';

export interface StageOptions {
  /** The text of THIRD-PARTY-NOTICES.txt. */
  readonly notices: string;
  /** For everyone, or an extension that only the organizations see with which its publisher shares it. */
  readonly visibility: 'public' | 'private';
  /** A separate extension, to be installed in addition to the real one. */
  readonly development: boolean;
  /** Numbers a development extension. */
  readonly build?: number | undefined;
}

/**
 * IDs of the tasks in a development extension. Two extensions of one organization must not contain a task with the same
 * ID, and tfx cannot change it.
 */
const developmentIds = {
  'tasks/keyvault-secrets': '7957be77-8195-410b-8195-de9f9b38ce63',
  'tasks/keyvault-agent-access': '44854c00-569a-473e-ab1c-0b645571b20c',
};

async function changeJson<T extends object>(file: string, change: (value: T) => Partial<T>): Promise<void> {
  const value = JSON.parse(await readFile(file, 'utf8')) as T;
  await writeFile(file, JSON.stringify({ ...value, ...change(value) }, undefined, 2));
}

/**
 * Gives the staged tasks their development IDs, a different name for the classic editor, and the build's number as
 * their patch version: agents cache a task by its version, and the Marketplace accepts each version once.
 */
async function markAsDevelopment(folder: string, build: number | undefined): Promise<void> {
  for (const [task, id] of Object.entries(developmentIds)) {
    await changeJson<TaskDefinition>(path.join(folder, task, 'task.json'), ({ friendlyName, version }) => ({
      id,
      friendlyName: `${friendlyName} (dev)`,
      version: { ...version, ...(build !== undefined && { Patch: build }) },
    }));
  }
  await changeJson<ExtensionManifest>(path.join(folder, 'vss-extension.json'), ({ version }) => ({
    version: build === undefined ? version : version.replace(/\d+$/, String(build)),
  }));
}

/** All links that users see begin with the project's own address. */
async function linkHome(root: string, folder: string, page: string): Promise<void> {
  const homepage = readHomepage(root);
  const tasks = listTasks(root).map((task) => `${task}/task.json`);
  for (const name of ['vss-extension.json', page, ...tasks]) {
    const file = path.join(folder, name);
    await writeFile(file, withHomepage(await readFile(file, 'utf8'), homepage));
  }
}

/** Copies the files of the extension manifest to a new folder, so that packing does not change sources. */
export async function stageExtension(root: string, folder: string, options: StageOptions): Promise<void> {
  const { notices, visibility, development, build } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(root, 'vss-extension.json'), 'utf8')) as ExtensionManifest;
  await writeFile(path.join(folder, 'THIRD-PARTY-NOTICES.txt'), notices);
  const { details, license } = manifest.content;
  const sources = ['vss-extension.json', 'overrides.dev.json', details.path, license.path];
  const named = manifest.files.map((file) => file.path).filter((name) => name !== 'THIRD-PARTY-NOTICES.txt');
  for (const name of [...sources, ...named]) {
    await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  await linkHome(root, folder, details.path);
  await changeJson<ExtensionManifest>(path.join(folder, 'vss-extension.json'), () => ({
    public: visibility === 'public',
  }));
  if (development) await markAsDevelopment(folder, build);
}
