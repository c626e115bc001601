import type { JobKey, PhaseMemory } from '../../shared/ports';

type Remembered =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'authentic'; readonly text: string }
  /** There is a text that this step cannot have written: any step can print one (`VSTS_TASKVARIABLE_...`). */
  | { readonly kind: 'forged' };

/** A memory that other steps cannot forge. */
export interface SignedMemory {
  read(name: string): Remembered;
  remember(name: string, text: string): Promise<void>;
}

/** Signs each text with the job's key, and accepts no other. */
export function signMemory(memory: PhaseMemory, key: JobKey): SignedMemory {
  const sign = (name: string, text: string) => `${key.digest('memory', name, text)} ${text}`;
  return {
    read(name) {
      const found = memory.read(name);
      if (found === undefined) {
        return { kind: 'nothing' };
      }
      const text = found.slice(found.indexOf(' ') + 1);
      return key.isGenuine && found === sign(name, text) ? { kind: 'authentic', text } : { kind: 'forged' };
    },
    remember: (name, text) => memory.remember(name, sign(name, text)),
  };
}
