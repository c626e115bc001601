import type { JobKey, PhaseMemory } from '../../shared/ports';

/** What a phase finds of what earlier ones have remembered. */
type Remembered =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'authentic'; readonly text: string }
  /** There is a text that this step cannot have written: any step can print one (`VSTS_TASKVARIABLE_...`). */
  | { readonly kind: 'forged' };

/** A memory that tells its own texts from those of others. */
export interface SignedMemory {
  read(name: string): Remembered;
  remember(name: string, text: string): Promise<void>;
}

/** Signs with the job's key what it remembers, and believes nothing else. */
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
