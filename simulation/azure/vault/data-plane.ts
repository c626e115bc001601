/**
 * The secrets API of one vault as a function of its state: without HTTP, clock and waiting. Token and throttling are in
 * `vault-service.ts`.
 */
import type { VaultResource } from '../arm/vaults';
import type { Caller } from '../caller';
import { answerJson, refuse, Refused } from '../http/exchange';
import type { Answer, Client } from '../http/exchange';
import { mayUseData } from '../arm/role-assignments';
import type { RoleAssignments } from '../arm/role-assignments';
import { currentVersion, showBundle, showItem } from './secret';
import type { Secret, Secrets, SecretVersion } from './secret';
import { pageOf } from './secret-pages';
import type { PageRequest } from './secret-pages';
import { judgeConnection } from './firewall';
import type { Perimeter } from './firewall';

/** A vault as one front end sees it at one time. */
interface VaultView {
  readonly resource: VaultResource;
  readonly secrets: Secrets;
  readonly assignments: RoleAssignments;
  /** Whether a listing has an empty page, with a link to the next page, between any two pages: the API allows it. */
  readonly emptyPages: boolean;
  readonly perimeter: Perimeter | undefined;
}

/** An authenticated request. */
interface DataRequest {
  readonly caller: Caller;
  readonly client: Client;
  readonly method: string;
  /** Decoded parts of the path, without empty ones. */
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** Azure/azure-rest-api-specs, specification/keyvault/data-plane, oldest first. */
const apiVersions = ['2016-10-01', '7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '2025-07-01', '2026-04-01'];

/**
 * First the form of the request, then permission, then existence. The firewall is checked before: {@link
 * refuseConnection}.
 */
export function answerSecrets(view: VaultView, request: DataRequest): Answer {
  const apiVersion = request.query['api-version'];
  if (apiVersion === undefined) throw refuse(400, 'BadParameter', 'api-version must be specified');
  if (!apiVersions.includes(apiVersion)) {
    const latest = `Consider using the latest supported version (${apiVersions.at(-1) ?? ''}).`;
    throw refuse(400, 'BadParameter', `The specified version (${apiVersion}) is not recognized. ${latest}`);
  }
  const [collection, name, selector, ...rest] = request.segments;
  if (collection !== 'secrets' || rest.length > 0)
    throw refuse(404, 'NotFound', 'The requested resource does not exist.');
  if (name !== undefined && !/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    throw refuse(400, 'BadParameter', `The request URI contains an invalid name: ${name}`);
  }
  if (request.method !== 'GET') return refuseWrite(view, request, name ?? '');
  if (name === undefined) return listSecrets(view, request);
  return selector === 'versions' ? listVersions(view, request, name) : readSecret(view, request, name, selector);
}

/** @throws Refused 403 if firewall or perimeter do not allow the client, regardless of the request. */
export function refuseConnection(view: VaultView, { caller, client }: DataRequest): void {
  const denial = judgeConnection(view.resource.properties, client, view.perimeter);
  if (denial === undefined) return;
  const address = denial.clientAddress === undefined ? [] : [`Client address: ${denial.clientAddress}`];
  const lines = [
    denial.reason,
    ...address,
    `Caller: ${describeCaller(caller)}`,
    `Vault: ${describeVault(view.resource)}`,
  ];
  throw forbid(denial.code, lines.join('\r\n'));
}

function listSecrets(view: VaultView, request: DataRequest): Answer {
  authorize(view, request, 'list', '');
  const visible = [...view.secrets.values()].filter((secret) => !secret.deleted);
  const items = visible.map((secret) => showItem(secretId(view, secret), currentVersion(secret)));
  return answerJson(200, pageOf(items, pageRequest(view, request)));
}

function listVersions(view: VaultView, request: DataRequest, name: string): Answer {
  authorize(view, request, 'list', name);
  const secret = view.secrets.get(name.toLowerCase());
  const versions = secret === undefined || secret.deleted ? [] : secret.versions;
  const items = versions.map((version) => showItem(`${secretId(view, { name })}/${version.version}`, version));
  return answerJson(200, pageOf(items, pageRequest(view, request)));
}

function readSecret(view: VaultView, request: DataRequest, name: string, wanted: string | undefined): Answer {
  const isLate = apiVersions.indexOf(request.query['api-version'] ?? '') >= apiVersions.indexOf('2025-07-01');
  const { outContentType } = request.query;
  // "If an unsupported format is specified, the request is rejected" (Key Vault REST API 2025-07-01, "Get Secret").
  if (isLate && outContentType !== undefined && !outContentTypes.includes(outContentType)) {
    throw refuse(400, 'BadParameter', `The outContentType '${outContentType}' is not supported.`);
  }
  authorize(view, request, 'get', name);
  const secret = view.secrets.get(name.toLowerCase());
  const version = secret === undefined || secret.deleted ? undefined : findVersion(secret, wanted);
  if (secret === undefined || version === undefined) {
    const id = wanted === undefined ? name : `${name}/${wanted}`;
    throw refuse(
      404,
      'SecretNotFound',
      `A secret with (name/id) ${id} was not found in this key vault. ${notFoundHelp}`,
    );
  }
  if (!version.enabled) throw forbid('SecretDisabled', 'Operation get is not allowed on a disabled secret.');
  const asPem = isLate && outContentType === 'application/x-pem-file';
  const form = { asPem, namesPrevious: isLate };
  return answerJson(200, showBundle(view.resource.properties.vaultUri, secret, version, form));
}

const outContentTypes = ['application/x-pem-file', 'application/x-pkcs12'];

/** The simulation does not write here, but a caller without permission gets the service's refusal. */
function refuseWrite(view: VaultView, request: DataRequest, name: string): never {
  const { method } = request;
  if (method === 'PUT' || method === 'PATCH') authorize(view, request, 'set', name);
  throw refuse(405, 'MethodNotAllowed', `Method ${method} is not simulated.`);
}

const notFoundHelp =
  'If you recently deleted this secret you may be able to recover it using the correct recovery command. ' +
  'For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182';

const dataActions = {
  get: 'Microsoft.KeyVault/vaults/secrets/getSecret/action',
  list: 'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
  set: 'Microsoft.KeyVault/vaults/secrets/setSecret/action',
};
type Permission = keyof typeof dataActions;

function authorize(view: VaultView, { caller }: DataRequest, permission: Permission, name: string): void {
  const { resource, assignments } = view;
  if (!resource.properties.enableRbacAuthorization) {
    authorizeByPolicy(resource, caller, permission);
    return;
  }
  const scope = name === '' ? resource.id : `${resource.id}/secrets/${name}`;
  const action = dataActions[permission];
  if (mayUseData(assignments, { objectId: caller.objectId, action, scope })) return;
  throw forbid('ForbiddenByRbac', rbacLines(resource, caller, action, scope).join('\r\n'));
}

function authorizeByPolicy(resource: VaultResource, caller: Caller, permission: Permission): void {
  const policy = resource.properties.accessPolicies.find(({ objectId }) => objectId.toLowerCase() === caller.objectId);
  const granted = (policy?.permissions.secrets ?? []).map((each) => each.toLowerCase());
  if (granted.includes(permission) || granted.includes('all')) return;
  const who = `The user, group or application '${describeCaller(caller)}'`;
  const where = `on key vault '${describeVault(resource)}'`;
  const help = 'For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287';
  throw forbid('AccessDenied', `${who} does not have secrets ${permission} permission ${where}. ${help}`);
}

function rbacLines(resource: VaultResource, caller: Caller, action: string, scope: string): string[] {
  return [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: ${describeCaller(caller)}`,
    `Action: '${action}'`,
    `Resource: '${scope.toLowerCase()}'`,
    'Assignment: (not found)',
    'DenyAssignmentId: null',
    'DecisionReason: null ',
    `Vault: ${describeVault(resource)}`,
    '',
  ];
}

/** A 403 with an inner code. */
export function forbid(inner: string, message: string): Refused {
  return new Refused(answerJson(403, { error: { code: 'Forbidden', message, innererror: { code: inner } } }));
}

function describeCaller({ appId, objectId, issuer }: Caller): string {
  return `appid=${appId};oid=${objectId};iss=${issuer}`;
}

function describeVault({ name, location }: VaultResource): string {
  return `${name};location=${location}`;
}

function findVersion(secret: Secret, wanted: string | undefined): SecretVersion | undefined {
  if (wanted === undefined) return currentVersion(secret);
  return secret.versions.find(({ version }) => version === wanted.toLowerCase());
}

function secretId(view: VaultView, { name }: Pick<Secret, 'name'>): string {
  return `${view.resource.properties.vaultUri}secrets/${name}`;
}

function pageRequest({ resource, emptyPages }: VaultView, { segments, query }: DataRequest): PageRequest {
  return { vaultUri: resource.properties.vaultUri, path: segments.join('/'), query, emptyPages };
}
