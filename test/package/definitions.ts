import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '../..');

export interface TaskInput {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly label: string;
  readonly defaultValue?: string | boolean;
  readonly required?: boolean;
  readonly groupName?: string;
  readonly helpMarkDown?: string;
  readonly visibleRule?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string | boolean>>;
}

export type Handlers = Readonly<Record<string, { readonly target: string }>>;

/** What the tests look at in a task.json. */
export interface TaskDefinition {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly helpUrl: string;
  readonly helpMarkDown: string;
  readonly author: string;
  readonly visibility: readonly string[];
  readonly runsOn: readonly string[];
  readonly minimumAgentVersion: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly instanceNameFormat: string;
  readonly groups: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly isExpanded: boolean;
    readonly visibleRule?: string;
  }[];
  readonly inputs: readonly TaskInput[];
  readonly dataSourceBindings: readonly { readonly target: string; readonly endpointId: string }[];
  readonly outputVariables?: readonly { readonly name: string; readonly description: string }[];
  readonly restrictions?: unknown;
  readonly prejobexecution?: Handlers;
  readonly execution: Handlers;
  readonly postjobexecution?: Handlers;
}

export interface ExtensionManifest {
  readonly id: string;
  readonly publisher: string;
  readonly name: string;
  readonly version: string;
  readonly public: boolean;
  readonly description: string;
  readonly icons: { readonly default: string };
  readonly contributions: readonly { readonly id: string; readonly properties: { readonly name: string } }[];
}

export const taskFolders = ['tasks/keyvault-secrets', 'tasks/keyvault-agent-access'] as const;

/** A JSON file, by its absolute path or by its path in the repository. */
export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.resolve(root, file), 'utf8'));
}

export function readTask(folder: string): TaskDefinition {
  return readJson(`${folder}/task.json`) as TaskDefinition;
}

export function readManifest(): ExtensionManifest {
  return readJson('vss-extension.json') as ExtensionManifest;
}

/** The VSIX that `npm run package` made. Throws when there is none. */
export function findVsix(): string {
  const { publisher, id, version } = readManifest();
  const file = path.join(root, `out/${publisher}.${id}-${version}.vsix`);
  if (!existsSync(file)) throw new Error(`There is no ${path.relative(root, file)}: run 'npm run package' first`);
  return file;
}
