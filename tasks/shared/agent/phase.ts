/** How a phase of a task ended, when it did not fail. */
export interface PhaseResult {
  readonly result: 'succeeded' | 'succeededWithIssues' | 'skipped';
  /** One sentence, shown beside the step's result. Not masked by the agent: it may hold no secret. */
  readonly sentence: string;
}

/** A signal that also tells how soon it ends the work: a wait that could not be over by then need not be begun. */
export interface PhaseSignal extends AbortSignal {
  /** Milliseconds left; infinite, or the member absent, as long as there is no limit. */
  readonly timeLeft?: () => number;
}

/** What a phase works with: a signal that ends it, and a way to set its deadline once the inputs are known. */
export interface PhaseControl {
  readonly signal: PhaseSignal;
  /**
   * Ends the phase with AKV-TIMEOUT so many seconds from now; `what` completes "Timed out after ... while ...", and `input` is
   * the input that gives it more, if one does.
   */
  readonly limit: (seconds: number, what: string, input?: string) => void;
}
