import { readLeases } from '../../tasks/keyvault-agent-access/protocol/lease';
import { patchVault, putVault, showVault, type VaultResource } from '../../simulation/azure/arm/vaults';
import { Refused } from '../../simulation/azure/http/exchange';
import { recordChange, seenBy, type PropagatedChange, type Propagation } from '../../simulation/azure/vault/front-ends';
import { judgeConnection } from '../../simulation/azure/vault/firewall';
import { resourceId } from '../unit/keyvault-agent-access/vault-fixture';
import { mix } from './scheduler';

type Json = Readonly<Record<string, unknown>>;

/** What others than the jobs have in the vault; nothing of it may ever change but by themselves. */
export interface ForeignContent {
  readonly rules: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** What else is in the tag of the leases: entries of a later version, or forged ones. */
  readonly entries?: readonly string[];
}

/** What is wrong with what others have in the vault, and which rules are not theirs. */
interface Inspection {
  readonly damage: string | undefined;
  readonly added: readonly string[];
}

/** The simulated Azure's vault, with Azure's own rules for overlapping writes, on virtual time. */
export interface ModeledVault {
  show(): Json;
  /** The state that a write starts from; to be given to `commit`. */
  begin(): VaultResource;
  /** Returns the vault after the write, or why Azure refuses it. */
  commit(
    begun: VaultResource,
    body: Json,
    by: string,
    at: number,
  ): { readonly shown: Json } | { readonly status: number };
  /** Whether the firewall's state in Azure Resource Manager allows an address. */
  admits(address: string): boolean;
  /** The same at one front end, which may not have heard of the last changes. */
  isAdmittedAt(frontEnd: number, address: string, now: number): boolean;
  inspect(): Inspection;
  /** Changes with every write. */
  digest(): number;
  describe(): string;
}

/** Midnight of 1 January 2026: where the virtual clock starts. Milliseconds since 1970. */
export const epoch = Date.UTC(2026, 0, 1);

function initialVault(foreign: ForeignContent): VaultResource {
  const body = {
    location: 'westeurope',
    tags: { ...foreign.tags, ...(foreign.entries === undefined ? {} : { KvAgentAccess: foreign.entries.join(',') }) },
    properties: {
      tenantId: 'tenant',
      sku: { family: 'A', name: 'standard' },
      futureMember: { kept: true },
      networkAcls: {
        ...{ bypass: 'None', defaultAction: 'Deny', futureMember: ['kept'] },
        ipRules: foreign.rules.map((value) => ({ value })),
        virtualNetworkRules: [{ id: '/subscriptions/s/subnets/apps', ignoreMissingVnetServiceEndpoint: true }],
      },
    },
  };
  const place = { id: resourceId, name: 'app-kv', vaultUri: 'https://app-kv.vault.azure.net/' };
  return putVault(undefined, place, body, { by: 'administrator', at: epoch - 1 }, '2026-02-01');
}

export function createModeledVault(foreign: ForeignContent, propagation: Propagation): ModeledVault {
  let vault = initialVault(foreign);
  let history: readonly PropagatedChange[] = [{ resource: vault, visibleAt: [] }];
  let administered = vault;
  let inspection = inspect(vault, foreign, administered);
  let digest = 0;
  const isAdmitted = rememberAdmissions();
  return {
    show: () => showVault(vault),
    begin: () => vault,
    commit(begun, patch, by, at) {
      if (begun !== vault) return { status: 409 };
      try {
        vault = patchVault(vault, patch, { by, at: epoch + at });
      } catch (error) {
        if (error instanceof Refused) return { status: error.answer.status };
        throw error;
      }
      if (by === 'administrator') administered = vault;
      inspection = inspect(vault, foreign, administered);
      history = recordChange(history, vault, propagation, at);
      digest = mix(0, JSON.stringify([vault.tags, vault.properties.networkAcls.ipRules, vault.systemData]));
      return { shown: showVault(vault) };
    },
    admits: (address) => isAdmitted(vault, address),
    isAdmittedAt: (frontEnd, address, now) => isAdmitted(seenBy(history, frontEnd, now), address),
    inspect: () => inspection,
    digest: () => digest,
    describe: () => describe(vault),
  };
}

function inspect(vault: VaultResource, foreign: ForeignContent, administered: VaultResource): Inspection {
  const values = vault.properties.networkAcls.ipRules.map(({ value }) => value);
  const theirs = values.filter((value) => foreign.rules.includes(value));
  const tags = Object.entries(vault.tags).filter(([name]) => !isLeaseTag(name));
  const damage = [
    differs('foreign rules', theirs, foreign.rules),
    differs('foreign tags', Object.fromEntries(tags), foreign.tags),
    differs('entries that are no lease', strangeEntriesOf(vault.tags), strangeEntriesOf(administered.tags)),
    differs('other members', membersOf(vault), membersOf(administered)),
  ].find((difference) => difference !== undefined);
  return { damage, added: values.filter((value) => !foreign.rules.includes(value)) };
}

function describe(vault: VaultResource): string {
  const leases = Object.entries(vault.tags).filter(([name]) => isLeaseTag(name));
  const rules = vault.properties.networkAcls.ipRules.map(({ value }) => value);
  return `rules [${rules.join(' ')}] leases [${leases.map(([, value]) => value).join(' ')}]`;
}

function isLeaseTag(name: string): boolean {
  return name.startsWith('KvAgentAccess');
}

function strangeEntriesOf(tags: Readonly<Record<string, string>>): readonly string[] {
  return readLeases(tags, epoch).filter((entry) => typeof entry === 'string');
}

/** The firewall's judgement; asked so often about the same states that it is kept for each. */
function rememberAdmissions(): (vault: VaultResource, address: string) => boolean {
  const known = new WeakMap<VaultResource, Map<string, boolean>>();
  return (vault, address) => {
    const admissions = known.get(vault) ?? new Map<string, boolean>();
    known.set(vault, admissions);
    const isIn = admissions.get(address) ?? judgeConnection(vault.properties, { address }) === undefined;
    admissions.set(address, isIn);
    return isIn;
  };
}

/** Everything but what the jobs may change: the IP rules and the tags. */
function membersOf({ properties, ...rest }: VaultResource): unknown {
  const networkAcls = { ...properties.networkAcls, ipRules: [] };
  return { ...rest, tags: {}, systemData: {}, properties: { ...properties, networkAcls } };
}

function differs(what: string, is: unknown, was: unknown): string | undefined {
  const [now, before] = [JSON.stringify(is), JSON.stringify(was)];
  return now === before ? undefined : `${what} changed: ${now}, before: ${before}`;
}
