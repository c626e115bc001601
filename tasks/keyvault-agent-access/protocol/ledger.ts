import type { PhaseMemory } from '../../shared/ports';

/** What a step has opened, or was about to open, on one vault. Written before the vault is touched. */
export interface Opened {
  readonly resourceId: string;
  readonly leaseId: string;
  /** The networks that were missing and that this step adds, canonical. */
  readonly rules: readonly string[];
  readonly leased: boolean;
  /** True once the vault was seen with the rules after our own write. */
  readonly added: boolean;
}

/** The step's record of what it has opened, shared by all of its phases and attempts. */
export interface Ledger {
  find(resourceId: string): Opened | undefined;
  all(): readonly Opened[];
  /** Replaces the vault's entry. Has reached the agent when the promise resolves. */
  record(opened: Opened): Promise<void>;
}

const memoryName = 'KeyVaultAgentAccess_Opened';

/**
 * Reads the record of earlier phases and attempts of this step. What was recorded survives the process: the agent keeps
 * it, also when this one is killed.
 */
export function openLedger(memory: PhaseMemory): Ledger {
  const entries = new Map(
    parse(memory.read(memoryName) ?? '').map((opened) => [opened.resourceId.toLowerCase(), opened]),
  );
  return {
    find: (resourceId) => entries.get(resourceId.toLowerCase()),
    all: () => [...entries.values()],
    record: (opened) => {
      entries.set(opened.resourceId.toLowerCase(), opened);
      return memory.remember(memoryName, JSON.stringify([...entries.values()]));
    },
  };
}

function parse(text: string): readonly Opened[] {
  return text === '' ? [] : (JSON.parse(text) as readonly Opened[]);
}
