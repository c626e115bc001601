import { parseProxyChoice, type ProxyChoice } from '../../shared/inputs/proxy-choice';
import { createInputReader, throwMistakes, type Parsed } from '../../shared/inputs/reader';
import { parseVault, readVaults, type VaultReference } from '../../shared/inputs/vault-reference';
import type { StepInputs } from '../../shared/ports';
import { canonicalNetwork, isPublic } from '../address/address';
import { inputMessages as messages } from '../messages/inputs';
import { mostLeaseMinutes } from '../protocol/lease';
import { parseVaultId } from '../resource-ids/vault-id';
import { findLineProblems, parseProfileLine, type ProfileLine } from './profile-input';

/** A vault as the user named it. */
export interface ManagedVaultReference extends VaultReference {
  /** Full resource id, when that is what the user gave. */
  readonly resourceId?: string;
}

/** The step's inputs, checked. */
export interface AgentAccessInputs {
  readonly action: 'allow' | 'check' | 'sweep';
  readonly vaults: readonly ManagedVaultReference[];
  /** `keyVault: '*'`: instead of `vaults`, all that have a lease and that the identity can read. */
  readonly everyVault: boolean;
  /** `''` when the vaults have to be looked up. */
  readonly resourceGroup: string;
  /** Networks to allow instead of the agent's own, canonical. */
  readonly networks: readonly string[];
  readonly allowPublicIpLookup: boolean;
  readonly leased: boolean;
  readonly leaseMinutes: number;
  /** Profiles of network security perimeters, as the user gave them. */
  readonly profiles: readonly ProfileLine[];
  readonly waitForAccess: boolean;
  readonly proxy: ProxyChoice;
  readonly timeoutInSeconds: number;
}

/** Seconds. */
const defaultTimeout = 300;
/** Vaults take over the rules of a perimeter within 15 minutes. Seconds. */
const perimeterTimeout = 900;

/** The time limit for a rule of a perimeter: the user's, unless it is the one that is meant for firewalls. */
export function timeoutForPerimeter({ timeoutInSeconds }: AgentAccessInputs): number {
  return timeoutInSeconds === defaultTimeout ? perimeterTimeout : timeoutInSeconds;
}

/**
 * Reads and checks all inputs.
 *
 * @throws DiagnosedError AKV-INPUT that names every wrong input and quotes what was wrong.
 */
export function readInputs(inputs: StepInputs): AgentAccessInputs {
  const read = createInputReader(inputs);
  const action = read.choice('action', ['allow', 'check', 'sweep']);
  const everyVault = inputs.text('keyVaultName') === '*';
  if (everyVault && action !== 'sweep') {
    read.report('keyVaultName', messages.everyVaultOnlySwept);
  }
  const result: AgentAccessInputs = Object.freeze({
    action,
    vaults: everyVault ? [] : readVaults(read, parseManagedVault),
    everyVault,
    resourceGroup: read.text('resourceGroupName'),
    networks: read.list('ipAddresses', parseNetwork),
    allowPublicIpLookup: read.truth('allowPublicIpLookup', false),
    leased: read.choice('coordination', ['vaultTags', 'none']) === 'vaultTags',
    leaseMinutes: read.count('leaseMinutes', { fallback: 390, least: 1, most: mostLeaseMinutes }),
    profiles: read.list('perimeterProfile', parseProfileLine),
    waitForAccess: read.truth('waitForAccess', true),
    proxy: read.parsed('proxy', 'agent', parseProxyChoice),
    timeoutInSeconds: read.count('timeoutInSeconds', { fallback: defaultTimeout, least: 10, most: 86_400 }),
  });
  const names = result.vaults.map(({ name }) => name);
  for (const problem of everyVault ? [] : findLineProblems(result.profiles, names)) {
    read.report('perimeterProfile', problem);
  }
  throwMistakes(read.problems);
  return result;
}

/** Reads a vault's name, `https://` URL or resource id. */
function parseManagedVault(entry: string): Parsed<ManagedVaultReference> {
  if (!entry.startsWith('/')) {
    return parseVault(entry);
  }
  const id = parseVaultId(entry);
  return id === undefined
    ? { problems: [messages.noResourceId(entry)] }
    : { value: { name: id.name.toLowerCase(), resourceId: entry } };
}

function parseNetwork(text: string): Parsed<string> {
  const value = canonicalNetwork(text);
  if (value === undefined) {
    return { problems: [messages.noNetwork(text)] };
  }
  return isPublic(value) ? { value } : { problems: [messages.notPublic(text)] };
}
