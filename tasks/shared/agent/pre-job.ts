import { createInputReader, throwMistakes } from '../inputs/reader';
import type { StepInputs } from '../ports';
import { phaseMessages } from '../messages/phase';
import type { PhaseResult } from './phase';

/** The two phases that either do a task's work or leave it to the other one. */
export type Turn = 'pre-job' | 'main';

/**
 * Whether the work is the other phase's, by the input `runAsPreJob`: then the result that says so, else `undefined`.
 *
 * @throws DiagnosedError AKV-INPUT when the input is neither `true` nor `false`.
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
