/** The state of the simulated Azure. Each `startAzure` has one world; services read and change it. */
import type { VaultResource } from './arm/vaults';
import type { Cloud } from './clouds';
import type { PropagatedChange, Propagation } from './vault/front-ends';
import { immediatePropagation, recordChange, seenBy } from './vault/front-ends';
import type { AzureKeys } from './http/keys';
import type { RoleAssignment } from './arm/role-assignments';
import type { AccessRule } from './perimeter/access-rules';
import { configurationVersions } from './perimeter/perimeters';
import type { Perimeter as PerimeterResource } from './perimeter/perimeters';
import type { Perimeter } from './vault/firewall';
import type { Secret } from './vault/secret';
import type { Bucket, BucketSize } from './http/token-bucket';

export interface Tenant {
  readonly id: string;
  readonly domain: string;
  readonly cloud: Cloud;
}

export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** An application and its service principal in its own tenant. */
export interface Application {
  readonly tenantId: string;
  readonly clientId: string;
  readonly objectId: string;
  /** `expires` is in milliseconds since 1970. */
  readonly secrets: readonly { readonly value: string; readonly expires?: number }[];
  /** Registered certificates as PEM. */
  readonly certificates: readonly string[];
  readonly federatedCredentials: readonly FederatedCredential[];
}

export interface Subscription {
  readonly id: string;
  readonly tenantId: string;
  readonly displayName: string;
  /** By name in lower case. */
  readonly resourceGroups: Map<string, { readonly name: string; readonly location: string }>;
}

export interface ResourceLock {
  readonly scope: string;
  readonly level: 'ReadOnly' | 'CanNotDelete';
}

/** An Azure Policy assignment: `deny` refuses what it returns true for, `modify` changes what a write stores. */
export type Policy = {
  readonly name: string;
  readonly scope: string;
  /** The definition's name if it differs from the assignment's: built-in definitions have a GUID. */
  readonly definition?: string;
} & (
  | { readonly effect: 'deny'; readonly matches: (vault: VaultResource) => boolean }
  | { readonly effect: 'denyAccessRule'; readonly matches: (rule: AccessRule) => boolean }
  | { readonly effect: 'modify'; readonly change: (vault: VaultResource) => VaultResource }
);

interface VaultThrottle extends BucketSize {
  /** Whether refusals contain a time to retry; recorded ones do not. */
  readonly sendsRetryAfter: boolean;
}

export interface VaultState {
  readonly subscriptionId: string;
  readonly cloud: Cloud;
  readonly emptyPages: boolean;
  readonly throttle: VaultThrottle;
  readonly propagation: Propagation;
  readonly secrets: Map<string, Secret>;
  /** From an association, which belongs to the perimeter and is not in any property of the vault. */
  perimeter: Perimeter | undefined;
  resource: VaultResource;
  history: readonly PropagatedChange[];
  bucket: Bucket | undefined;
}

/** A running pipeline job, which can request the tokens of its service connections. */
export interface PipelineJob {
  readonly organization: string;
  readonly projectId: string;
  readonly hub: string;
  readonly planId: string;
  readonly jobId: string;
  /** The access token of `SYSTEMVSSCONNECTION` that the agent passes to the job. */
  readonly token: string;
}

/** A service connection with workload identity federation, as the organization's OIDC issuer stores it. */
export interface ServiceConnection {
  readonly organization: string;
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
}

export interface World {
  readonly tenants: Tenant[];
  readonly applications: Application[];
  readonly subscriptions: Map<string, Subscription>;
  /** By name in lower case; names are unique in all of a cloud. */
  readonly vaults: Map<string, VaultState>;
  /** Soft-deleted with their resource group, by name in lower case. */
  readonly deletedVaults: Map<string, VaultResource>;
  /** By resource id in lower case. */
  readonly perimeters: Map<string, PerimeterResource>;
  readonly assignments: RoleAssignment[];
  readonly locks: ResourceLock[];
  readonly policies: Policy[];
  readonly jobs: PipelineJob[];
  readonly connections: ServiceConnection[];
  /** ARM's rate limits by subscription, principal and kind. */
  readonly buckets: Map<string, Bucket>;
  readonly settings: { configurationVersions: readonly string[] };
  readonly tokenKey: AzureKeys['tokenKey'];
  readonly federationKey: AzureKeys['federationKey'];
}

/** An empty Azure. */
export function createWorld({ tokenKey, federationKey }: AzureKeys): World {
  return {
    tenants: [],
    applications: [],
    subscriptions: new Map(),
    vaults: new Map(),
    deletedVaults: new Map(),
    perimeters: new Map(),
    assignments: [],
    locks: [],
    policies: [],
    jobs: [],
    connections: [],
    buckets: new Map(),
    settings: { configurationVersions },
    tokenKey,
    federationKey,
  };
}

/** The behavior of a vault in points that the service does not specify, see {@link VaultState}. */
export type VaultBehavior = Partial<Pick<VaultState, 'emptyPages' | 'throttle' | 'propagation'>>;

/** 4,000 transactions in 10 seconds (Microsoft Learn, "Azure Key Vault service limits"). */
const publishedThrottle: VaultThrottle = { capacity: 4000, refillPerSecond: 400, sendsRetryAfter: false };

/** The state of a new vault, without secrets, and known to all of its front ends. */
export function createVaultState(
  resource: VaultResource,
  place: Pick<VaultState, 'subscriptionId' | 'cloud'>,
  behavior: VaultBehavior = {},
): VaultState {
  return {
    emptyPages: false,
    throttle: publishedThrottle,
    propagation: immediatePropagation,
    ...behavior,
    ...place,
    secrets: new Map(),
    perimeter: undefined,
    resource,
    history: [{ resource, visibleAt: [] }],
    bucket: undefined,
  };
}

/** The address of a vault with this name. */
export function vaultUriOf(cloud: Cloud, name: string): string {
  return `https://${name.toLowerCase()}.${cloud.vaultSuffix}/`;
}

/** Makes `resource` the vault's state for ARM immediately, and for its front ends according to the propagation. */
export function storeVault(vault: VaultState, resource: VaultResource, now: number): void {
  vault.resource = resource;
  vault.history = recordChange(vault.history, resource, vault.propagation, now);
}

/**
 * The vault as the front end of a connection sees it: connections are distributed over the front ends, and stay there.
 */
export function vaultSeenBy(vault: VaultState, earlierConnections: number, now: number): VaultResource {
  return seenBy(vault.history, earlierConnections % vault.propagation.frontEnds, now);
}
