/** ARM's view of tenants, subscriptions and resource groups, and the checks that every call inside one passes. */
import type { ArmCall } from './call';
import { issuerOf } from '../caller';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';
import { holdsAnythingIn, mayManage } from './role-assignments';
import type { Subscription, Tenant } from '../world';

/** The subscription of a call. @throws Refused 400, 401 or 404 if the caller has no access to it. */
export function findSubscription({ world, cloud, caller }: ArmCall, id: string): Subscription {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    const message = `The provided subscription identifier '${id}' is malformed or invalid.`;
    throw refuse(400, 'InvalidSubscriptionId', message);
  }
  const subscription = world.subscriptions.get(id.toLowerCase());
  const tenant = world.tenants.find((each) => each.id === subscription?.tenantId);
  if (subscription === undefined || tenant?.cloud !== cloud) {
    throw refuse(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
  }
  if (tenant.id !== caller.tenantId) throw refuseTenant(tenant, caller.issuer);
  return subscription;
}

/**
 * @throws Refused 403 unless the caller has permission for the action. Like ARM, does not check whether the scope
 * exists.
 */
export function authorize({ world, caller }: ArmCall, action: string, scope: string): void {
  if (mayManage(world.assignments, { objectId: caller.objectId, action, scope })) return;
  const who = `The client '${caller.appId}' with object id '${caller.objectId}'`;
  const what = `does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`;
  const hint = 'If access was recently granted, please refresh your credentials.';
  throw refuse(403, 'AuthorizationFailed', `${who} ${what} ${hint}`);
}

/** @throws Refused 404 when the subscription has no such resource group. */
export function requireResourceGroup(subscription: Subscription, name: string): void {
  if (subscription.resourceGroups.has(name.toLowerCase())) return;
  throw refuse(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}

/** `GET /tenants`: the caller's own. */
export function listTenants({ world, caller }: ArmCall): Answer {
  const tenants = world.tenants.filter(({ id }) => id === caller.tenantId);
  return answerJson(200, {
    value: tenants.map(({ id, domain }) => ({ id: `/tenants/${id}`, tenantId: id, defaultDomain: domain })),
  });
}

/** `GET /subscriptions`: those in which the caller has a role. */
export function listSubscriptions({ world, caller }: ArmCall): Answer {
  const visible = [...world.subscriptions.values()].filter(
    ({ id, tenantId }) =>
      tenantId === caller.tenantId && holdsAnythingIn(world.assignments, caller.objectId, `/subscriptions/${id}`),
  );
  return answerJson(200, { value: visible.map(presentSubscription), count: { type: 'Total', value: visible.length } });
}

/** `GET /subscriptions/{id}` */
export function showSubscription(call: ArmCall, id = ''): Answer {
  const subscription = findSubscription(call, id);
  const scope = `/subscriptions/${subscription.id}`;
  if (!holdsAnythingIn(call.world.assignments, call.caller.objectId, scope)) {
    authorize(call, 'Microsoft.Resources/subscriptions/read', scope);
  }
  return answerJson(200, presentSubscription(subscription));
}

/** `GET /subscriptions/{id}/resourceGroups`: those in which the caller has a role. */
export function listResourceGroups(call: ArmCall, id = ''): Answer {
  const subscription = findSubscription(call, id);
  const { world, caller } = call;
  const groups = [...subscription.resourceGroups.values()].map(({ name, location }) => ({
    id: `/subscriptions/${subscription.id}/resourceGroups/${name}`,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    properties: { provisioningState: 'Succeeded' },
  }));
  const action = 'Microsoft.Resources/subscriptions/resourceGroups/read';
  const visible = groups.filter(({ id: scope }) =>
    mayManage(world.assignments, { objectId: caller.objectId, action, scope }),
  );
  return answerJson(200, { value: visible });
}

function presentSubscription({ id, tenantId, displayName }: Subscription): Readonly<Record<string, unknown>> {
  return {
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId,
    displayName,
    state: 'Enabled',
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

function refuseTenant({ id, cloud }: Tenant, issuer: string): Error {
  const message =
    `The access token is from the wrong issuer '${issuer}'. It must match the tenant '${issuerOf(cloud, id)}' associated ` +
    `with this subscription. Please use the authority (URL) 'https://${cloud.login[0]}/${id}' to get the token.`;
  return refuse(401, 'InvalidAuthenticationTokenTenant', message);
}
