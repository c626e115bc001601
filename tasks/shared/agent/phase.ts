import type { Deadline } from '../ports';

/** How a phase of a task ended, when it did not fail. */
export interface PhaseResult {
  readonly result: 'succeeded' | 'succeededWithIssues' | 'skipped';
  /** One sentence, shown next to the step's result. The agent does not mask it, so it must not contain a secret. */
  readonly sentence: string;
}

/** How long a phase may work. */
export interface PhaseTime {
  /** Ends the phase. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
}

/** The time of a phase, and a way to limit it when the inputs are known. */
export interface PhaseControl extends PhaseTime {
  /**
   * Ends the phase with AKV-TIMEOUT after this many seconds; `what` completes "Timed out after ... while ...", and
   * `input` is the input that increases the limit, if there is one.
   */
  readonly limit: (seconds: number, what: string, input?: string) => void;
}
