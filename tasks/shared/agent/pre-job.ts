import { createInputReader, throwMistakes } from '../inputs/reader';
import type { StepInputs } from '../ports';
import { phaseMessages } from '../messages/phase';
import type { PhaseResult } from './phase';

/** The two phases: one does the task's work, the other does nothing. */
export type Turn = 'pre-job' | 'main';

/**
 * The result of a phase that does nothing because of the input `runAsPreJob`, or `undefined` if the phase does the
 * work.
 *
 * @throws DiagnosedError AKV-INPUT if the input is not `true` or `false`.
 */
export function otherPhase(turn: Turn, inputs: StepInputs): PhaseResult | undefined {
  const read = createInputReader(inputs);
  const chosen: Turn = read.truth('runAsPreJob', false) ? 'pre-job' : 'main';
  throwMistakes(read.problems);
  if (chosen === turn) {
    return undefined;
  }
  return { result: 'skipped', sentence: turn === 'main' ? phaseMessages.ranBefore : phaseMessages.runsLater };
}
