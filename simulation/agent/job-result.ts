import type { Command } from './commands/command';

/** In the order of the agent's enumeration: a later one is worse (microsoft/azure-pipelines-agent TaskResultUtil.cs). */
export const taskResults = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped', 'Abandoned'] as const;

export type TaskResult = (typeof taskResults)[number];

export type Phase = 'pre' | 'main' | 'post';

/** The worse of two results; a result worse than Failed is kept (microsoft/azure-pipelines-agent TaskResultUtil.cs). */
export function mergeResults(current: TaskResult | undefined, coming: TaskResult): TaskResult {
  if (current === undefined) return coming;
  if (taskResults.indexOf(current) > taskResults.indexOf('Failed')) return current;
  return taskResults.indexOf(coming) >= taskResults.indexOf(current) ? coming : current;
}

/** An entry of the run's summary page; the text is masked. */
export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
}

/** One phase of one step as it ran. */
export interface StepResult {
  /** The name a user sees, without the `Pre-job: ` that the portal puts in front. */
  readonly displayName: string;
  readonly phase: Phase;
  readonly result: TaskResult;
  /** The lines of the log that a user sees. */
  readonly lines: readonly string[];
  /** What the processes wrote, neither masked nor interpreted. */
  readonly raw: readonly string[];
  readonly issues: readonly Issue[];
}

/** One process that the agent started. */
export interface ProcessResult {
  readonly displayName: string;
  readonly phase: Phase;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface VariableValue {
  readonly value: string;
  readonly secret: boolean;
  readonly readOnly: boolean;
}

export interface TempFile {
  /** Relative to `Agent.TempDirectory`, with `/`. */
  readonly path: string;
  /** Permission bits, e.g. `0o600`. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
}

/** A logging command that the agent could not run, as it was written, and the reason. */
export interface UnprocessedCommand {
  readonly line: string;
  readonly reason: string;
}

/** The result of a job. */
export interface JobResult {
  readonly result: TaskResult;
  readonly steps: readonly StepResult[];
  /** Every line that a user sees. */
  readonly log: readonly string[];
  /** Every line that a process wrote, unmasked. */
  readonly raw: readonly string[];
  /** By name as it was first spelled; includes `step.name` output variables. */
  readonly variables: Readonly<Record<string, VariableValue>>;
  /** By `step.name`: what other jobs can read. */
  readonly outputVariables: Readonly<Record<string, VariableValue>>;
  /** By step name, then by variable name. */
  readonly taskVariables: Readonly<Record<string, Readonly<Record<string, VariableValue>>>>;
  /** Texts of the uploaded summaries; the server shows them unmasked. */
  readonly summaries: readonly string[];
  /** Texts of uploaded files and attachments. */
  readonly attachments: readonly string[];
  readonly issues: readonly Issue[];
  /** What was in `Agent.TempDirectory` right before the agent emptied it. */
  readonly tempFiles: readonly TempFile[];
  /** Commands the agent accepted, in order. */
  readonly commands: readonly Command[];
  readonly unprocessedCommands: readonly UnprocessedCommand[];
  readonly processes: readonly ProcessResult[];
  /** Files that a task wrote, changed or removed in its own read-only folder: always a defect of the task. */
  readonly changedTaskFiles: readonly string[];
}
