import type { TaskDefinition, TaskInput } from '../package/definitions';

/** What pipelines rely on for one input. */
interface InputContract {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: string;
  readonly default: string;
  readonly required: boolean;
  readonly options?: readonly string[];
}

/** What pipelines rely on for a task: its identity, its inputs and its output variables. */
interface TaskContract {
  readonly id: string;
  readonly inputs: readonly InputContract[];
  readonly outputs: readonly string[];
}

/** What pipelines rely on, by the name of the task: `Task@1`. */
export type Contract = Readonly<Record<string, TaskContract>>;

type Recorded = Pick<TaskDefinition, 'name' | 'id' | 'version' | 'inputs' | 'outputVariables'>;

function recordInput(input: TaskInput): InputContract {
  const { name, aliases = [], type, defaultValue = '', required = false, options } = input;
  const choices = options === undefined ? {} : { options: Object.keys(options) };
  return { name, aliases, type, default: String(defaultValue), required, ...choices };
}

function recordTask({ id, inputs, outputVariables = [] }: Recorded): TaskContract {
  return { id, inputs: inputs.map(recordInput), outputs: outputVariables.map(({ name }) => name) };
}

/** What pipelines rely on for these tasks (the contents of their task.json). */
export function recordContract(definitions: readonly Recorded[]): Contract {
  return Object.fromEntries(definitions.map((task) => [`${task.name}@${task.version.Major}`, recordTask(task)]));
}

function missing(
  released: readonly string[],
  present: readonly string[],
  describe: (name: string) => string,
): readonly string[] {
  return released.filter((one) => !present.includes(one)).map(describe);
}

function compareInput(task: string, released: InputContract, present: InputContract | undefined): readonly string[] {
  const input = `${task}: input '${released.name}'`;
  if (present === undefined) return [`${input} is gone`];
  const changed = (['type', 'default'] as const).filter((key) => released[key] !== present[key]);
  return [
    ...missing(released.aliases, present.aliases, (alias) => `${input} has lost its alias '${alias}'`),
    ...missing(released.options ?? [], present.options ?? [], (option) => `${input} has lost its option '${option}'`),
    ...changed.map((key) => `${input} has changed its ${key} from '${released[key]}' to '${present[key]}'`),
    ...(present.required && !released.required ? [`${input} has become required`] : []),
  ];
}

function compareTask(task: string, released: TaskContract, present: TaskContract | undefined): readonly string[] {
  if (present === undefined) return [`${task} is gone`];
  const known = new Set(released.inputs.map(({ name }) => name));
  const added = present.inputs.filter(({ name, required }) => required && !known.has(name));
  const presentOf = new Map(present.inputs.map((input) => [input.name, input]));
  return [
    ...(released.id === present.id ? [] : [`${task} has another id`]),
    ...released.inputs.flatMap((input) => compareInput(task, input, presentOf.get(input.name))),
    ...added.map(({ name }) => `${task}: the new input '${name}' is required`),
    ...missing(released.outputs, present.outputs, (name) => `${task} has lost its output variable '${name}'`),
  ];
}

/** All ways in which a pipeline that was written for the contract `released` can fail with `present`. */
export function findBreaks(released: Contract, present: Contract): string[] {
  return Object.entries(released).flatMap(([task, contract]) => compareTask(task, contract, present[task]));
}
