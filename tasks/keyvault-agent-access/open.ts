import { DiagnosedError, type Diagnosis } from '../shared/errors/diagnosis';
import { blockedByPerimeter, privateOnly, throughSubnet } from '../shared/errors/network-access';
import type { Clock, Log, Random } from '../shared/ports';
import { canonicalNetwork, covers, isPublic } from './address';
import { createClaims } from './protocol/claims';
import { converge } from './protocol/converge';
import { findAddress } from './find-address';
import type { Ledger } from './protocol/ledger';
import { openingMessages as messages } from './messages/opening';
import { refusalMessages as refusals } from './messages/refusals';
import type { AddressLookup, DataPlane, ArmVault } from './ports';
import { createProbe, passesNeeded } from './probe';
import { readVaultState, type VaultState } from './protocol/vault-state';

/** What the user wants of an opening. */
export interface OpenSettings {
  /** Networks to let in instead of the agent's own address, canonical. Empty: find the agent's. */
  readonly networks: readonly string[];
  readonly leased: boolean;
  readonly leaseMinutes: number;
  readonly waitForAccess: boolean;
}

export interface OpenParts {
  /** The vault's name, as the user reads it. */
  readonly vault: string;
  readonly armVault: ArmVault;
  /** The data plane at the vault's own URL. */
  readonly dataPlaneOf: (state: Pick<VaultState, 'url' | 'bindsTokens'>) => DataPlane;
  /** Opens the vault through its network security perimeter; `undefined` when the vault's own firewall decides. */
  readonly openThroughPerimeter: (state: VaultState, dataPlane: DataPlane) => Promise<readonly string[] | undefined>;
  /** Empty unless the user allows public services to be asked. */
  readonly lookups: readonly AddressLookup[];
  readonly ledger: Ledger;
  /** Of the vault, as the step's inputs name it; what an answer says of itself does not matter. */
  readonly resourceId: string;
  /** The id of this step's lease on the vault. */
  readonly leaseId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Opens the firewall of one vault for this agent and waits until it really is open. Gives the networks let in; none
 * when nothing had to be done.
 *
 * @throws DiagnosedError when the vault cannot be opened; what was written by then is in the ledger.
 */
export async function openVault(settings: OpenSettings, parts: OpenParts): Promise<readonly string[]> {
  const { log, armVault, signal, vault } = parts;
  const state = readVaultState(await armVault.get(signal));
  const dataPlane = parts.dataPlaneOf(state);
  const through = await parts.openThroughPerimeter(state, dataPlane);
  if (through !== undefined) {
    return through;
  }
  if (state.exposure === 'open') {
    log.info(messages.openToEverybody(vault));
    return [];
  }
  const networks = await networksToAdmit(state, dataPlane, settings, parts);
  if (networks.length === 0) {
    log.info(messages.byPrivateEndpoint(vault));
    return [];
  }
  return admit(state, networks, dataPlane, settings, parts);
}

/** The agent's networks, or those that the user gave; none when it needs no rule. */
async function networksToAdmit(state: VaultState, dataPlane: DataPlane, settings: OpenSettings, parts: OpenParts) {
  const { log, signal, vault } = parts;
  if (state.exposure !== 'firewalled') {
    const info = await dataPlane.readNetworkInfo(signal);
    return info?.path === 'privateLink' ? [] : refuse(state);
  }
  if (settings.networks.length > 0) {
    return settings.networks;
  }
  const path = await findAddress({ ...parts, dataPlane });
  switch (path.kind) {
    case 'privateLink':
      return [];
    case 'subnet':
      return refuseSubnet(state.name, path.subnet);
    case 'public':
      log.info(messages.reachedFrom(vault, path.addresses, path.source));
      return path.addresses.map((address) => canonicalNetwork(address) ?? address);
  }
}

/** Lets these networks in, as far as others have not, and further addresses that denials name on the way. */
async function admit(
  state: VaultState,
  networks: readonly string[],
  dataPlane: DataPlane,
  settings: OpenSettings,
  parts: OpenParts,
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

/** Firewall rules mean nothing to this vault, and nothing is changed that they would mean something again. */
function refuse({ name, exposure, url }: VaultState): never {
  if (exposure === 'private') {
    throw new DiagnosedError(unchanged(privateOnly(name, new URL(url).host)));
  }
  throw new DiagnosedError(unchanged(blockedByPerimeter(name)));
}

/** @throws DiagnosedError AKV-SUBNET: a rule for an address does not help behind a service endpoint. */
export function refuseSubnet(vault: string, subnet: string): never {
  throw new DiagnosedError(unchanged(throughSubnet(vault, subnet)));
}

function unchanged(diagnosis: Diagnosis): Diagnosis {
  return { ...diagnosis, summary: `${diagnosis.summary} ${refusals.nothingChanged}` };
}

/** With addresses given by the user, exactly those are let in. */
export function assertMayAdd(address: string, { networks }: OpenSettings, vault: string): void {
  if (networks.length > 0 || !isPublic(address)) {
    const reason = networks.length > 0 ? refusals.notInInput : refusals.notPublic;
    throw new DiagnosedError({ code: 'AKV-FIREWALL', ...refusals.furtherAddress(vault, address, reason) });
  }
}
