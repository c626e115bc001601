import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobContext, Stage } from '../job-context';
import type { ScriptStep } from '../job';
import { expandMacros } from '../variables/macros';
import { referencedConnections, resolveInputs, type Inputs } from '../pipeline/step-inputs';
import { scriptEnvironment, taskEnvironment } from './task-environment';
import type { Target, Task } from '../pipeline/task-catalog';

/** The command that runs a stage. */
interface StageCommand {
  readonly file: string;
  readonly parameters: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The log line if it ends with an exit code other than 0. */
  readonly explainExit: (exitCode: number) => string;
}

/** Prints the banner and prepares the process of a stage: everything is resolved for each stage, as the agent does. */
export function prepareStage(job: JobContext, stage: Stage): StageCommand {
  const { step, task } = stage.instance;
  if (step.kind !== 'task') return prepareScript(step, job, stage);
  const target = task?.definition.targets[stage.phase];
  if (!task || !target) throw new Error(`The step '${stage.instance.displayName}' has no ${stage.phase} phase.`);
  printBanner(task.definition, stage);
  return prepareTask(target, { ...task, job, stage });
}

interface TaskRun {
  readonly definition: Task;
  readonly inputs: Inputs;
  readonly job: JobContext;
  readonly stage: Stage;
}

function prepareTask(target: Target, { definition, inputs: given, job, stage }: TaskRun): StageCommand {
  const { variables, environment: base, directories } = job;
  const lookUp = { variable: variables.get, environment: environmentLookUp(base), root: directories.default };
  const inputs = resolveInputs(definition, given, lookUp);
  const expand = (text: string) => {
    const own = (name: string) => (name.toLowerCase() === 'currentdirectory' ? definition.folder : inputs[name]);
    return expandMacros(expandMacros(text, own), variables.get);
  };
  const script = join(definition.folder, expand(target.file));
  if (!existsSync(script)) throw new Error(`The target '${target.file}' of handler ${target.handler} does not exist.`);
  return {
    file: job.options.node,
    parameters: [script],
    directory: expand(target.workingDirectory) || workingDirectory(job),
    environment: taskEnvironment({
      base,
      step: stepEnvironment(job, stage),
      variables,
      inputs,
      connections: referencedConnections(definition, inputs, job.connections),
      systemConnection: job.options.systemConnection,
      taskVariables: stage.instance.taskVariables,
      prependedPaths: job.prependedPaths,
      variablesLast: writesVariablesLast(job.options.agentVersion),
    }),
    explainExit: (exitCode) =>
      `Exit code ${exitCode} returned from process: file name '${job.options.node}', arguments '"${script}"'.`,
  };
}

/** By the agent's version. */
function writesVariablesLast(version = '5.278.0'): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 5 || (major === 5 && minor < 277);
}

function prepareScript(step: ScriptStep, job: JobContext, stage: Stage): StageCommand {
  const usesCmd = step.kind === 'script' && process.platform === 'win32';
  printBanner(step.kind === 'script' ? commandLineBanner : bashBanner, stage);
  const expand = (text: string) =>
    expandMacros(expandMacros(text, job.variables.get), environmentLookUp(job.environment));
  const script = expand(step.script);
  const file = join(job.directories.temp, `${crypto.randomUUID()}.${usesCmd ? 'cmd' : 'sh'}`);
  writeFileSync(file, usesCmd ? `@echo off\r\n${script.replaceAll('\n', '\r\n')}` : script);
  stage.log.write('Generating script.');
  if (!script.trimEnd().includes('\n')) stage.log.write(`Script contents:\n${script.trimEnd()}`);
  stage.log.write('========================== Starting Command Output ===========================');
  const command = usesCmd
    ? { file: 'cmd.exe', parameters: ['/D', '/E:ON', '/V:OFF', '/S', '/C', `CALL "${file}"`] }
    : { file: 'bash', parameters: ['--noprofile', '--norc', file] };
  stage.log.write(`##[command]${[command.file, ...command.parameters].join(' ')}`);
  const { environment: base, variables, prependedPaths } = job;
  return {
    ...command,
    directory: expand(step.workingDirectory) || workingDirectory(job),
    environment: scriptEnvironment({ base, step: stepEnvironment(job, stage), variables, prependedPaths }),
    explainExit: (exitCode) => `${usesCmd ? 'Cmd.exe' : 'Bash'} exited with code '${exitCode}'.`,
  };
}

function workingDirectory({ variables, directories }: JobContext): string {
  return variables.get('system.defaultWorkingDirectory') ?? directories.default;
}

/** Names are case-sensitive except on Windows. */
function environmentLookUp(environment: Readonly<Record<string, string>>) {
  if (process.platform !== 'win32') return (name: string) => environment[name];
  const byName = new Map(Object.entries(environment).map(([name, value]) => [name.toLowerCase(), value]));
  return (name: string) => byName.get(name.toLowerCase());
}

/** The step's `env:`, trimmed and expanded (microsoft/azure-pipelines-agent TaskRunner.cs). */
function stepEnvironment(job: JobContext, { instance }: Stage): Record<string, string> {
  const lookUp = environmentLookUp(job.environment);
  const expand = (text: string) => expandMacros(expandMacros(text.trim(), job.variables.get), lookUp);
  return Object.fromEntries(Object.entries(instance.step.env).map(([name, value]) => [name.trim(), expand(value)]));
}

type Banner = Pick<Task, 'friendlyName' | 'description' | 'version' | 'author' | 'help'>;

const commandLineBanner: Banner = {
  friendlyName: 'Command line',
  description: 'Run a command line script using Bash on Linux and macOS and cmd.exe on Windows',
  version: '2.0.0',
  author: 'local agent',
  help: 'https://docs.microsoft.com/azure/devops/pipelines/tasks/utility/command-line',
};

const bashBanner: Banner = {
  ...commandLineBanner,
  friendlyName: 'Bash',
  description: 'Run a Bash script on macOS, Linux, or Windows',
  help: 'https://docs.microsoft.com/azure/devops/pipelines/tasks/utility/bash',
};

function printBanner(banner: Banner, { log }: Stage): void {
  const rule = '='.repeat(78);
  const lines = [
    rule,
    `Task         : ${banner.friendlyName}`,
    `Description  : ${banner.description}`,
    `Version      : ${banner.version}`,
    `Author       : ${banner.author}`,
    `Help         : ${banner.help}`,
    rule,
  ];
  lines.forEach(log.writeUnmasked);
}
