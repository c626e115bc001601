import type { Command } from './commands/command';
import type { Directories } from './process/directories';
import type { JobLog, StageLog } from './log/job-log';
import type { Phase, ProcessResult, TaskResult, UnprocessedCommand, VariableValue } from './job-result';
import type { Restrictions, Step } from './job';
import type { Masker } from './log/masker';
import type { RunOptions, ServiceConnection, Waits } from './run-options';
import type { Inputs } from './pipeline/step-inputs';
import type { Task } from './pipeline/task-catalog';
import type { Variables } from './variables/variables';

/** What all phases of all steps of a job share. */
export interface JobContext {
  readonly options: RunOptions;
  readonly waits: Waits;
  /** The agent's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directories: Directories;
  readonly masker: Masker;
  readonly variables: Variables;
  readonly log: JobLog;
  /** By lowercase id; `task.setendpoint` replaces entries. */
  readonly connections: Map<string, ServiceConnection>;
  readonly prependedPaths: string[];
  readonly collected: Collected;
}

/** What the commands and processes of a job add to its result. */
export interface Collected {
  readonly summaries: string[];
  readonly attachments: string[];
  readonly commands: Command[];
  readonly unprocessedCommands: UnprocessedCommand[];
  readonly processes: ProcessResult[];
  readonly outputVariables: Map<string, VariableValue>;
}

/** A step as the job runs it: one instance has up to three phases, which share its task variables. */
export interface StepInstance {
  readonly id: string;
  readonly step: Step;
  readonly displayName: string;
  /** `name:` of the step, or a generated one. */
  readonly referenceName: string;
  readonly taskVariables: Variables;
  readonly restrictions: readonly Restrictions[];
  /** Absent for scripts. */
  readonly task?: { readonly definition: Task; readonly inputs: Inputs };
}

/** One phase of one step while it runs. */
export interface Stage {
  readonly instance: StepInstance;
  readonly phase: Phase;
  readonly log: StageLog;
  readonly outcome: Outcome;
}

/** The results of the stage's commands. */
export interface Outcome {
  /** From `task.complete` and exceptions. */
  result: TaskResult | undefined;
  /** Failed if one command could not be processed. */
  commandResult: TaskResult | undefined;
  /** Called for `task.complete done=true`; replaced for each attempt. */
  finishEarly: () => void;
}

/** A setting of the agent: a variable of the job, else the agent's own environment. */
export function knob(job: JobContext, name: string): string | undefined {
  return [job.variables.get(name), job.environment[name]].find((value) => value !== undefined && value !== '');
}

/** How the agent reads a boolean (microsoft/azure-pipelines-agent StringUtil.cs). */
export function isTrueText(text: string | undefined): boolean {
  return ['1', 'true', '$true'].includes((text ?? '').toLowerCase());
}

/** Whether `%AZP25` means `%` in logging commands; the default is yes. */
export function decodesPercents(job: JobContext): boolean {
  return isTrueText(knob(job, 'DECODE_PERCENTS') ?? 'true');
}
