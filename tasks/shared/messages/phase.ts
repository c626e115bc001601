/** Messages of a phase that does nothing, or that ends before its work is done. */
export const phaseMessages = {
  /** This phase does not know whether the pre-job step ran: the step's condition may have skipped it. */
  ranBefore:
    "Nothing to do here: with runAsPreJob: true this step runs before the job's first step, unless its condition is false.",
  runsLater: 'Nothing to do here: this step runs at its normal position (runAsPreJob is false).',
  diedEarly: 'AKV-UNEXPECTED: The task ended before its work was done. Nothing after the line above was done.',
  noAgent: "This task does not run from an agent's work folder, so its temporary folder is not known.",
  canceled: (signal: string) => ({
    summary: `The step was canceled (${signal}).`,
    remedy: ['Nothing to fix: the job or the step was canceled, or its time limit ended it.'],
  }),
  noTimeLeft: (work: string, seconds: number) => `Timed out after ${seconds} s while ${work}.`,
  seeLinesAbove: 'The lines above say what the step was waiting for.',
  raiseInput: (input: string) => `If it only needs more time, raise the input '${input}'.`,
};
