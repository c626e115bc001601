import { DiagnosedError } from '../../shared/errors/diagnosis';
import { blockedByPerimeter, privateOnly } from '../../shared/errors/network-access';
import { admit, type AdmitParts, type OpenSettings } from './admit';
import { openingMessages as messages } from '../messages/opening';
import { findNetworks, unchanged } from '../address/networks';
import { nothingToDo, type Plan } from './plan';
import type { AddressLookup, DataPlane } from '../ports/data-plane';
import { readVaultState, type VaultState } from '../protocol/vault-state';

export interface OpenParts extends AdmitParts {
  /** The data plane at the vault's own URL. */
  readonly dataPlaneOf: (state: Pick<VaultState, 'url' | 'bindsTokens'>) => DataPlane;
  /** The plan through the vault's network security perimeter; `undefined` when its own firewall decides. */
  readonly planThroughPerimeter: (state: VaultState, dataPlane: DataPlane) => Promise<Plan | undefined>;
  /** Empty unless the user allows public services to be asked. */
  readonly lookups: readonly AddressLookup[];
}

/**
 * Opens one vault for this agent and waits until it is open. Returns the allowed networks; none when nothing had to
 * be done.
 *
 * @throws DiagnosedError when the vault cannot be opened; what was written by then is in the ledger.
 */
export async function openVault(settings: OpenSettings, parts: OpenParts): Promise<readonly string[]> {
  return (await planOpening(settings, parts)).open();
}

/**
 * Finds out what opening the vault takes, and changes nothing.
 *
 * @throws DiagnosedError when it cannot be opened.
 */
export async function planOpening(settings: OpenSettings, parts: OpenParts): Promise<Plan> {
  const { log, armVault, signal, vault } = parts;
  const state = readVaultState(await armVault.get(signal));
  const dataPlane = parts.dataPlaneOf(state);
  const through = await parts.planThroughPerimeter(state, dataPlane);
  if (through !== undefined) {
    return through;
  }
  if (state.exposure === 'open') {
    log.info(messages.allNetworksAllowed(vault));
    return nothingToDo;
  }
  const networks = await networksToAdmit(state, dataPlane, settings, parts);
  if (networks.length === 0) {
    log.info(messages.byPrivateEndpoint(vault));
    return nothingToDo;
  }
  return { kind: 'firewall', state, networks, open: () => admit(state, networks, dataPlane, settings, parts) };
}

/** The networks to allow; none when the agent needs no rule. */
async function networksToAdmit(state: VaultState, dataPlane: DataPlane, settings: OpenSettings, parts: OpenParts) {
  if (state.exposure === 'firewalled') {
    return findNetworks(settings.networks, { ...parts, dataPlane });
  }
  const info = await dataPlane.readNetworkInfo(parts.signal);
  return info?.path === 'privateLink' ? [] : refuse(state);
}

/** Firewall rules have no effect on this vault, and the setting behind that is its owner's decision. */
function refuse({ name, exposure, url }: VaultState): never {
  const diagnosis = exposure === 'private' ? privateOnly(name, new URL(url).host) : blockedByPerimeter(name);
  throw new DiagnosedError(unchanged(diagnosis));
}
