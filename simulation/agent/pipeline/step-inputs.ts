import { isAbsolute, join, resolve } from 'node:path';
import type { TaskStep } from '../job';
import { expandMacros } from '../variables/macros';
import type { ServiceConnection } from '../run-options';
import type { Task, TaskInput } from './task-catalog';

/** Values by the input's name as task.json spells it. */
export type Inputs = Readonly<Record<string, string>>;

/**
 * What the server does with the inputs of a step before it sends the job: aliases become names, names of service
 * connections become ids. Throws when an input or connection is unknown.
 *
 * @param lookUp the variables known when the run starts; the server expands them in names of connections
 */
export function compileInputs(
  step: TaskStep,
  task: Task,
  connections: readonly ServiceConnection[],
  lookUp: (name: string) => string | undefined,
): Inputs {
  const compiled: Record<string, string> = {};
  for (const [key, value] of Object.entries(step.inputs)) {
    const input = findInput(task, key);
    if (!input) throw new Error(`Task '${task.name}' has no input '${key}'.`);
    if (input.name in compiled)
      throw new Error(`Task '${task.name}': input '${input.name}' is given twice, once as '${key}'.`);
    compiled[input.name] = isConnection(input) ? compileConnection(input, value, connections, lookUp) : value;
  }
  return compiled;
}

function findInput(task: Task, key: string): TaskInput | undefined {
  const matches = (name: string) => name.toLowerCase() === key.toLowerCase();
  return task.inputs.find(({ name }) => matches(name)) ?? task.inputs.find(({ aliases }) => aliases.some(matches));
}

function isConnection({ type }: TaskInput): boolean {
  return type.toLowerCase().startsWith('connectedservice:');
}

function compileConnection(
  input: TaskInput,
  value: string,
  connections: readonly ServiceConnection[],
  lookUp: (name: string) => string | undefined,
): string {
  const text = expandMacros(value, lookUp).trim();
  const found = connections.find(({ id, name }) => [id, name].some((key) => key.toLowerCase() === text.toLowerCase()));
  if (text !== '' && !found) {
    throw new Error(`Input '${input.name}' references service connection '${text}', which could not be found.`);
  }
  return found?.id ?? '';
}

/** What resolving depends on, when a phase starts. */
interface InputSources {
  readonly variable: (name: string) => string | undefined;
  readonly environment: (name: string) => string | undefined;
  /** Where relative `filePath` inputs are rooted; an empty one becomes this folder. */
  readonly root: string;
}

/**
 * What the agent does with the inputs before each phase: defaults, then those of the step, trimmed, then `$(...)` from
 * all variables, then `$(...)` from its own environment (microsoft/azure-pipelines-agent TaskRunner.cs).
 */
export function resolveInputs(task: Task, given: Inputs, sources: InputSources): Inputs {
  return Object.fromEntries(
    task.inputs.map((input) => {
      const text = (given[input.name] ?? input.defaultValue).trim();
      const value = expandMacros(expandMacros(text, sources.variable), sources.environment);
      return [input.name, input.type.toLowerCase() === 'filepath' ? resolvePath(value, sources.root) : value];
    }),
  );
}

function resolvePath(value: string, root: string): string {
  const path = process.platform === 'win32' ? value.replace(/^"+|"+$/g, '') : value;
  return isAbsolute(path) ? resolve(path) : join(root, path);
}

/** The connections that the resolved inputs name by id: only those reach the task. */
export function referencedConnections(
  task: Task,
  inputs: Inputs,
  connections: ReadonlyMap<string, ServiceConnection>,
): ServiceConnection[] {
  const ids = task.inputs.filter(isConnection).flatMap(({ name }) => (inputs[name] ?? '').split(','));
  return [...new Set(ids.map((id) => id.trim().toLowerCase()))].flatMap((id) => connections.get(id) ?? []);
}
