/** What pipelines rely on of one input. */
function recordInput({ name, aliases = [], type, defaultValue = '', required = false, options }) {
  return {
    name,
    aliases,
    type,
    default: String(defaultValue),
    required,
    ...(options !== undefined && { options: Object.keys(options) }),
  };
}

/** What pipelines rely on of a task: its identity, its inputs and its output variables. */
function recordTask({ id, inputs, outputVariables = [] }) {
  return { id, inputs: inputs.map(recordInput), outputs: outputVariables.map(({ name }) => name) };
}

/** What pipelines rely on of these tasks (the contents of their task.json), by the name that a pipeline uses: `Task@1`. */
export function recordContract(definitions) {
  return Object.fromEntries(definitions.map((task) => [`${task.name}@${task.version.Major}`, recordTask(task)]));
}

function missing(released, present, describe) {
  return released.filter((one) => !present.includes(one)).map(describe);
}

function compareInput(task, released, present) {
  const input = `${task}: input '${released.name}'`;
  if (present === undefined) return [`${input} is gone`];
  const changed = ['type', 'default'].filter((key) => released[key] !== present[key]);
  return [
    ...missing(released.aliases, present.aliases, (alias) => `${input} has lost its alias '${alias}'`),
    ...missing(released.options ?? [], present.options ?? [], (option) => `${input} has lost its option '${option}'`),
    ...changed.map((key) => `${input} has changed its ${key} from '${released[key]}' to '${present[key]}'`),
    ...(present.required && !released.required ? [`${input} has become required`] : []),
  ];
}

function compareTask(task, released, present) {
  if (present === undefined) return [`${task} is gone`];
  const known = new Set(released.inputs.map(({ name }) => name));
  const demanded = present.inputs.filter(({ name, required }) => required && !known.has(name));
  return [
    ...(released.id === present.id ? [] : [`${task} has another id`]),
    ...released.inputs.flatMap((input) =>
      compareInput(
        task,
        input,
        present.inputs.find(({ name }) => name === input.name),
      ),
    ),
    ...demanded.map(({ name }) => `${task}: the new input '${name}' is required`),
    ...missing(released.outputs, present.outputs, (name) => `${task} has lost its output variable '${name}'`),
  ];
}

/** Every way in which a pipeline that was written for the contract `released` may break with `present`. */
export function findBreaks(released, present) {
  return Object.entries(released).flatMap(([task, contract]) => compareTask(task, contract, present[task]));
}
