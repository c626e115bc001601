import type { AccessCheck, NetworkInfo, DataPlane } from '../../../tasks/keyvault-agent-access/ports/data-plane';
import type { ArmVault, VaultPatch } from '../../../tasks/keyvault-agent-access/ports/vault';
import type { VaultResource, WriteOutcome } from '../../../tasks/keyvault-agent-access/ports/vault';
import { signMemory, type SignedMemory } from '../../../tasks/keyvault-agent-access/protocol/signed-memory';
import { createJobKey } from '../../../tasks/shared/agent/job-key';
import type { Clock, Log, PhaseMemory } from '../../../tasks/shared/ports';
import { newYear } from './vault-fixture';

/** A clock whose sleeps end immediately; `at` counts milliseconds from its start. */
export interface FakeClock extends Clock {
  at: number;
}

export function fakeClock(): FakeClock {
  const clock: FakeClock = {
    at: 0,
    now: () => newYear + clock.at,
    monotonic: () => clock.at,
    sleep: (milliseconds, signal) => {
      signal.throwIfAborted();
      clock.at += milliseconds;
      return Promise.resolve();
    },
  };
  return clock;
}

/** A log whose lines a test reads: debug lines are separate, warnings are marked. */
interface FakeLog extends Log {
  readonly lines: string[];
  readonly debugLines: string[];
}

export function fakeLog(): FakeLog {
  const lines: string[] = [];
  const debugLines: string[] = [];
  return {
    lines,
    debugLines,
    info: (text) => lines.push(text),
    debug: (text) => debugLines.push(text),
    warning: (text) => lines.push(`warning: ${text}`),
  };
}

/** What the agent keeps for the step, in memory. */
export function fakeMemory(): SignedMemory {
  const texts = new Map<string, string>();
  const memory: PhaseMemory = {
    read: (name) => texts.get(name),
    remember: (name, text) => {
      texts.set(name, text);
      return Promise.resolve();
    },
  };
  return signMemory(memory, createJobKey('not-a-real-job-token', false));
}

/** The result of a write; `undefined` lets Azure do it. */
export type Interference = (patch: VaultPatch, count: number) => WriteOutcome | undefined;

/** A vault that applies each PATCH immediately. Every write gets a new stamp, a second after the last one. */
export interface FakeVault extends ArmVault {
  resource: VaultResource;
  readonly patches: VaultPatch[];
  reads: number;
  /** Azure's clock. */
  time: () => number;
  /** Another client changes the vault. */
  change(patch: VaultPatch): void;
}

export function fakeVault(resource: VaultResource, interfere: Interference = () => undefined): FakeVault {
  let writes = 0;
  const apply = (patch: VaultPatch): void => {
    writes += 1;
    const properties = { ...(vault.resource.properties as object), networkAcls: patch.properties.networkAcls };
    const systemData = { lastModifiedAt: new Date(newYear + writes * 1000).toISOString() };
    vault.resource = { ...vault.resource, properties, systemData, tags: patch.tags ?? vault.resource.tags };
  };
  const vault: FakeVault = {
    resource,
    patches: [],
    reads: 0,
    change: apply,
    time: () => newYear,
    get: () => {
      vault.reads += 1;
      return Promise.resolve({ resource: vault.resource, time: vault.time() });
    },
    patch: (patch) => {
      vault.patches.push(patch);
      const outcome = interfere(patch, vault.patches.length);
      if (outcome === undefined) apply(patch);
      return Promise.resolve(outcome ?? { kind: 'written', resource: vault.resource, time: vault.time() });
    },
  };
  return vault;
}

/** A data plane that returns these answers one after the other, and the last one repeatedly. */
interface FakeDataPlane extends DataPlane {
  infosRead: number;
  checks: number;
}

export function fakeDataPlane(
  infos: readonly (NetworkInfo | undefined)[],
  checks: readonly AccessCheck[],
): FakeDataPlane {
  const dataPlane: FakeDataPlane = {
    infosRead: 0,
    checks: 0,
    readNetworkInfo: () => {
      dataPlane.infosRead += 1;
      return Promise.resolve(infos[Math.min(dataPlane.infosRead, infos.length) - 1]);
    },
    checkAccess: () => {
      dataPlane.checks += 1;
      return Promise.resolve(checks[Math.min(dataPlane.checks, checks.length) - 1] ?? passed);
    },
  };
  return dataPlane;
}

export const passed: AccessCheck = { kind: 'passed' };
export const blocked = (address?: string): AccessCheck => ({
  kind: 'blocked',
  ...(address === undefined ? {} : { address }),
});
export const signal = new AbortController().signal;
