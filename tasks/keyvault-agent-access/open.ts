import { DiagnosedError } from '../shared/diagnosis';
import type { Clock, Log, Random } from '../shared/host';
import { canonicalNetwork, covers, isPublic } from './address';
import { createClaims } from './claims';
import { converge } from './converge';
import { findAddress } from './find-address';
import type { Ledger } from './ledger';
import type { AddressLookup, VaultDoor, VaultManager } from './ports';
import { createProbe, passesNeeded } from './probe';
import { readVaultState, type VaultState } from './vault-state';

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
  readonly manager: VaultManager;
  /** The data plane at the vault's own URL. */
  readonly doorOf: (url: string) => VaultDoor;
  /** Empty unless the user allows public services to be asked. */
  readonly lookups: readonly AddressLookup[];
  readonly ledger: Ledger;
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
  const { log, manager, signal, vault } = parts;
  const state = readVaultState(await manager.read(signal));
  if (state.exposure === 'open') {
    log.info(`The firewall of ${vault} is open to everybody (default action Allow): nothing to do.`);
    return [];
  }
  const door = parts.doorOf(state.url);
  const networks = await networksToAdmit(state, door, settings, parts);
  if (networks.length === 0) {
    log.info(`This agent reaches ${vault} by a private endpoint: nothing to do.`);
    return [];
  }
  return admit(state, networks, door, settings, parts);
}

/** The agent's networks, or those that the user gave; none when it needs no rule. */
async function networksToAdmit(state: VaultState, door: VaultDoor, settings: OpenSettings, parts: OpenParts) {
  const { log, signal, vault } = parts;
  if (state.exposure !== 'firewalled') {
    const info = await door.look(signal);
    return info?.path === 'privateLink' ? [] : refuse(state);
  }
  if (settings.networks.length > 0) {
    return settings.networks;
  }
  const path = await findAddress({ ...parts, door });
  switch (path.kind) {
    case 'privateLink':
      return [];
    case 'subnet':
      return refuseSubnet(state.name, path.subnet);
    case 'public':
      log.info(`This agent reaches ${vault} from ${path.addresses.join(', ')} (told by ${path.source}).`);
      return path.addresses.map((address) => canonicalNetwork(address) ?? address);
  }
}

/** Lets these networks in, as far as others have not, and further addresses that denials name on the way. */
async function admit(
  state: VaultState,
  networks: readonly string[],
  door: VaultDoor,
  settings: OpenSettings,
  parts: OpenParts,
): Promise<readonly string[]> {
  const { clock, log, signal, vault } = parts;
  const started = clock.monotonic();
  const claims = createClaims(state.id, networks, settings, parts);
  const isAllowed = (address: string) => claims.wanted().some((network) => covers(network, address));
  const probe = settings.waitForAccess ? createProbe({ vault, door, clock, log, signal, isAllowed }) : undefined;
  const meanwhile = async (milliseconds: number) => {
    if (probe === undefined) {
      await clock.sleep(milliseconds, signal);
      return true;
    }
    const open = await probe.knock(milliseconds);
    const further = probe.takeBlockedAddress();
    if (further !== undefined) {
      assertMayAdd(further, settings, vault);
      log.info(`  ${vault} sees this agent from ${further} as well.`);
      claims.add(further);
    }
    return open;
  };
  const onWritten = (written: VaultState) => {
    probe?.startOver();
    return claims.onWritten(written);
  };
  const hold = () => converge({ ...parts, ...claims, onWritten, meanwhile });
  await hold().catch((error: unknown) => {
    claims.giveUpLease(error);
    return hold();
  });
  const seconds = ((clock.monotonic() - started) / 1000).toFixed(1);
  const proof = probe === undefined ? '' : `, proven by ${passesNeeded} new connections in a row`;
  const closing = claims.isAtStake() ? ' The post-job step closes it.' : '';
  log.info(`  ${vault} is open for this agent after ${seconds} s${proof}.${closing}`);
  return claims.wanted();
}

/** Firewall rules mean nothing to this vault, and nothing is changed that they would mean something again. */
function refuse({ name, exposure }: VaultState): never {
  if (exposure === 'private') {
    throw new DiagnosedError({
      code: 'AKV-PRIVATE-ONLY',
      summary: `'${name}' accepts private endpoints only (public network access is disabled); a firewall rule would not help. Nothing was changed.`,
      remedy: [
        'Run this job on a self-hosted agent or Managed DevOps Pool whose network has a private endpoint of the vault.',
      ],
    });
  }
  throw new DiagnosedError({
    code: 'AKV-PERIMETER',
    summary: `A network security perimeter guards '${name}'; its firewall rules are not used. Nothing was changed.`,
    remedy: [
      "Add an inbound access rule for the agent to the perimeter's profile, or use a self-hosted agent inside it.",
    ],
  });
}

function refuseSubnet(vault: string, subnet: string): never {
  throw new DiagnosedError({
    code: 'AKV-SUBNET',
    summary: `This agent reaches '${vault}' by a service endpoint of ${subnet}; an IP rule would not help. Nothing was changed.`,
    remedy: [
      `az keyvault network-rule add --name ${vault} --subnet ${subnet}`,
      'Once that rule is there this task is not needed on this agent.',
    ],
  });
}

/** With addresses given by the user, exactly those are let in. */
function assertMayAdd(address: string, { networks }: OpenSettings, vault: string): void {
  if (networks.length > 0 || !isPublic(address)) {
    throw new DiagnosedError({
      code: 'AKV-FIREWALL',
      summary: `'${vault}' sees this agent from ${address}, which ${networks.length > 0 ? "is not in the input 'ipAddresses'" : 'no rule can let in because it is not public'}.`,
      remedy: ["Leave 'ipAddresses' empty to let the vault tell the address, or add this one."],
    });
  }
}
