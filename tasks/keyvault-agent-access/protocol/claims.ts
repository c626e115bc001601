import { DiagnosedError } from '../../shared/errors/diagnosis';
import type { Clock, Log, Random } from '../../shared/ports';
import { hasRule, isCoveredByOthers, openingChange, type Change } from './change';
import { TagsRefused } from './converge';
import { leaseIdLength } from './lease';
import type { Ledger } from './ledger';
import { openingMessages } from '../messages/opening';
import { refusalMessages } from '../messages/refusals';
import type { VaultState } from './vault-state';

/** What this step claims on one vault: grows when a denial names a further address of the agent. */
export interface Claims {
  /** The networks to let in, canonical. */
  wanted(): readonly string[];
  /** One more address of this agent. Throws AKV-ADDRESS-UNKNOWN when it has too many. */
  add(address: string): void;
  /** Goes on without a lease if `error` says that the tags cannot hold one; throws any other error. */
  giveUpLease(error: unknown): void;
  /** The parts of a convergence that keep the claims in the vault. */
  change(state: VaultState, now: number): Change;
  beforeWrite(): Promise<void>;
  onWritten(state: VaultState): Promise<void>;
  isAtStake(): boolean;
}

interface ClaimsParts {
  readonly vault: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Most networks that one step adds to one vault; an agent with more needs its range in `ipAddresses`. */
const mostNetworks = 4;

interface Claimed {
  readonly resourceId: string;
  readonly leaseId: string;
  readonly expires: number;
  readonly wanted: Set<string>;
  /** Those of the wanted that this step adds or shares by a lease. */
  readonly ours: Set<string>;
  /** Those that a rule of somebody else lets in. */
  readonly theirs: Set<string>;
  leased: boolean;
  added: boolean;
}

/**
 * Claims the networks as far as no rule of somebody else lets them in already. An earlier attempt of the same step is
 * carried on: its lease id and its rules are this one's too.
 */
export function createClaims(
  resourceId: string,
  networks: readonly string[],
  settings: { readonly leased: boolean; readonly leaseMinutes: number },
  parts: ClaimsParts,
): Claims {
  const earlier = parts.ledger.find(resourceId);
  const claimed: Claimed = {
    resourceId,
    leaseId: earlier?.leaseId ?? newLeaseId(parts.random),
    expires: parts.clock.now() + settings.leaseMinutes * 60_000,
    wanted: new Set(networks),
    ours: new Set(earlier?.rules ?? []),
    theirs: new Set(),
    leased: settings.leased,
    added: earlier?.added ?? false,
  };
  return {
    wanted: () => [...claimed.wanted],
    add: (address) => {
      if (claimed.wanted.size >= mostNetworks) {
        throw new DiagnosedError({
          code: 'AKV-ADDRESS-UNKNOWN',
          ...refusalMessages.tooManyAddresses(parts.vault, [...claimed.wanted, address]),
        });
      }
      claimed.wanted.add(`${address}/32`);
    },
    giveUpLease: (error) => {
      giveUpLease(error, claimed, parts);
    },
    change: (state, now) => {
      claimMissing(state, claimed, parts);
      return openingChange(state, { ...claimed, rules: [...claimed.ours] }, now);
    },
    beforeWrite: () => record(claimed, parts.ledger),
    onWritten: (state) => {
      claimed.added = true;
      tellWritten(state, claimed, parts);
      return record(claimed, parts.ledger);
    },
    isAtStake: () => claimed.ours.size > 0,
  };
}

function claimMissing(state: VaultState, claimed: Claimed, { log }: ClaimsParts): void {
  for (const network of claimed.wanted) {
    if (claimed.ours.has(network)) {
      continue;
    }
    const isTheirs =
      isCoveredByOthers(state, network, [...claimed.ours]) || (!claimed.leased && hasRule(state, network));
    if (!isTheirs) {
      claimed.ours.add(network);
    } else if (!claimed.theirs.has(network)) {
      claimed.theirs.add(network);
      log.info(openingMessages.coveredAlready(network));
    }
  }
}

/** Nothing to close, nothing to record: a write that only swept leaves no work for the post-job step. */
async function record({ resourceId, leaseId, ours, leased, added }: Claimed, ledger: Ledger): Promise<void> {
  if (ours.size > 0) {
    await ledger.record({ resourceId, leaseId, rules: [...ours], leased, added });
  }
}

function giveUpLease(error: unknown, claimed: Claimed, { log, vault }: ClaimsParts): void {
  if (!(error instanceof TagsRefused)) {
    throw error;
  }
  claimed.leased = false;
  log.warning(openingMessages.tagsRefused(vault, error.message));
}

function tellWritten(
  { ipRules }: VaultState,
  { expires, leaseId, leased, ours }: Claimed,
  { log, vault }: ClaimsParts,
): void {
  if (ours.size === 0) {
    log.info(openingMessages.sweptOnly(vault));
    return;
  }
  const lease = leased ? openingMessages.withLease(leaseId, `${new Date(expires).toISOString().slice(0, 16)}Z`) : '';
  log.info(openingMessages.added(vault, [...ours], lease, ipRules.length - ours.size));
}

function newLeaseId(random: Random): string {
  return Math.floor(random() * 36 ** leaseIdLength)
    .toString(36)
    .padStart(leaseIdLength, '0');
}
