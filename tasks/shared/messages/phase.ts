/** What the user reads when a phase does nothing, or ends before its work is done. */
export const phaseMessages = {
  ranBefore: "This ran before the job's first step (runAsPreJob is true).",
  runsLater: 'This runs in its own place in the job (runAsPreJob is false).',
  diedEarly: 'AKV-UNEXPECTED: The task ended before its work was done. Nothing after the last line above has happened.',
  cancelled: (signal: string) => ({
    summary: `The step was cancelled (${signal}).`,
    remedy: ['Nothing to fix: the job or the step was cancelled, or its own time limit ended it.'],
  }),
  noTimeLeft: (work: string, seconds: number) => `No time left while ${work}: the step's ${seconds} seconds are over.`,
  seeLinesAbove: 'The lines above say what was being waited for.',
  raiseInput: (input: string) => `If it only needs longer, raise the input '${input}'.`,
};
