/** ARM's operations on the parts of a perimeter that concern access rules. */
import { authorize, findSubscription, requireResourceGroup } from '../arm/directory';
import { pageOf } from '../arm/lists';
import { isWithinScope } from '../arm/role-assignments';
import type { ArmCall } from '../arm/call';
import { readBody, refuseLocked, refusePolicy } from '../arm/vault-operations';
import { stamp } from '../arm/vaults';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';
import { acceptName, acceptProperties, addRule } from './access-rules';
import type { AccessRule } from './access-rules';
import { storeRules } from './perimeters';
import type { Perimeter, Profile } from './perimeters';
import { showAssociation, showProfile, showRule } from './show';

const provider = 'Microsoft.Network/networkSecurityPerimeters';
const base =
  '/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft.Network/networkSecurityPerimeters/([^/]+)';
const pathOf = (rest: string): RegExp => new RegExp(`^${base}${rest}$`, 'i');

/** Method, path and operation, as the router needs them. */
export const perimeterOperations = [
  ['GET', pathOf('/profiles/([^/]+)'), readProfile],
  ['GET', pathOf('/profiles/([^/]+)/accessRules'), listRules],
  ['GET', pathOf('/profiles/([^/]+)/accessRules/([^/]+)'), readRule],
  ['PUT', pathOf('/profiles/([^/]+)/accessRules/([^/]+)'), putRule],
  ['DELETE', pathOf('/profiles/([^/]+)/accessRules/([^/]+)'), deleteRule],
  ['GET', pathOf('/resourceAssociations'), listAssociations],
] as const;

type Path = readonly [subscriptionId: string, resourceGroup: string, perimeter: string];

/** `GET .../profiles/{profile}` */
function readProfile(call: ArmCall, ...[subscription = '', group = '', perimeter = '', name = '']: string[]): Answer {
  return answerJson(200, showProfile(findProfile(call, 'profiles/read', [subscription, group, perimeter], name)));
}

/** `GET .../profiles/{profile}/accessRules`, page by page */
function listRules(call: ArmCall, ...[subscription = '', group = '', perimeter = '', name = '']: string[]): Answer {
  const profile = findProfile(call, 'profiles/accessRules/read', [subscription, group, perimeter], name);
  return answerJson(
    200,
    pageOf(
      call,
      [...profile.rules.values()].map((rule) => showRule(profile, rule)),
    ),
  );
}

/** `GET .../accessRules/{rule}` */
function readRule(call: ArmCall, ...[subscription = '', group = '', perimeter = '', name = '', rule = '']: string[]) {
  const profile = findProfile(call, 'profiles/accessRules/read', [subscription, group, perimeter], name);
  const found = profile.rules.get(rule.toLowerCase());
  if (found === undefined) throw notFound(`${provider}/${perimeter}/profiles/${name}/accessRules/${rule}`, group);
  return answerJson(200, showRule(profile, found));
}

/** `PUT .../accessRules/{rule}`: 201 for a new rule, 200 for one that it replaces. */
function putRule(
  call: ArmCall,
  ...[subscription = '', group = '', perimeter = '', name = '', rule = '']: string[]
): Promise<Answer> {
  const profile = findProfile(call, 'profiles/accessRules/write', [subscription, group, perimeter], name);
  refuseLocked(call, `${profile.id}/accessRules/${rule}`, 'write', ['ReadOnly']);
  acceptName(rule);
  const properties = acceptProperties(readBody(call.request).properties);
  return write(call, profile, (now) => {
    const existing = profile.rules.get(rule.toLowerCase());
    const systemData = stamp(existing?.systemData, { by: call.caller.appId, at: now });
    const next: AccessRule = { name: existing?.name ?? rule, properties, systemData };
    enforcePolicies(call, profile, next);
    storeRules(profile, addRule(profile.rules, next), now);
    return answerJson(existing === undefined ? 201 : 200, showRule(profile, next));
  });
}

/** `DELETE .../accessRules/{rule}`: 200, or 204 when there is none. */
function deleteRule(
  call: ArmCall,
  ...[subscription = '', group = '', perimeter = '', name = '', rule = '']: string[]
): Promise<Answer> {
  const profile = findProfile(call, 'profiles/accessRules/delete', [subscription, group, perimeter], name);
  refuseLocked(call, `${profile.id}/accessRules/${rule}`, 'delete', ['ReadOnly', 'CanNotDelete']);
  return write(call, profile, (now) => {
    const rules = new Map(profile.rules);
    if (!rules.delete(rule.toLowerCase())) return { status: 204, headers: {}, body: '' };
    storeRules(profile, rules, now);
    return { status: 200, headers: {}, body: '' };
  });
}

/** `GET .../resourceAssociations` */
function listAssociations(call: ArmCall, ...[subscription = '', group = '', name = '']: string[]): Answer {
  const perimeter = findPerimeter(call, 'resourceAssociations/read', [subscription, group, name], '');
  const value = perimeter.associations.map((association) => showAssociation(perimeter, association));
  return answerJson(200, pageOf(call, value));
}

/** @throws Refused by ARM's checks in their order: subscription, permission, resource group, then the resource. */
function findPerimeter(call: ArmCall, action: string, [id, group, name]: Path, below: string): Perimeter {
  const subscription = findSubscription(call, id);
  const scope = `/subscriptions/${subscription.id}/resourceGroups/${group}/providers/${provider}/${name}`;
  authorize(call, `${provider}/${action}`, `${scope}${below}`);
  requireResourceGroup(subscription, group);
  const perimeter = call.world.perimeters.get(scope.toLowerCase());
  if (perimeter === undefined) throw notFound(`${provider}/${name}`, group);
  return perimeter;
}

function findProfile(call: ArmCall, action: string, path: Path, name: string): Profile {
  const profile = findPerimeter(call, action, path, `/profiles/${name}`).profiles.get(name.toLowerCase());
  if (profile === undefined) throw notFound(`${provider}/${path[2]}/profiles/${name}`, path[1]);
  return profile;
}

/** The provider's part of a write, which fails if the profile does not allow overlapping writes. */
async function write({ ports, request }: ArmCall, profile: Profile, store: (now: number) => Answer): Promise<Answer> {
  const begun = profile.version;
  await ports.work(request);
  if (!profile.refusesOverlap || profile.version === begun) return store(ports.now());
  const message = 'Another operation on this or dependent resource is in progress.';
  throw refuse(409, 'AnotherOperationInProgress', message);
}

function enforcePolicies({ world }: ArmCall, profile: Profile, rule: AccessRule): void {
  for (const policy of world.policies) {
    if (policy.effect === 'denyAccessRule' && isWithinScope(profile.id, policy.scope) && policy.matches(rule)) {
      throw refusePolicy(policy, rule);
    }
  }
}

function notFound(what: string, group: string): Error {
  const message = `The Resource '${what}' under resource group '${group}' was not found.`;
  const help = 'For more details please go to https://aka.ms/ARMResourceNotFoundFix';
  return refuse(404, 'ResourceNotFound', `${message} ${help}`);
}
