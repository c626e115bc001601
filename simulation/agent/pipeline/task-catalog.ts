import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Phase } from '../job-result';
import type { Restrictions } from '../job';
import { makeWritable } from './task-folder';

/** An input as task.json declares it. */
export interface TaskInput {
  readonly name: string;
  readonly type: string;
  readonly aliases: readonly string[];
  readonly defaultValue: string;
}

/** A task of the unpacked VSIX. */
export interface Task {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly major: number;
  readonly friendlyName: string;
  readonly description: string;
  readonly author: string;
  readonly help: string;
  readonly inputs: readonly TaskInput[];
  /** Names that `task.setvariable` makes output variables even without `isoutput=true`. */
  readonly outputVariables: readonly string[];
  readonly restrictions: Restrictions;
  /** By phase: the file to run, relative to the task's folder. A phase without one does not exist. */
  readonly targets: Readonly<Partial<Record<Phase, Target>>>;
  readonly folder: string;
}

/** The handler that the agent chose. */
export interface Target {
  readonly handler: string;
  readonly file: string;
  /** `''` is the default working directory. */
  readonly workingDirectory: string;
}

interface TaskInputJson {
  name: string;
  type?: string;
  aliases?: string[];
  defaultValue?: string | boolean;
}

interface TaskJson {
  id: string;
  name: string;
  friendlyName?: string;
  description?: string;
  author?: string;
  helpUrl?: string;
  helpMarkDown?: string;
  version: Record<'Major' | 'Minor' | 'Patch', number | string>;
  inputs?: TaskInputJson[];
  outputVariables?: { name: string }[];
  restrictions?: { commands?: { mode?: string }; settableVariables?: { allowed?: string[] } };
  prejobexecution?: Handlers;
  execution?: Handlers;
  postjobexecution?: Handlers;
}

type Handlers = Record<string, { target: string; workingDirectory?: string }>;

/** All tasks below `folder`: `<task>/task.json` or `<task>/<version folder>/task.json`. */
export function readTasks(folder: string, nodeKind: '20' | '24'): Task[] {
  return findTaskFiles(folder, 2).map((file) => readTask(file, nodeKind));
}

function findTaskFiles(folder: string, depth: number): string[] {
  const file = join(folder, 'task.json');
  if (existsSync(file)) return [file];
  if (depth === 0) return [];
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap((entry) => findTaskFiles(join(folder, entry.name), depth - 1));
}

function readTask(file: string, nodeKind: '20' | '24'): Task {
  const json = JSON.parse(readFileSync(file, 'utf8')) as TaskJson;
  const { Major, Minor, Patch } = json.version;
  const targetOf = (handlers: Handlers | undefined) => handlers && chooseTarget(json.name, handlers, nodeKind);
  const targets = {
    pre: targetOf(json.prejobexecution),
    main: targetOf(json.execution),
    post: targetOf(json.postjobexecution),
  };
  const text = (value: string | undefined) => value ?? '';
  return {
    id: json.id,
    name: json.name,
    version: `${Major}.${Minor}.${Patch}`,
    major: Number(Major),
    friendlyName: text(json.friendlyName),
    description: text(json.description),
    author: text(json.author),
    help: json.helpUrl ?? text(json.helpMarkDown),
    inputs: (json.inputs ?? []).map(readInput),
    outputVariables: (json.outputVariables ?? []).map(({ name }) => name),
    restrictions: readRestrictions(json),
    targets: Object.fromEntries(Object.entries(targets).filter(([, target]) => target !== undefined)),
    folder: dirname(file),
  };
}

function readInput({ name, type, aliases, defaultValue }: TaskInputJson): TaskInput {
  return {
    name: name.trim(),
    type: type ?? 'string',
    aliases: aliases ?? [],
    defaultValue: String(defaultValue ?? '').trim(),
  };
}

function readRestrictions({ restrictions }: TaskJson): Restrictions {
  const allowed = restrictions?.settableVariables?.allowed;
  return {
    commands: restrictions?.commands?.mode?.toLowerCase() === 'restricted' ? 'restricted' : 'any',
    ...(allowed && { settableVariables: allowed }),
  };
}

/**
 * The newest Node handler is used, with its target; the server flag only determines which Node runs it
 * (microsoft/azure-pipelines-agent TaskManager.cs and NodeHandler.cs).
 */
function chooseTarget(task: string, handlers: Handlers, nodeKind: '20' | '24'): Target {
  const handler = ['Node24', 'Node20_1'].find((name) => name in handlers);
  const data = handler === undefined ? undefined : handlers[handler];
  if (handler === undefined || !data) {
    throw new Error(
      `Task '${task}': needs a handler Node24 or Node20_1, but has only ${Object.keys(handlers).join(', ')}.`,
    );
  }
  if (nodeKind === '24' && handler !== 'Node24') {
    throw new Error(`Task '${task}': the agent runs its handler ${handler} on Node 20, whatever the server flag says.`);
  }
  return { handler, file: data.target, workingDirectory: data.workingDirectory ?? '' };
}

/** Unpacks a task to `_tasks/<Name>_<Id>/<Version>`, as the agent does, and returns it at its new place. */
export function installTask(task: Task, tasksDirectory: string): Task {
  const folder = join(tasksDirectory, `${task.name}_${task.id}`, task.version);
  if (existsSync(folder)) makeWritable(folder);
  rmSync(folder, { recursive: true, force: true });
  cpSync(task.folder, folder, { recursive: true });
  return { ...task, folder };
}
