/** ARM's listings of vaults, page by page. A listing contains what its caller can read, and no hint of the rest. */
import { authorize, findSubscription, requireResourceGroup } from './directory';
import type { ArmCall } from './call';
import { showVault } from './vaults';
import type { VaultResource } from './vaults';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';
import { holdsAnythingIn, mayManage } from './role-assignments';

type Json = Readonly<Record<string, unknown>>;

const readAction = 'Microsoft.KeyVault/vaults/read';

/** `GET /subscriptions/{id}/providers/Microsoft.KeyVault/vaults` */
export function listBySubscription(call: ArmCall, subscriptionId = ''): Answer {
  const vaults = readableVaults(call, subscriptionId);
  return answerJson(
    200,
    pageOf(
      call,
      vaults.map((vault) => showVault(vault, call.apiVersion)),
    ),
  );
}

/** `GET /subscriptions/{id}/resourceGroups/{name}/providers/Microsoft.KeyVault/vaults` */
export function listByResourceGroup(call: ArmCall, subscriptionId = '', resourceGroup = ''): Answer {
  const subscription = findSubscription(call, subscriptionId);
  const scope = `/subscriptions/${subscription.id}/resourceGroups/${resourceGroup}`;
  authorize(call, readAction, `${scope}/providers/Microsoft.KeyVault`);
  requireResourceGroup(subscription, resourceGroup);
  const prefix = `${scope}/`.toLowerCase();
  const vaults = readableVaults(call, subscriptionId).filter(({ id }) => id.toLowerCase().startsWith(prefix));
  return answerJson(
    200,
    pageOf(
      call,
      vaults.map((vault) => showVault(vault, call.apiVersion)),
    ),
  );
}

/** `GET /subscriptions/{id}/resources?$filter=resourceType eq 'Microsoft.KeyVault/vaults'`, also with a name. */
export function listResources(call: ArmCall, subscriptionId = ''): Answer {
  const filter = call.request.query.$filter ?? '';
  const type = /resourceType eq '([^']+)'/i.exec(filter)?.[1] ?? 'Microsoft.KeyVault/vaults';
  const name = /(?:^|\s)name eq '([^']+)'/i.exec(filter)?.[1]?.toLowerCase();
  const vaults = type.toLowerCase() === 'microsoft.keyvault/vaults' ? readableVaults(call, subscriptionId) : [];
  const named = vaults.filter((vault) => name === undefined || vault.name.toLowerCase() === name);
  const resources = named.map(({ id, name: resourceName, type: resourceType, location, tags }) => {
    return { id, name: resourceName, type: resourceType, location, tags };
  });
  return answerJson(200, pageOf(call, resources));
}

/** `GET /subscriptions/{id}/providers/Microsoft.KeyVault/managedHSMs`: the Azure CLI lists them with the vaults; there are none. */
export function listManagedHsms(call: ArmCall, subscriptionId = ''): Answer {
  findSubscription(call, subscriptionId);
  return answerJson(200, { value: [] });
}

function readableVaults(call: ArmCall, subscriptionId: string): VaultResource[] {
  const { world, caller } = call;
  const subscription = findSubscription(call, subscriptionId);
  const scope = `/subscriptions/${subscription.id}`;
  if (!holdsAnythingIn(world.assignments, caller.objectId, scope))
    authorize(call, readAction, `${scope}/providers/Microsoft.KeyVault`);
  return [...world.vaults.values()]
    .filter((vault) => vault.subscriptionId === subscription.id)
    .map(({ resource }) => resource)
    .filter(({ id }) => mayManage(world.assignments, { objectId: caller.objectId, action: readAction, scope: id }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The requested page of a listing. @throws Refused 400 for an invalid page. */
export function pageOf({ request, apiVersion, ports }: ArmCall, items: readonly Json[]): Json {
  const size = request.query.$top === undefined ? ports.pageSize : Number(request.query.$top);
  if (!Number.isInteger(size) || size < 1)
    throw refuse(400, 'BadRequest', `Invalid value for $top: ${String(request.query.$top)}`);
  const start = readSkipToken(request.query.$skiptoken);
  const value = items.slice(start, start + size);
  const end = start + value.length;
  if (end >= items.length) return { value };
  const { $filter: filter, $top: top } = request.query;
  const kept = [
    `api-version=${apiVersion}`,
    ...(filter === undefined ? [] : [`$filter=${encodeURIComponent(filter)}`]),
    ...(top === undefined ? [] : [`$top=${top}`]),
    `$skiptoken=${Buffer.from(String(end)).toString('base64url')}`,
  ];
  return { value, nextLink: `https://${request.host}${request.path}?${kept.join('&')}` };
}

function readSkipToken(token: string | undefined): number {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (Number.isInteger(start) && start >= 0) return start;
  throw refuse(400, 'InvalidSkipToken', `The skip token '${String(token)}' is invalid.`);
}
