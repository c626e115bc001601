import type { Diagnosis } from '../../shared/errors/diagnosis';
import { closingChange, expiredRanges, hasRule, sweepableLeases, sweepingChange } from '../protocol/change';
import { converge, type WriterParts } from '../protocol/converge';
import { leasesAmong, type Claim } from '../protocol/lease';
import { isSingleAddress } from '../address/address';
import { closingCommand } from './closing-command';
import { closingMessages as messages } from '../messages/closing';
import type { ManagedVault } from '../ports/vault';
import { settingsChange } from '../protocol/settings-change';
import { readVaultState, type VaultState } from '../protocol/vault-state';

export type CloseParts = WriterParts & ManagedVault;

/** How long closing waits for jobs that are opening the vault: a part of the post-job step's time. Milliseconds. */
const maxYield = 40_000;

/**
 * Removes exactly what the step has added to one vault and that no other live lease needs, and sweeps expired leases on
 * the way. Uses the recorded addresses, as the agent's own may have changed. Gives a diagnosis if a policy changed the
 * vault's access settings with that.
 */
export async function closeVault(claim: Claim, parts: CloseParts): Promise<Diagnosis | undefined> {
  let sideEffect: Diagnosis | undefined;
  const swept = new Set<string>();
  const seen = new Set<string>();
  const final = await converge({
    ...parts,
    maxYield,
    change: (state) => {
      noteExpired(state, swept);
      notePresent(state, claim.rules, seen);
      return closingChange(state, claim);
    },
    onWritten: (after, before) => {
      sideEffect ??= settingsChange(before, after);
      return Promise.resolve();
    },
  });
  for (const rule of claim.rules) {
    const gone = seen.has(rule) ? messages.removed : messages.notThere;
    parts.log.info((hasRule(final, rule) ? messages.stays : gone)(parts.vault, rule));
  }
  report(swept, parts);
  return sideEffect;
}

/**
 * Closes without a record of what was opened: by the step's own leases in the vault's tags. Whoever may write the tags
 * may have added one with the same id: of those, no more than single addresses and the step's own `networks` count.
 */
export async function closeByLease(
  { leaseId, networks }: { readonly leaseId: string; readonly networks: readonly string[] },
  parts: CloseParts,
): Promise<Diagnosis | undefined> {
  const { entries } = readVaultState(await parts.armVault.get(parts.signal));
  const own = leasesAmong(entries).flatMap((lease) => (lease.id === leaseId ? [lease.rule] : []));
  const rules = own.filter((rule) => isSingleAddress(rule) || networks.includes(rule));
  if (own.length === 0) {
    parts.log.warning(messages.noOwnLease(parts.vault));
    return undefined;
  }
  return closeVault({ resourceId: parts.resourceId, leaseId, rules, leased: true, added: false }, parts);
}

interface SweptVault {
  /** Rules that were removed. */
  readonly rules: readonly string[];
  /** Ranges with an expired lease, which no sweep removes. */
  readonly ranges: readonly string[];
  /** Present if a policy changed the vault's access settings with that. */
  readonly sideEffect: Diagnosis | undefined;
}

/** Removes what jobs whose leases have expired left behind on one vault, and nothing else. */
export async function sweepVault(parts: CloseParts): Promise<SweptVault> {
  let sideEffect: Diagnosis | undefined;
  const swept = new Set<string>();
  const final = await converge({
    ...parts,
    maxYield,
    change: (state) => {
      noteExpired(state, swept);
      return sweepingChange(state);
    },
    onWritten: (after, before) => {
      sideEffect ??= settingsChange(before, after);
      return Promise.resolve();
    },
    isAtStake: () => swept.size > 0,
  });
  if (swept.size === 0) {
    parts.log.info(messages.noneExpired(parts.vault));
  }
  const ranges = expiredRanges(final).map(({ rule }) => rule);
  for (const range of ranges) {
    const command = closingCommand({ resourceId: final.id, rules: [range] });
    parts.log.warning(messages.expiredRange(parts.vault, range, command));
  }
  report(swept, parts);
  return { rules: [...swept], ranges, sideEffect };
}

function noteExpired(state: VaultState, swept: Set<string>): void {
  for (const { rule } of sweepableLeases(state)) {
    swept.add(rule);
  }
}

/** A refused write has left nothing to remove, though it was recorded before it was sent. */
function notePresent(state: VaultState, rules: readonly string[], seen: Set<string>): void {
  for (const rule of rules.filter((one) => hasRule(state, one))) {
    seen.add(rule);
  }
}

function report(swept: ReadonlySet<string>, { log, vault }: CloseParts): void {
  if (swept.size > 0) {
    log.info(messages.swept(vault, [...swept]));
  }
}
