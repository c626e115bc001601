/** The job that the agent runs, with its variables and steps, as the server would send it. */

/** A variable of the job. */
export interface JobVariable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  /** A task that sets it gets a warning, or fails if `agent.readOnlyVariables` is `true`. */
  readonly readOnly?: boolean;
}

/** The restrictions of a step: `restrictions` of a task.json, or `target` of a YAML step. */
export interface Restrictions {
  /** `restricted` allows only harmless logging commands. */
  readonly commands?: 'any' | 'restricted';
  /** Globs of the variables the step may set; absent means all, an empty list none. */
  readonly settableVariables?: readonly string[];
}

/** What every kind of step has in common. */
export interface StepSettings {
  /** The `name:` by which other steps refer to its output variables; `''` lets the agent generate one. */
  readonly name: string;
  /** `''` shows the name of the task. */
  readonly displayName: string;
  readonly env: Readonly<Record<string, string>>;
  /** An expression; see `condition.ts`. */
  readonly condition: string;
  readonly continueOnError: boolean;
  /** 0 is no limit. */
  readonly timeoutInMinutes: number;
  readonly retryCountOnTaskFailure: number;
  readonly restrictions: Restrictions;
}

/** `task: Name@Major`. */
export interface TaskStep extends StepSettings {
  readonly kind: 'task';
  /** `KeyVaultSecrets` or `publisher.extension.KeyVaultSecrets`. */
  readonly task: string;
  readonly major: number;
  readonly inputs: Readonly<Record<string, string>>;
}

/** `script:` (the platform's own shell) or `bash:`. */
export interface ScriptStep extends StepSettings {
  readonly kind: 'script' | 'bash';
  readonly script: string;
  /** `''` is the default working directory. */
  readonly workingDirectory: string;
}

export type Step = TaskStep | ScriptStep;

export interface Job {
  readonly name: string;
  readonly displayName: string;
  readonly variables: readonly JobVariable[];
  /** Enabled steps only: the server never sends the others. */
  readonly steps: readonly Step[];
}
