import type { Claim } from './lease';
import type { SignedMemory } from './signed-memory';

/** The step's record of what it claims, shared by all of its phases and attempts. */
export interface Ledger {
  /** True when there is a record that this step has not written: what it says is not used. */
  readonly isForged: boolean;
  find(resourceId: string): Claim | undefined;
  all(): readonly Claim[];
  /** Replaces the vault's entry. Has reached the agent when the promise resolves. */
  record(claim: Claim): Promise<void>;
}

const memoryName = 'KeyVaultAgentAccess_Opened';

/**
 * Reads the record of earlier phases and attempts of this step. The agent keeps it, so it survives a process that is
 * killed.
 */
export function openLedger(memory: SignedMemory): Ledger {
  const found = memory.read(memoryName);
  const claims = found.kind === 'authentic' ? (JSON.parse(found.text) as readonly Claim[]) : [];
  const entries = new Map(claims.map((claim) => [claim.resourceId.toLowerCase(), claim]));
  return {
    isForged: found.kind === 'forged',
    find: (resourceId) => entries.get(resourceId.toLowerCase()),
    all: () => [...entries.values()],
    record: (claim) => {
      entries.set(claim.resourceId.toLowerCase(), claim);
      return memory.remember(memoryName, JSON.stringify([...entries.values()]));
    },
  };
}
