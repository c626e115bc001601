import type { Lease } from '../../../../tasks/keyvault-agent-access/protocol/lease';
import { openLedger } from '../../../../tasks/keyvault-agent-access/protocol/ledger';
import type { OpenSettings } from '../../../../tasks/keyvault-agent-access/opening/admit';
import { openVault, type OpenParts } from '../../../../tasks/keyvault-agent-access/opening/open';
import type { AddressLookup, AccessCheck, NetworkInfo } from '../../../../tasks/keyvault-agent-access/ports/data-plane';
import type { VaultResource } from '../../../../tasks/keyvault-agent-access/ports/vault';
import { readVaultState } from '../../../../tasks/keyvault-agent-access/protocol/vault-state';
import { fakeClock, fakeDataPlane, fakeLog, fakeMemory, fakeVault, passed, signal } from '../fake-ports';
import type { Interference } from '../fake-ports';
import { newYear, resourceId, vaultResource, type VaultFacts } from '../vault-fixture';
import { noDeadline } from '../../../fixtures/deadlines';

/** What a test says about an opening; everything else goes well. */
export interface Situation extends VaultFacts {
  readonly settings?: Partial<OpenSettings>;
  readonly infos?: readonly (NetworkInfo | undefined)[];
  readonly checks?: readonly AccessCheck[];
  readonly lookups?: readonly AddressLookup[];
  readonly interfere?: Interference;
}

export const agent: NetworkInfo = { path: 'public', address: '20.1.2.3' };
export const rulesOf = (resource: VaultResource): readonly unknown[] =>
  readVaultState({ resource, time: newYear }).ipRules.map(({ value }) => value);
export const leasesOf = (resource: VaultResource) =>
  readVaultState({ resource, time: newYear }).entries as readonly Lease[];

/** An opening that has not begun, with all that it touches. */
export function opening({
  settings,
  infos = [agent],
  checks = [passed],
  lookups = [],
  interfere,
  ...facts
}: Situation = {}) {
  const vault = fakeVault(vaultResource(facts), interfere);
  const [clock, log, memory, dataPlane] = [fakeClock(), fakeLog(), fakeMemory(), fakeDataPlane(infos, checks)];
  vault.time = () => clock.now();
  const wish = { networks: [], leased: true, leaseMinutes: 390, waitForAccess: true, ...settings };
  const parts: OpenParts = {
    ...{
      vault: 'app-kv',
      armVault: vault,
      dataPlaneOf: () => dataPlane,
      lookups,
      ledger: openLedger(memory),
      clock,
      log,
      signal,
      deadline: noDeadline,
    },
    random: () => 0.5,
    resourceId,
    leaseId: 'mine00',
    planThroughPerimeter: () => Promise.resolve(undefined),
  };
  const run = () => openVault(wish, { ...parts, ledger: openLedger(memory) });
  return { vault, clock, log, memory, dataPlane, run };
}
