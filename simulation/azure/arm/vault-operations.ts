/** ARM's operations on one vault: permission, locks, policies, and the provider's refusal of overlapping writes. */
import { authorize, findSubscription, requireResourceGroup } from './directory';
import type { ArmCall } from './call';
import { patchVault, putVault, showVault } from './vaults';
import type { VaultResource, Write } from './vaults';
import { answerJson, refuse } from '../http/exchange';
import type { Answer, SimulatedRequest } from '../http/exchange';
import { isWithinScope } from './role-assignments';
import { createVaultState, storeVault, vaultUriOf } from '../world';
import type { Policy, VaultState } from '../world';

/** `GET .../vaults/{name}` */
export function readVault(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Answer {
  const target = locate(call, 'Microsoft.KeyVault/vaults/read', subscriptionId, resourceGroup, name);
  return answerJson(200, showVault(requireVault(target).resource, call.apiVersion));
}

/**
 * `PATCH` and `PUT .../vaults/{name}`. The provider reads the vault when it begins and stores it when it is done. If
 * another write was stored in between, it fails with a conflict. What a client read earlier has no effect.
 */
export async function writeVault(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Promise<Answer> {
  const target = locate(call, 'Microsoft.KeyVault/vaults/write', subscriptionId, resourceGroup, name);
  refuseLocked(call, target.id, 'write', ['ReadOnly']);
  const body = readBody(call.request);
  const begun = call.request.method === 'PATCH' ? requireVault(target).resource : target.vault?.resource;
  const next = await storeWrite(call, target, (write) =>
    begun === undefined || call.request.method === 'PUT'
      ? put(call, target, body, write)
      : patchVault(begun, body, write),
  );
  return answerJson(200, showVault(next, call.apiVersion));
}

/**
 * The provider's part of a write: takes its time, fails if the vault has changed since it began, applies policies, and
 * stores the result of `change`.
 *
 * @throws Refused 409 if another write was stored in between, 403 if a policy denies it.
 */
export async function storeWrite(
  call: ArmCall,
  target: Target,
  change: (write: Write) => VaultResource,
): Promise<VaultResource> {
  const begun = target.vault?.resource;
  await call.ports.work(call.request);
  const stored = call.world.vaults.get(target.name.toLowerCase());
  if (stored?.resource !== begun) throw conflict();
  const next = enforcePolicies(call, change({ by: call.caller.appId, at: call.ports.now() }));
  storeVault(stored ?? addState(call, target, next), next, call.ports.now());
  return next;
}

/** `DELETE .../vaults/{name}`: DNS no longer resolves the name afterwards. */
export function deleteVault(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Answer {
  const target = locate(call, 'Microsoft.KeyVault/vaults/delete', subscriptionId, resourceGroup, name);
  refuseLocked(call, target.id, 'delete', ['ReadOnly', 'CanNotDelete']);
  if (target.vault === undefined) return { status: 204, headers: {}, body: '' };
  call.world.vaults.delete(name.toLowerCase());
  return { status: 200, headers: {}, body: '' };
}

/** The vault of a request, whether it exists or not. */
export interface Target {
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly vault: VaultState | undefined;
}

/**
 * ARM's checks in their order: subscription, permission, resource group. Only then does it look for the vault.
 *
 * @throws Refused 401, 403 or 404 by these checks; 409 for the PUT of a vault whose name is used elsewhere.
 */
export function locate(
  call: ArmCall,
  action: string,
  subscriptionId: string,
  resourceGroup: string,
  name: string,
): Target {
  const subscription = findSubscription(call, subscriptionId);
  const group = `/subscriptions/${subscription.id}/resourceGroups/${resourceGroup}`;
  const id = `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
  authorize(call, action, id);
  requireResourceGroup(subscription, resourceGroup);
  const vault = call.world.vaults.get(name.toLowerCase());
  const here = vault !== undefined && isWithinScope(vault.resource.id, group) ? vault : undefined;
  if (vault !== undefined && here === undefined && call.request.method === 'PUT') {
    const message = `The vault name '${name}' is already in use. Vault names are globally unique.`;
    throw refuse(409, 'VaultAlreadyExists', message);
  }
  return { id, name, subscriptionId: subscription.id, resourceGroup, vault: here };
}

/** @throws Refused 404 if it does not exist. */
export function requireVault({ vault, name, resourceGroup }: Target): VaultState {
  if (vault !== undefined) return vault;
  const what = `The Resource 'Microsoft.KeyVault/vaults/${name}' under resource group '${resourceGroup}' was not found.`;
  const help = 'For more details please go to https://aka.ms/ARMResourceNotFoundFix';
  throw refuse(404, 'ResourceNotFound', `${what} ${help}`);
}

function put(
  call: ArmCall,
  { id, name, vault }: Target,
  body: Readonly<Record<string, unknown>>,
  write: Write,
): VaultResource {
  const place = {
    id: vault?.resource.id ?? id,
    name: vault?.resource.name ?? name,
    vaultUri: vaultUriOf(call.cloud, vault?.resource.name ?? name),
  };
  return putVault(vault?.resource, place, body, write, call.apiVersion);
}

function addState(call: ArmCall, { subscriptionId }: Target, resource: VaultResource): VaultState {
  const state = createVaultState(resource, { subscriptionId, cloud: call.cloud });
  call.world.vaults.set(resource.name.toLowerCase(), state);
  return state;
}

/** @throws Refused 400 or 415 unless the request carries a JSON object. */
export function readBody({ headers, body: text }: SimulatedRequest): Readonly<Record<string, unknown>> {
  const mediaType = headers['content-type'] ?? '';
  if (!/^application\/json(;|$)/i.test(mediaType)) {
    const message = `The content media type '${mediaType}' is not supported. Only 'application/json' is supported.`;
    throw refuse(415, 'UnsupportedMediaType', message);
  }
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // The refusal below has the text.
  }
  const message = `The request content was invalid and could not be deserialized: '${text.slice(0, 80)}'.`;
  throw refuse(400, 'InvalidRequestContent', message);
}

/** @throws Refused 409 if the vault or a scope above it has a lock of these levels. */
export function refuseLocked({ world }: ArmCall, id: string, operation: string, levels: readonly string[]): void {
  const scopes = world.locks.filter((lock) => levels.includes(lock.level) && isWithinScope(id, lock.scope));
  if (scopes.length === 0) return;
  const named = scopes.map(({ scope }) => scope).join(',');
  const message =
    `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${named}'. ` +
    'Please remove the lock and try again.';
  throw refuse(409, 'ScopeLocked', message);
}

function enforcePolicies({ world }: ArmCall, written: VaultResource): VaultResource {
  return world.policies
    .filter(({ scope }) => isWithinScope(written.id, scope))
    .reduce((vault, policy) => {
      if (policy.effect === 'modify') return policy.change(vault);
      if (policy.effect === 'deny' && policy.matches(vault)) throw refusePolicy(policy, vault);
      return vault;
    }, written);
}

/** The refusal of a write of this resource by a policy. */
export function refusePolicy(
  { name, scope, definition: definitionName = name }: Policy,
  resource: { readonly name: string },
): Error {
  const assignment = { name, id: `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}` };
  const definition = {
    name: definitionName,
    id: `/providers/Microsoft.Authorization/policyDefinitions/${definitionName}`,
  };
  const identifiers = JSON.stringify([{ policyAssignment: assignment, policyDefinition: definition }]);
  const message = `Resource '${resource.name}' was disallowed by policy. Policy identifiers: '${identifiers}'.`;
  return refuse(403, 'RequestDisallowedByPolicy', message);
}

/** Text: scylladb/scylla-cluster-tests issue 13184; the service omits the vault's name. */
function conflict(): Error {
  const message =
    "A conflict occurred that prevented the operation from completing. The operation failed because the Key Vault '' " +
    'changed from the point the operation began. This can happen if parallel operations are being performed on the Key ' +
    'Vault. To prevent this error, serialize the operations so that only one operation is performed on the Key Vault at ' +
    'a time. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147741';
  return refuse(409, 'ConflictError', message);
}
