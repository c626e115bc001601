import { isSingleAddress } from '../../tasks/keyvault-agent-access/address/address';
import { leasesAmong, renderEntry } from '../../tasks/keyvault-agent-access/protocol/lease';
import type { VaultPatch, VaultResource } from '../../tasks/keyvault-agent-access/ports/vault';
import { networkOf, readVaultState } from '../../tasks/keyvault-agent-access/protocol/vault-state';
import type { Job, JobPlan } from './job';
import { epoch, type ModeledVault } from './modeled-vault';

/** A promise that the protocol broke. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** The promises about every moment, checked after each change of the vault and of a job's state. */
export function checkMoment(vault: ModeledVault, jobs: readonly Job[], frontEnds: number, now: number): void {
  const { damage, added } = vault.inspect();
  if (damage !== undefined) throw new Violation(damage);
  const stray = added.find((rule) => !jobs.some(({ plan }) => owns(plan, rule)));
  if (stray !== undefined) throw new Violation(`${stray} is in the vault and no job's own address`);
  for (const job of jobs) {
    if (job.state === 'open') checkOpen(job, vault, frontEnds, now);
  }
}

function checkOpen({ plan, networks }: Job, vault: ModeledVault, frontEnds: number, now: number): void {
  for (const address of networks.map((network) => network.replace('/32', ''))) {
    if (!vault.admits(address)) throw new Violation(`${plan.name} was reported open and ${address} is not allowed`);
  }
  const settled = now + longestPropagation;
  for (let frontEnd = 0; frontEnd < frontEnds; frontEnd += 1) {
    const refused = networks.find((network) => !vault.isAdmittedAt(frontEnd, network.replace('/32', ''), settled));
    if (refused !== undefined) throw new Violation(`front end ${frontEnd} refuses ${refused} of ${plan.name}`);
  }
}

/** The longest time until a front end applies a change, in milliseconds. */
export const longestPropagation = 60_000;

function owns({ addresses }: JobPlan, rule: string): boolean {
  return addresses.some((address) => rule === `${address}/32`);
}

/** A job adds only its own address: compared with the vault that it read last, whatever changed since. */
export function checkWrite(plan: JobPlan, patch: VaultPatch, read: VaultResource): void {
  const before = rulesOf(read);
  const added = rulesOf({ properties: patch.properties }).filter((rule) => !before.includes(rule));
  const stranger = added.find((rule) => !owns(plan, rule));
  if (stranger !== undefined) throw new Violation(`${plan.name} adds ${stranger}, which is not its own`);
}

function rulesOf(resource: VaultResource): readonly string[] {
  return readVaultState({ resource, time: Number.NaN }).ipRules.map(networkOf);
}

/** The promises about the end: jobs that have closed leave nothing, and after a sweep no rule of any job remains. */
export function checkEnd(vault: ModeledVault, jobs: readonly Job[]): void {
  const left = jobs.filter(({ state }) => state !== 'closed');
  const { added } = vault.inspect();
  const orphan = added.find((rule) => !left.some(({ plan }) => owns(plan, rule)));
  if (orphan !== undefined) throw new Violation(`${orphan} is left, and every job that used it has closed`);
  const closed = new Set(jobs.filter((job) => !left.includes(job)).flatMap(leaseIdsOf));
  const lease = leasesIn(vault).find(({ id }) => closed.has(id));
  if (lease !== undefined) throw new Violation(`lease ${renderEntry(lease)} is left, and its job has closed`);
}

/** After a sweep past the end of all leases, only what was there before remains. */
export function checkSwept(vault: ModeledVault): void {
  const { added } = vault.inspect();
  if (added.length > 0) throw new Violation(`${added.join(', ')} is left after the sweep`);
  // Leases of ranges are forged here: no sweep removes them.
  const lease = leasesIn(vault).find(({ rule }) => isSingleAddress(rule));
  if (lease !== undefined) throw new Violation(`lease ${renderEntry(lease)} is left after the sweep`);
}

function leasesIn(vault: ModeledVault) {
  return leasesAmong(readVaultState({ resource: vault.show(), time: epoch }).entries);
}

function leaseIdsOf({ memory }: Job): readonly string[] {
  return [...memory.values()].flatMap((text) =>
    (JSON.parse(text.slice(text.indexOf(' '))) as { leaseId: string }[]).map((one) => one.leaseId),
  );
}
