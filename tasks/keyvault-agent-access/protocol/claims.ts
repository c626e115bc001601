import { DiagnosedError } from '../../shared/errors/diagnosis';
import type { Clock, Log } from '../../shared/ports';
import { networkOfOne } from '../address/address';
import { hasRule, isCoveredByOthers, openingChange, type Change } from './change';
import { TagsRefused } from './tags-refused';
import type { Claim } from './lease';
import type { Ledger } from './ledger';
import { openingMessages } from '../messages/opening';
import { refusalMessages } from '../messages/refusals';
import { settingsChange } from './settings-change';
import type { VaultState } from './vault-state';

interface ClaimsParts {
  readonly vault: string;
  readonly resourceId: string;
  readonly leaseId: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
}

/** Most networks that one step adds to one vault; an agent with more needs its range in `ipAddresses`. */
const mostNetworks = 4;

interface Claiming {
  readonly resourceId: string;
  readonly expires: number;
  readonly wanted: Set<string>;
  /** Those of the wanted that this step adds or shares by a lease. */
  readonly ours: Set<string>;
  /** Those that someone else's rule allows. */
  readonly theirs: Set<string>;
  /** What an earlier attempt of this step has recorded: to be removed in the end, never to be added again. */
  readonly earlier: readonly string[];
  leased: boolean;
  added: boolean;
  /** The vault with the rules but without their leases, which the log has not reported yet. */
  unreported: VaultState | undefined;
}

/**
 * Claims the networks unless someone else's rule allows them already. What an earlier attempt of the same step
 * has added is this one's too.
 */
export function createClaims(
  { time }: Pick<VaultState, 'time'>,
  networks: readonly string[],
  settings: { readonly leased: boolean; readonly leaseMinutes: number },
  parts: ClaimsParts,
) {
  const { resourceId } = parts;
  const earlier = parts.ledger.find(resourceId);
  const claiming: Claiming = {
    resourceId,
    expires: (Number.isNaN(time) ? parts.clock.now() : time) + settings.leaseMinutes * 60_000,
    wanted: new Set(networks),
    ours: new Set(),
    theirs: new Set(),
    earlier: earlier?.rules ?? [],
    leased: settings.leased,
    added: earlier?.added ?? false,
    unreported: undefined,
  };
  return {
    wanted: () => [...claiming.wanted],
    /** One more address of this agent. Throws AKV-ADDRESS-UNKNOWN when it has too many. */
    add: (address: string) => {
      addAddress(address, claiming.wanted, parts.vault);
    },
    /** Continues without a lease if `error` says that the tags cannot hold one; throws any other error. */
    giveUpLease: (error: unknown) => giveUpLease(error, claiming, parts),
    /** The parts of a convergence that keep the claims in the vault. */
    change: (state: VaultState): Change => {
      claimMissing(state, claiming, parts);
      return openingChange(state, claimOf(claiming, [...claiming.ours], parts), claiming.expires);
    },
    beforeWrite: () => record(claiming, parts),
    onWritten: (after: VaultState, before: VaultState) => noteWritten(after, before, claiming, parts),
    isAtStake: () => claiming.ours.size > 0,
  };
}

function addAddress(address: string, wanted: Set<string>, vault: string): void {
  if (wanted.size >= mostNetworks) {
    throw new DiagnosedError({
      code: 'AKV-ADDRESS-UNKNOWN',
      ...refusalMessages.tooManyAddresses(vault, [...wanted, address]),
    });
  }
  wanted.add(networkOfOne(address));
}

function claimOf({ resourceId, leased, added }: Claiming, rules: readonly string[], { leaseId }: ClaimsParts): Claim {
  return { resourceId, leaseId, rules, leased, added };
}

function claimMissing(state: VaultState, claiming: Claiming, { log }: ClaimsParts): void {
  const { earlier, leased, ours, theirs, wanted } = claiming;
  for (const network of wanted) {
    if (ours.has(network)) {
      continue;
    }
    const isTheirs =
      isCoveredByOthers(state, network, [...ours, ...earlier]) ||
      (!leased && hasRule(state, network) && !earlier.includes(network));
    if (!isTheirs) {
      ours.add(network);
    } else if (!theirs.has(network)) {
      theirs.add(network);
      log.info(openingMessages.coveredAlready(network));
    }
  }
}

/** Nothing to close, nothing to record: a write that only swept leaves no work for the post-job step. */
async function record(claiming: Claiming, parts: ClaimsParts): Promise<void> {
  const rules = [...new Set([...claiming.earlier, ...claiming.ours])];
  if (rules.length > 0) {
    await parts.ledger.record(claimOf(claiming, rules, parts));
  }
}

async function giveUpLease(error: unknown, claiming: Claiming, parts: ClaimsParts): Promise<void> {
  if (!(error instanceof TagsRefused)) {
    throw error;
  }
  claiming.leased = false;
  parts.log.warning(openingMessages.tagsRefused(parts.vault, error.reason));
  if (claiming.unreported !== undefined) {
    reportWritten(claiming.unreported, claiming, parts);
  }
  await record(claiming, parts);
}

/** @throws DiagnosedError AKV-ARM-POLICY when the write also changed the vault's access settings; the rules are recorded. */
async function noteWritten(after: VaultState, before: VaultState, claiming: Claiming, parts: ClaimsParts) {
  if ([...claiming.ours].every((rule) => hasRule(after, rule))) {
    claiming.added = true;
    await record(claiming, parts);
    if (openingChange(after, claimOf(claiming, [...claiming.ours], parts), claiming.expires) === undefined) {
      reportWritten(after, claiming, parts);
    } else {
      claiming.unreported = after;
    }
  }
  const diagnosis = settingsChange(before, after);
  if (diagnosis !== undefined) {
    throw new DiagnosedError(diagnosis);
  }
}

function reportWritten({ ipRules }: VaultState, { expires, leased, ours }: Claiming, parts: ClaimsParts): void {
  const { leaseId, log, vault } = parts;
  if (ours.size === 0) {
    log.info(openingMessages.sweptOnly(vault));
    return;
  }
  const lease = leased ? openingMessages.withLease(leaseId, `${new Date(expires).toISOString().slice(0, 16)}Z`) : '';
  log.info(openingMessages.added(vault, [...ours], lease, ipRules.length - ours.size));
}
