import type { TaskDefinition } from '../definitions';
import { listTargets } from '../tasks';
import type { Files } from './contents';

/** The limits of the editors and the service, in characters (microsoft/tfs-cli, and the tooltips of the editors). */
const limits = { friendlyName: 40, help: 1000 };

function findTextProblems(task: string, definition: Partial<TaskDefinition>): string[] {
  const { friendlyName = '', description = '', helpMarkDown = '' } = definition;
  const empty = Object.entries({ friendlyName, description, helpMarkDown }).filter(([, text]) => text.trim() === '');
  const excess = friendlyName.length - limits.friendlyName;
  return [
    ...empty.map(([name]) => `${task}/task.json has no ${name}`),
    ...(excess > 0 ? [`${task}/task.json: friendlyName '${friendlyName}' is ${excess} characters too long`] : []),
  ];
}

function findHelpProblems(task: string, { inputs = [] }: Partial<TaskDefinition>): string[] {
  return inputs.flatMap(({ name, label = '', helpMarkDown = '' }) => {
    const input = `${task}/task.json: input '${name}'`;
    if (label.trim() === '') return [`${input} has no label`];
    if (helpMarkDown.trim() === '') return [`${input} has no help`];
    const excess = helpMarkDown.length - limits.help;
    return excess > 0 ? [`${input} has a help that is ${excess} characters too long for a tooltip`] : [];
  });
}

/**
 * The problems of the task in the folder `task` of an extension: names and help that the editors cannot show, and
 * missing files that its task.json needs.
 */
export function findDefinitionProblems(task: string, definition: Partial<TaskDefinition>, files: Files): string[] {
  const needed = [`${task}/icon.png`, ...listTargets(definition).map((target) => `${task}/${target}`)];
  return [
    ...findTextProblems(task, definition),
    ...findHelpProblems(task, definition),
    ...needed.filter((name) => !files.has(name)).map((name) => `${name} is missing`),
  ];
}
