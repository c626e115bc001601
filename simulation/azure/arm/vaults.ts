/**
 * What Azure Resource Manager does to a vault, as functions from one state to the next. They do not wait, read a clock
 * or use HTTP, so an explorer of schedules with its own clock can also use them.
 */
import { refuse } from '../http/exchange';
import { acceptTags } from './tags';
import { newestVersion } from './versions';
import { mergeAcls, openAcls, showAcls } from '../vault/network-acls';
import type { NetworkAcls } from '../vault/network-acls';

export interface SystemData {
  readonly createdBy: string;
  readonly createdByType: string;
  readonly createdAt: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedByType: string;
  readonly lastModifiedAt: string;
}

export interface AccessPolicy {
  readonly tenantId: string;
  readonly objectId: string;
  readonly permissions: { readonly secrets?: readonly string[]; readonly [kind: string]: unknown };
}

export interface VaultProperties {
  readonly sku: { readonly family: string; readonly name: string };
  readonly tenantId: string;
  readonly accessPolicies: readonly AccessPolicy[];
  readonly enableRbacAuthorization: boolean;
  readonly publicNetworkAccess: string;
  readonly vaultUri: string;
  readonly networkAcls: NetworkAcls;
  /** Members that this simulation does not know are kept unchanged. */
  readonly [member: string]: unknown;
}

export interface VaultResource {
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.KeyVault/vaults';
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly systemData: SystemData;
  readonly properties: VaultProperties;
}

/** One write: its caller and its time (milliseconds since 1970). */
export interface Write {
  readonly by: string;
  readonly at: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Members of `properties` that only the service sets: if a client sends them, they are ignored. */
const readOnlyProperties = ['vaultUri', 'provisioningState', 'privateEndpointConnections', 'hsmPoolResourceId'];

/**
 * PATCH: `tags`, if present, replace all tags. Each member of `properties` that is present replaces that member, except
 * `networkAcls`, whose own members do. Everything else is unchanged.
 *
 * @throws Refused 400 for what the service does not accept, 409 for members that differ only in case.
 */
export function patchVault(vault: VaultResource, body: Json, write: Write): VaultResource {
  refuseAmbiguity(body, '');
  const { networkAcls, ...properties } = dropReadOnly(asObject(body.properties ?? {}, 'properties'));
  const acls = vault.properties.networkAcls;
  return {
    ...vault,
    tags: body.tags === undefined ? vault.tags : acceptTags(body.tags),
    systemData: stamp(vault.systemData, write),
    properties: {
      ...vault.properties,
      ...properties,
      networkAcls: networkAcls === undefined ? acls : mergeAcls(acls, networkAcls),
    },
  };
}

/** The part of a vault that its place in Azure determines, not the request. */
interface VaultPlace {
  readonly id: string;
  readonly name: string;
  readonly vaultUri: string;
}

/**
 * PUT: the body becomes the vault; members that it omits get the service's default.
 *
 * @param apiVersion - since 2026-02-01, role-based access is the default (Azure/azure-rest-api-specs models.tsp).
 * @throws Refused 400 if a required member is missing.
 */
export function putVault(
  current: VaultResource | undefined,
  place: VaultPlace,
  body: Json,
  write: Write,
  apiVersion: string,
): VaultResource {
  refuseAmbiguity(body, '');
  const sent = dropReadOnly(asObject(body.properties, 'properties'));
  for (const member of ['tenantId', 'sku']) {
    if (sent[member] === undefined) throw badRequest(`The required member 'properties.${member}' is missing.`);
  }
  if (typeof body.location !== 'string') throw badRequest("The required member 'location' is missing.");
  const properties = { ...defaultProperties(apiVersion), ...sent } as unknown as VaultProperties;
  return {
    id: place.id,
    name: place.name,
    type: 'Microsoft.KeyVault/vaults',
    location: body.location,
    tags: acceptTags(body.tags ?? {}),
    systemData: stamp(current?.systemData, write),
    properties: {
      ...properties,
      networkAcls: mergeAcls(openAcls, sent.networkAcls ?? null),
      vaultUri: place.vaultUri,
      provisioningState: 'Succeeded',
    },
  };
}

/**
 * The vault in the answer to GET and to every write: without members that are newer than the version of the request.
 */
export function showVault(vault: VaultResource, apiVersion = newestVersion): Json {
  const { networkAcls, ...known } = vault.properties;
  const properties = Object.fromEntries(
    Object.entries(known).filter(([member]) => apiVersion >= (memberSince[member] ?? '')),
  );
  const shown = showAcls(networkAcls);
  return { ...vault, properties: shown === undefined ? properties : { ...properties, networkAcls: shown } };
}

/** Azure/azure-rest-api-specs, models.tsp: members that older versions do not have. */
const memberSince: Readonly<Record<string, string>> = { tokenBindingParameters: '2026-03-01-preview' };

function defaultProperties(apiVersion: string): Json {
  return {
    accessPolicies: [],
    enabledForDeployment: false,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    enableRbacAuthorization: apiVersion >= '2026-02-01',
    publicNetworkAccess: 'Enabled',
  };
}

/**
 * Writes take the service longer than a millisecond: two writes never have the same time, regardless of the test's
 * clock.
 */
export function stamp(current: SystemData | undefined, { by, at }: Write): SystemData {
  const last = current === undefined ? 0 : Date.parse(current.lastModifiedAt);
  const time = new Date(Math.max(at, last + 1)).toISOString();
  return {
    createdBy: current?.createdBy ?? by,
    createdByType: current?.createdByType ?? 'Application',
    createdAt: current?.createdAt ?? time,
    lastModifiedBy: by,
    lastModifiedByType: 'Application',
    lastModifiedAt: time,
  };
}

function dropReadOnly(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).filter(([member]) => !readOnlyProperties.includes(member)));
}

/** Members that differ only in case: Azure/azure-powershell issues 22472 and 22488. */
function refuseAmbiguity(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || path === '.tags') return;
  const seen = new Set<string>();
  for (const [member, inner] of Object.entries(value)) {
    const here = `${path}.${member}`;
    if (seen.has(member.toLowerCase())) {
      const message = `The request content has one or more ambiguous paths: '${here.slice(1)}' required for policy evaluation.`;
      throw refuse(409, 'AmbiguousPolicyEvaluationPaths', message);
    }
    seen.add(member.toLowerCase());
    refuseAmbiguity(inner, here);
  }
}

function asObject(value: unknown, member: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw badRequest(
    `The member '${member}' has to be an object, not ${value === undefined ? 'absent' : JSON.stringify(value)}.`,
  );
}

function badRequest(message: string): Error {
  return refuse(400, 'BadRequest', message);
}
