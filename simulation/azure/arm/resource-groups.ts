/**
 * ARM's operations on resource groups. The simulation deletes a group immediately; Azure takes minutes and answers 202
 * first.
 */
import { authorize, findSubscription, requireResourceGroup } from './directory';
import { isWithinScope } from './role-assignments';
import type { ArmCall } from './call';
import { readBody, refuseLocked } from './vault-operations';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';

const type = 'Microsoft.Resources/subscriptions/resourceGroups';

/** `PUT /subscriptions/{id}/resourceGroups/{name}` */
export function writeResourceGroup(call: ArmCall, subscriptionId = '', name = ''): Answer {
  const subscription = findSubscription(call, subscriptionId);
  const id = `/subscriptions/${subscription.id}/resourceGroups/${name}`;
  authorize(call, `${type}/write`, id);
  const { location } = readBody(call.request);
  if (typeof location !== 'string') throw refuse(400, 'LocationRequired', 'The location property is required.');
  const isNew = !subscription.resourceGroups.has(name.toLowerCase());
  subscription.resourceGroups.set(name.toLowerCase(), { name, location });
  return answerJson(isNew ? 201 : 200, { id, name, type, location, properties: { provisioningState: 'Succeeded' } });
}

/** `DELETE /subscriptions/{id}/resourceGroups/{name}`: its vaults are soft-deleted with it. */
export function deleteResourceGroup(call: ArmCall, subscriptionId = '', name = ''): Answer {
  const subscription = findSubscription(call, subscriptionId);
  const id = `/subscriptions/${subscription.id}/resourceGroups/${name}`;
  authorize(call, `${type}/delete`, id);
  requireResourceGroup(subscription, name);
  refuseLocked(call, id, 'delete', ['ReadOnly', 'CanNotDelete']);
  const { vaults, deletedVaults } = call.world;
  for (const [key, { resource }] of vaults) {
    if (!isWithinScope(resource.id, id)) continue;
    vaults.delete(key);
    deletedVaults.set(key, resource);
  }
  subscription.resourceGroups.delete(name.toLowerCase());
  const operation = `https://${call.request.host}/subscriptions/${subscription.id}/operationresults/${call.ports.newId()}`;
  return {
    status: 202,
    headers: { location: `${operation}?api-version=${call.apiVersion}`, 'retry-after': '0' },
    body: '',
  };
}

/** `GET /subscriptions/{id}/operationresults/{id}`: always completed. */
export function showOperationResult(call: ArmCall, subscriptionId = ''): Answer {
  findSubscription(call, subscriptionId);
  return { status: 200, headers: {}, body: '' };
}

/** `POST /subscriptions/{id}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}/purge` */
export function purgeVault(call: ArmCall, subscriptionId = '', location = '', name = ''): Answer {
  const subscription = findSubscription(call, subscriptionId);
  const scope = `/subscriptions/${subscription.id}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`;
  authorize(call, 'Microsoft.KeyVault/locations/deletedVaults/purge/action', scope);
  if (!call.world.deletedVaults.delete(name.toLowerCase())) {
    throw refuse(404, 'DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`);
  }
  return { status: 200, headers: {}, body: '' };
}
