import { readLeases, type LeaseEntry } from './lease';
import type { VaultReading } from '../ports/vault';

/** What the task reads of a vault's JSON. */
export interface VaultState {
  readonly id: string;
  readonly name: string;
  /** `https://<name>.<suffix>`, no trailing slash; `''` when the resource has none. */
  readonly url: string;
  readonly exposure: Exposure;
  /** Whether its data plane refuses ordinary tokens (`tokenBindingParameters`, in preview; absent from older versions). */
  readonly bindsTokens: boolean;
  /** Who gets to the data plane, in Azure's own words; a missing member has its default. */
  readonly settings: AccessSettings;
  /** `properties.networkAcls`, raw; empty when the vault has none. */
  readonly networkAcls: Readonly<Record<string, unknown>>;
  /** Its IP rules, raw. */
  readonly ipRules: readonly IpRule[];
  readonly tags: Readonly<Record<string, string>>;
  /** The entries of its lease tags. */
  readonly entries: readonly LeaseEntry[];
  /** When it was in this state, by Azure's clock; `NaN` when Azure did not say. */
  readonly time: number;
  /** Differs after every write by anyone. */
  readonly stamp: string;
}

/** The settings besides the rules that decide about access. */
interface AccessSettings {
  readonly publicNetworkAccess: string;
  readonly defaultAction: string;
}

/** Raw, so that members that the task does not know are written back. */
export type IpRule = Readonly<Record<string, unknown>>;

/** The network of a rule, as the vault has it; `''` when it has none. */
export function networkOf(rule: IpRule): string {
  return asText(rule.value);
}

/**
 * Who gets to the data plane: everyone (`open`), whom the IP rules name (`firewalled`), private endpoints only
 * (`private`), or whom a network security perimeter allows (`perimeter`). Rules have an effect in `firewalled` only.
 */
export type Exposure = 'open' | 'firewalled' | 'private' | 'perimeter';

/** Reads the raw JSON of `GET .../vaults/{name}`. Missing members are what Azure means by leaving them out. */
export function readVaultState({ resource, time }: VaultReading): VaultState {
  const properties = asObject(resource.properties);
  const networkAcls = asObject(properties.networkAcls);
  const rules = networkAcls.ipRules;
  const settings = {
    publicNetworkAccess: asText(properties.publicNetworkAccess) || 'Enabled',
    defaultAction: asText(networkAcls.defaultAction) || 'Allow',
  };
  const tags = asObject(resource.tags) as Record<string, string>;
  const modified = asObject(resource.systemData).lastModifiedAt;
  return {
    id: asText(resource.id),
    name: asText(resource.name),
    url: asText(properties.vaultUri).replace(/\/+$/, ''),
    bindsTokens: asObject(properties.tokenBindingParameters).mode === 'Enforced',
    exposure: exposureOf(settings),
    settings,
    networkAcls,
    ipRules: Array.isArray(rules) ? rules.map(asObject) : [],
    tags,
    entries: readLeases(tags, time),
    time,
    // Old API versions have no systemData; then only a visible change is noticed.
    stamp: typeof modified === 'string' ? modified : JSON.stringify(resource),
  };
}

function exposureOf({ publicNetworkAccess, defaultAction }: AccessSettings): Exposure {
  switch (publicNetworkAccess.toLowerCase()) {
    case 'disabled':
      return 'private';
    case 'securedbyperimeter':
      return 'perimeter';
    default:
      // Azure leaves networkAcls out when everything is allowed and there is no rule.
      return defaultAction.toLowerCase() === 'deny' ? 'firewalled' : 'open';
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
