import type { Deadline } from '../ports';

/** How a phase of a task ended, when it did not fail. */
export interface PhaseResult {
  readonly result: 'succeeded' | 'succeededWithIssues' | 'skipped';
  /** One sentence, shown next to the step's result. Not masked by the agent: it may hold no secret. */
  readonly sentence: string;
}

/** How long a phase may work. */
export interface PhaseTime {
  /** Ends the phase. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
}

/** What a phase works with: its time, and a way to limit it once the inputs are known. */
export interface PhaseControl extends PhaseTime {
  /**
   * Ends the phase with AKV-TIMEOUT this many seconds from now; `what` completes "Timed out after ... while ...", and `input` is
   * the input that gives it more, if one does.
   */
  readonly limit: (seconds: number, what: string, input?: string) => void;
}
