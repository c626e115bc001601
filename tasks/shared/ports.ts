/**
 * The ports between the tasks' core and the computer. The core uses nothing else: no task library, no process, no
 * clock. `agent.ts` implements them for a real Azure Pipelines agent; tests implement them with literals.
 */

/** The step's inputs. */
export interface StepInputs {
  /** The text as the user wrote it, trimmed; `''` if the input is absent or empty. */
  text(name: string): string;
}

/** The agent's data of the service connections in the step's inputs. `''` if absent. */
export interface EndpointReader {
  scheme(id: string): string;
  parameter(id: string, name: string): string;
  data(id: string, name: string): string;
}

/**
 * The step's log. Text can come from a server or a vault. The implementation breaks up everything that the agent would
 * execute as a command (`##vso[`) or as formatting (`##[`), and splits at line breaks, so that no text can forge a
 * line.
 */
export interface Log {
  info(text: string): void;
  /** Shown only if the run has `System.Debug` set. */
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
  /** Registers texts that no later log line must show. Must be called before any of them can reach any output. */
  mask(texts: readonly string[]): void;
  /** Sets `$(name)` for the later steps of this job. A secret's masks must be registered before. */
  set(variable: PipelineVariable): void;
  /** Sets the output variable `$(step.name)`, which other jobs can read. Does not set `$(name)`. */
  setOutput(variable: PipelineVariable): void;
  /** Names of all variables of the job and whether each is secret. Values are not given. */
  list(): readonly { readonly name: string; readonly secret: boolean }[];
}

/** Text that a later phase of the same step (post-job) can read: the agent's task variables. */
export interface PhaseMemory {
  read(name: string): string | undefined;
  /**
   * When the promise resolves, the agent has received the text: it is stored even if the process is killed directly
   * afterwards.
   */
  remember(name: string, text: string): Promise<void>;
}

/** Computes what only this job can compute, the same in all of its phases. */
export interface JobKey {
  /** False if the output of an earlier step may have replaced the agent's value: then others know the key. */
  readonly isGenuine: boolean;
  /** Keyed digest (HMAC-SHA256) of these texts, in hexadecimal digits. */
  digest(...texts: readonly string[]): string;
}

/** Time as a port, so that tests can replay every schedule and do not sleep. All numbers are milliseconds. */
export interface Clock {
  /** Wall-clock time since 1970, to compare with other machines and with Azure. */
  now(): number;
  /** Time since some fixed moment that never jumps, to measure durations. */
  monotonic(): number;
  /** Resolves after `milliseconds`, rejects with the signal's reason as soon as that is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** When the work must be finished: a wait that would end later is not started. */
export interface Deadline {
  /** Milliseconds left; infinite if there is no limit. */
  timeLeft(): number;
}

/** A number in [0, 1). */
export type Random = () => number;
