/**
 * The ports between the tasks' core and the machine they run on. The core sees nothing else: no task library, no
 * process, no clock. `agent.ts` implements them for a real Azure Pipelines agent; tests implement them with literals.
 */

/** The step's inputs. */
export interface StepInputs {
  /** The text as the user wrote it, trimmed; `''` when the input is absent or empty. */
  text(name: string): string;
}

/**
 * The step's log. Text may come from a server or a vault: the implementation breaks up whatever the agent would read
 * as a command (`##vso[`) or as formatting (`##[`), and splits at line breaks, so no text can forge a line.
 */
export interface Log {
  info(text: string): void;
  /** Shown only when the run has `System.Debug` set. */
  debug(text: string): void;
  /** A yellow line that also appears on the run's summary page. Does not change the step's result. */
  warning(text: string): void;
}

/** A pipeline variable to set. */
export interface PipelineVariable {
  readonly name: string;
  readonly value: string;
  /** Masked in logs, and not exported to the environment of scripts. */
  readonly secret: boolean;
}

/** The job's variables and its log masker. */
export interface PipelineVariables {
  /** Registers texts that no later log line may show. Has to be called before any of them can reach any output. */
  mask(texts: readonly string[]): void;
  /** Sets `$(name)` for the later steps of this job. A secret's masks must have been registered before. */
  set(variable: PipelineVariable): void;
  /** Sets the output variable `$(step.name)`, which other jobs can read. Does not set `$(name)`. */
  setOutput(variable: PipelineVariable): void;
  /** Names of all variables of the job and whether each is secret. Values are not given. */
  list(): readonly { readonly name: string; readonly secret: boolean }[];
}

/** Text that a later phase of the same step (post-job) can read: the agent's task variables. */
export interface PhaseMemory {
  read(name: string): string | undefined;
  /** Has reached the agent when the promise resolves: a process killed right afterwards has still remembered it. */
  remember(name: string, text: string): Promise<void>;
}

/** Makes what this job alone can make, the same in all of its phases. */
export interface JobKey {
  /** False when what the agent gave may have been replaced by what an earlier step printed: then others know the key. */
  readonly isGenuine: boolean;
  /** Keyed digest (HMAC-SHA256) of these texts, in hexadecimal digits. */
  digest(...texts: readonly string[]): string;
}

/** Time as a port, so that every schedule can be replayed and no test sleeps. All numbers are milliseconds. */
export interface Clock {
  /** Wall-clock time since 1970, to compare with other machines and with Azure. */
  now(): number;
  /** Time since some fixed moment that never jumps, to measure durations. */
  monotonic(): number;
  /** Resolves after `milliseconds`, rejects with the signal's reason as soon as that is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** When the work has to be over: a wait that would end later need not be begun. */
export interface Deadline {
  /** Milliseconds left; infinite as long as there is no limit. */
  timeLeft(): number;
}

/** A number in [0, 1). */
export type Random = () => number;
