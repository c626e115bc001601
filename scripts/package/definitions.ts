import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The repository's folder. */
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

/** The parts of a task.json that the tests use. */
export interface TaskDefinition {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly helpUrl: string;
  readonly helpMarkDown: string;
  readonly author: string;
  readonly category: string;
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
  readonly content: { readonly details: { readonly path: string }; readonly license: { readonly path: string } };
  readonly files: readonly { readonly path: string; readonly addressable?: boolean }[];
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
