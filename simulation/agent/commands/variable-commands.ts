import { EOL } from 'node:os';
import picomatch from 'picomatch';
import { escapeText, unescapeText, type Command } from './command';
import type { CommandHandler } from './command-handler';
import { decodesPercents, isTrueText, knob, type JobContext, type Stage } from '../job-context';
import type { NewVariable } from '../variables/variables';

/** Registers a text with the masker, as commands do. */
export function addSecret(text: string, job: JobContext): void {
  job.masker.add(text);
  if (!decodesPercents(job)) job.masker.add(unescapeText(text, true));
}

/** Whether all restrictions of the step let it set this variable; if not, the log says so. */
export function maySet(name: string, { instance, log }: Stage): boolean {
  const allowed = instance.restrictions.every(({ settableVariables }) => {
    return settableVariables?.some((glob) => picomatch.isMatch(name, glob, { nocase: true })) ?? true;
  });
  if (!allowed) log.warning(`Setting variable '${name}' has been disabled by the task or build definition.`);
  return allowed;
}

/** `task.setvariable`. */
export const setVariable: CommandHandler = (command, job, stage) => {
  const variable = readVariable(command);
  refuseReadOnly(job.variables.isReadOnly(variable.name), `variable '${variable.name}'`, job, stage);
  if (variable.secret) {
    refuseLines(variable.value, job);
    addSecret(escapeText(variable.value, decodesPercents(job)), job);
  }
  if (!maySet(variable.name, stage)) return;
  const isOutput = isTrueWord(command, 'isoutput');
  if (isOutput || isDeclaredOutput(variable.name, stage)) setOutputVariable(variable, isOutput, job, stage);
  else job.variables.set(variable);
};

function setOutputVariable(variable: NewVariable, isOutput: boolean, job: JobContext, stage: Stage): void {
  const { value, secret = false } = variable;
  const name = `${stage.instance.referenceName}.${variable.name}`;
  const readOnly = isOutput || variable.readOnly === true;
  job.collected.outputVariables.set(name, { value, secret, readOnly });
  job.variables.set({ ...variable, name, readOnly });
}

/** `task.settaskvariable`: for the later phases of the same step. */
export const setTaskVariable: CommandHandler = (command, job, stage) => {
  const { taskVariables } = stage.instance;
  const variable = readVariable(command);
  refuseReadOnly(taskVariables.isReadOnly(variable.name), `task variable '${variable.name}'`, job, stage);
  if (variable.secret) refuseLines(variable.value, job);
  taskVariables.set(variable);
};

function readVariable(command: Command): NewVariable {
  const name = command.properties.get('variable');
  if (!name) {
    throw new Error(`Required field 'variable' is missing in ##vso[task.${command.event.toLowerCase()}] command.`);
  }
  return {
    name,
    value: command.data,
    secret: isTrueWord(command, 'issecret'),
    readOnly: isTrueWord(command, 'isreadonly'),
    preserveCase: isTrueWord(command, 'preservecase'),
  };
}

/** .NET's `Boolean.TryParse`: the word in any case, with white space around it; `1` is not true. */
function isTrueWord(command: Command, key: string): boolean {
  return (command.properties.get(key) ?? '').trim().toLowerCase() === 'true';
}

function refuseReadOnly(isReadOnly: boolean, what: string, job: JobContext, stage: Stage): void {
  if (!isReadOnly) return;
  const details =
    'See https://github.com/microsoft/azure-pipelines-yaml/blob/master/design/readonly-variables.md for details.';
  if (job.variables.get('agent.readOnlyVariables')?.toLowerCase() === 'true') {
    throw new Error(`Overwriting readonly ${what} is not permitted. ${details}`);
  }
  stage.log.warning(`Overwriting readonly ${what}. This behavior will be disabled in the future. ${details}`);
}

function refuseLines(value: string, job: JobContext): void {
  const permitted = isTrueText(knob(job, 'SYSTEM_UNSAFEALLOWMULTILINESECRET'));
  if (value.includes(EOL) && !permitted) throw new Error('Secrets cannot contain multiple lines');
}

function isDeclaredOutput(name: string, { instance }: Stage): boolean {
  const declared = instance.task?.definition.outputVariables ?? [];
  return declared.some((output) => output.toLowerCase() === name.toLowerCase());
}
