import { failInput } from '../errors/diagnosis';
import type { StepInputs } from '../ports';
import { stepInputMessages } from '../messages/inputs';
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
  const text = inputs.text('runAsPreJob') || 'false';
  if (!/^(true|false)$/i.test(text)) {
    failInput('runAsPreJob', stepInputMessages.noTruth(text));
  }
  const chosen: Turn = text.toLowerCase() === 'true' ? 'pre-job' : 'main';
  if (chosen === turn) {
    return undefined;
  }
  return { result: 'skipped', sentence: turn === 'main' ? phaseMessages.ranBefore : phaseMessages.runsLater };
}
