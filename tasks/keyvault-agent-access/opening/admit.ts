import { DiagnosedError } from '../../shared/errors/diagnosis';
import { covers, isPublic } from '../address/address';
import { openingMessages as messages } from '../messages/opening';
import { refusalMessages as refusals } from '../messages/refusals';
import type { ManagedVault } from '../ports/vault';
import type { DataPlane } from '../ports/data-plane';
import { createProbe, passesNeeded } from './probe';
import { createClaims } from '../protocol/claims';
import { converge, type WriterParts } from '../protocol/converge';
import type { Ledger } from '../protocol/ledger';
import type { VaultState } from '../protocol/vault-state';

/** What the user wants of an opening. */
export interface OpenSettings {
  /** Networks to allow instead of the agent's own address, canonical. Empty: find the agent's. */
  readonly networks: readonly string[];
  readonly leased: boolean;
  readonly leaseMinutes: number;
  readonly waitForAccess: boolean;
}

export interface AdmitParts extends WriterParts, ManagedVault {
  readonly ledger: Ledger;
  /** The id of this step's lease on the vault. */
  readonly leaseId: string;
}

/** Allows these networks, unless other rules do already, and further addresses that refusals name meanwhile. */
export async function admit(
  state: VaultState,
  networks: readonly string[],
  dataPlane: DataPlane,
  settings: OpenSettings,
  parts: AdmitParts,
): Promise<readonly string[]> {
  const { clock, log, signal, vault } = parts;
  const started = clock.monotonic();
  const claims = createClaims(state, networks, settings, parts);
  const isAllowed = (address: string) => claims.wanted().some((network) => covers(network, address));
  const probe = settings.waitForAccess ? createProbe({ vault, dataPlane, clock, log, signal, isAllowed }) : undefined;
  const meanwhile = async (milliseconds: number) => {
    if (probe === undefined) {
      await clock.sleep(milliseconds, signal);
      return true;
    }
    const open = await probe.check(milliseconds);
    const further = probe.takeBlockedAddress();
    if (further !== undefined) {
      assertMayAdd(further, settings, vault);
      log.info(messages.seenFromAsWell(vault, further));
      claims.add(further);
    }
    return open;
  };
  const onWritten = (after: VaultState, before: VaultState) => {
    probe?.startOver();
    return claims.onWritten(after, before);
  };
  const hold = () => converge({ ...parts, ...claims, onWritten, meanwhile });
  await hold().catch(async (error: unknown) => {
    await claims.giveUpLease(error);
    return hold();
  });
  const seconds = ((clock.monotonic() - started) / 1000).toFixed(1);
  const proof = probe === undefined ? '' : messages.proven(passesNeeded);
  const closing = claims.isAtStake() ? messages.willClose : '';
  log.info(messages.opened(vault, seconds, proof, closing));
  return claims.wanted();
}

/** With addresses given by the user, exactly those are allowed. */
export function assertMayAdd(address: string, { networks }: OpenSettings, vault: string): void {
  if (networks.length > 0 || !isPublic(address)) {
    const reason = networks.length > 0 ? refusals.notInInput : refusals.notPublic;
    throw new DiagnosedError({ code: 'AKV-FIREWALL', ...refusals.furtherAddress(vault, address, reason) });
  }
}
