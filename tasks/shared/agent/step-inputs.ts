import { failInput } from '../errors/diagnosis';
import { stepInputMessages as messages } from '../messages/inputs';
import type { StepInputs } from '../ports';
import { environmentName } from '../environment-name';
import { mayBeOverwritten, readExactly } from './environment';

const keyOf = (input: string) => `INPUT_${environmentName(input)}`;

/** The step's inputs. If a variable of the job may have replaced one, the step fails with AKV-INPUT. */
export const stepInputs: StepInputs = {
  text(name) {
    const key = keyOf(name);
    return mayBeOverwritten(key) ? failInput(name, messages.overwritten(key), messages.renameVariable(key)) : read(key);
  },
};

/** The same for a post-job step: what it removes is in its own record, not in the inputs. */
export const inputsForClosing: StepInputs = { text: (name) => read(keyOf(name)) };

function read(key: string): string {
  return readExactly(key).trim();
}
