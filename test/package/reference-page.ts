import type { TaskDefinition, TaskInput } from '../../scripts/package/definitions';

/** The name that pipelines use: the alias, where there is one. */
export function yamlNameOf({ name, aliases = [] }: TaskInput): string {
  return aliases[0] ?? name;
}

/** The Syntax block of a task's page, in the form of Microsoft Learn: each input as YAML, optional ones commented out. */
export function composeSyntax(task: TaskDefinition): string {
  const { name, friendlyName, version, description, inputs, groups } = task;
  const linesOf = (group?: string) =>
    inputs.filter(({ groupName }) => groupName === group).map((input) => composeLine(input));
  return [
    `# ${friendlyName} v${version.Major}`,
    `# ${description}.`,
    `- task: ${name}@${version.Major}`,
    '  inputs:',
    ...linesOf(),
    ...groups.flatMap((group) => [`  # ${group.displayName}`, ...linesOf(group.name)]),
    '',
  ].join('\n');
}

function composeLine(input: TaskInput): string {
  const { label, name, aliases = [], defaultValue = '', required, visibleRule } = input;
  const about = [
    `${typeOf(input)}.`,
    ...(aliases.length === 0 ? [] : [`Alias: ${name}.`]),
    ...(required === true ? ['Required.'] : []),
    ...(visibleRule === undefined ? [] : [`Use when ${visibleRule}.`]),
    `${label}.`,
    ...(defaultValue === '' ? [] : [`Default: ${String(defaultValue)}.`]),
  ];
  const value = defaultValue === '' ? '' : ` ${quote(input)}`;
  return `    ${required === true ? '' : '#'}${yamlNameOf(input)}:${value} # ${about.join(' ')}`;
}

/** YAML takes a bare `*` for an alias. */
function quote({ type, defaultValue }: TaskInput): string {
  return type === 'boolean' || type === 'int' ? String(defaultValue) : `'${String(defaultValue)}'`;
}

function typeOf({ type, options }: TaskInput): string {
  if (options !== undefined) {
    return Object.keys(options)
      .map((option) => `'${option}'`)
      .join(' | ');
  }
  return { boolean: 'boolean', int: 'integer' }[type] ?? 'string';
}

/** The two lines with which the Inputs section of a task's page describes an input; what it does follows. */
export function composeInputHead(input: TaskInput): string {
  const { label, name, aliases = [], defaultValue = '', required, options, visibleRule } = input;
  const about = [
    ...(aliases.length === 0 ? [] : [`Input alias: \`${name}\`.`]),
    `\`${options === undefined ? typeOf(input) : 'string'}\`.`,
    required === true ? 'Required.' : 'Optional.',
    ...(visibleRule === undefined ? [] : [`Use when \`${visibleRule}\`.`]),
    ...(options === undefined ? [] : [`Allowed values: ${composeOptions(options)}.`]),
    ...(defaultValue === '' ? [] : [`Default value: \`${String(defaultValue)}\`.`]),
  ];
  return `**\`${yamlNameOf(input)}\`** - **${label}**<br>\n${about.join(' ')}<br>\n`;
}

function composeOptions(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([option, meaning]) => `\`${option}\` (${meaning})`)
    .join(', ');
}
