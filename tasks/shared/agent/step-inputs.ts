import { failInput } from '../errors/diagnosis';
import { stepInputMessages as messages } from '../messages/inputs';
import type { StepInputs } from '../ports';
import { environmentName } from '../environment-name';
import { mayBeOverwritten, readExactly } from './environment';

const keyOf = (input: string) => `INPUT_${environmentName(input)}`;

/** The step's inputs. One that a variable of the job may have replaced ends the step with AKV-INPUT. */
export const stepInputs: StepInputs = {
  text(name) {
    const key = keyOf(name);
    return mayBeOverwritten(key) ? failInput(name, messages.overwritten(key), messages.renameVariable(key)) : read(key);
  },
};

/** The same for a step that closes what it has opened: what it undoes is in its own record, not in these. */
export const inputsForClosing: StepInputs = { text: (name) => read(keyOf(name)) };

function read(key: string): string {
  return readExactly(key).trim();
}
