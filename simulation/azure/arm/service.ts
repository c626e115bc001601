/** Azure Resource Manager's endpoint: checks version, token and rate limit, and calls the operations. */
import type { ArmCall, ArmPorts } from './call';
import { readApiVersion } from './versions';
import { listResourceGroups, listSubscriptions, listTenants, showSubscription } from './directory';
import { listByResourceGroup, listBySubscription, listManagedHsms, listResources } from './lists';
import { deleteTags, readTags, writeTags } from './tag-operations';
import { listConfigurations } from '../perimeter/configurations';
import { perimeterOperations } from '../perimeter/operations';
import { writeRoleAssignment } from './assignment-operations';
import { deleteResourceGroup, purgeVault, showOperationResult, writeResourceGroup } from './resource-groups';
import { listPermissions } from './permissions';
import { writeSecret } from './secret-operations';
import { deleteVault, readVault, writeVault } from './vault-operations';
import { identifyCaller } from '../caller';
import type { Caller, TokenProblem } from '../caller';
import type { Cloud } from '../clouds';
import { answerOrRefusal, refuse } from '../http/exchange';
import type { Answer, SimulatedRequest } from '../http/exchange';
import { claimText } from '../entra/token';
import { withdraw } from '../http/token-bucket';
import type { World } from '../world';

/** Answers a request to `management.azure.com` and its hosts in other clouds. */
export async function answerArm(
  world: World,
  cloud: Cloud,
  request: SimulatedRequest,
  ports: ArmPorts,
): Promise<Answer> {
  const limits: Record<string, string> = {};
  const answer = await answerOrRefusal(async () => {
    const apiVersion = readApiVersion(request, ports.acceptsRetiredVersions);
    const call = { world, cloud, caller: authenticate(world, cloud, request, ports.now()), request, apiVersion, ports };
    Object.assign(limits, countRequest(call));
    return routeCall(call);
  });
  const correlation = request.headers['x-ms-correlation-request-id'] ?? ports.newId();
  const diagnostics = {
    ...limits,
    'x-ms-request-id': ports.newId(),
    'x-ms-correlation-request-id': correlation,
    'cache-control': 'no-cache',
  };
  return { ...answer, headers: { ...answer.headers, ...diagnostics } };
}

type Operation = (call: ArmCall, ...names: string[]) => Answer | Promise<Answer>;

const group = '/subscriptions/([^/]+)/resourceGroups/([^/]+)';
const tagsOfVault = new RegExp(
  `^${group}/providers/Microsoft\\.KeyVault/vaults/([^/]+)/providers/Microsoft\\.Resources/tags/default$`,
  'i',
);
const deletedVault =
  /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.KeyVault\/locations\/([^/]+)\/deletedVaults\/([^/]+)\/purge$/i;
const operations: readonly (readonly [method: string, path: RegExp, operation: Operation])[] = [
  ['GET', /^\/tenants$/i, listTenants],
  ['GET', /^\/subscriptions$/i, listSubscriptions],
  ['GET', /^\/subscriptions\/([^/]+)$/i, showSubscription],
  ['GET', /^\/subscriptions\/([^/]+)\/resourceGroups$/i, listResourceGroups],
  ['GET', /^\/subscriptions\/([^/]+)\/resources$/i, listResources],
  ['GET', /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.KeyVault\/vaults$/i, listBySubscription],
  ['GET', /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.KeyVault\/managedHSMs$/i, listManagedHsms],
  ['GET', new RegExp(`^${group}/providers/Microsoft\\.KeyVault/vaults$`, 'i'), listByResourceGroup],
  ['GET', new RegExp(`^${group}/providers/Microsoft\\.KeyVault/vaults/([^/]+)$`, 'i'), readVault],
  ['PATCH', new RegExp(`^${group}/providers/Microsoft\\.KeyVault/vaults/([^/]+)$`, 'i'), writeVault],
  ['PUT', new RegExp(`^${group}/providers/Microsoft\\.KeyVault/vaults/([^/]+)$`, 'i'), writeVault],
  ['DELETE', new RegExp(`^${group}/providers/Microsoft\\.KeyVault/vaults/([^/]+)$`, 'i'), deleteVault],
  [
    'GET',
    new RegExp(`^${group}/providers/Microsoft\\.KeyVault/vaults/([^/]+)/networkSecurityPerimeterConfigurations$`, 'i'),
    listConfigurations,
  ],
  ['PUT', new RegExp(`^${group}/providers/Microsoft\\.KeyVault/vaults/([^/]+)/secrets/([^/]+)$`, 'i'), writeSecret],
  ['PUT', new RegExp(`^${group}$`, 'i'), writeResourceGroup],
  ['DELETE', new RegExp(`^${group}$`, 'i'), deleteResourceGroup],
  ['GET', /^\/subscriptions\/([^/]+)\/operationresults\/[^/]+$/i, showOperationResult],
  ['POST', deletedVault, purgeVault],
  [
    'PUT',
    /^(\/subscriptions\/.+)\/providers\/Microsoft\.Authorization\/roleAssignments\/([^/]+)$/i,
    writeRoleAssignment,
  ],
  ['GET', /^(\/subscriptions\/.+)\/providers\/Microsoft\.Authorization\/permissions$/i, listPermissions],
  ['GET', tagsOfVault, readTags],
  ['PUT', tagsOfVault, writeTags],
  ['PATCH', tagsOfVault, writeTags],
  ['DELETE', tagsOfVault, deleteTags],
  ...perimeterOperations,
];

function routeCall(call: ArmCall): Answer | Promise<Answer> {
  const path = call.request.path.replace(/\/+$/, '');
  for (const [method, pattern, operation] of operations) {
    const names = method === call.request.method ? pattern.exec(path)?.slice(1) : undefined;
    if (names !== undefined) return operation(call, ...names.map(decodeURIComponent));
  }
  throw refuse(404, 'InvalidResourceType', `The resource type could not be found: ${call.request.method} ${path}.`);
}

function authenticate(world: World, cloud: Cloud, request: SimulatedRequest, now: number): Caller {
  const requirements = { key: world.tokenKey, audiences: cloud.armAudiences, issuer: undefined, now };
  const caller = identifyCaller(request.headers.authorization, requirements);
  if ('problem' in caller) throw refuseToken(cloud, caller);
  return caller;
}

function refuseToken(cloud: Cloud, { problem, claims }: TokenProblem): Error {
  const audiences = cloud.armAudiences.flatMap((each) => [`'${each}/'`, `'${each}'`]).join(',');
  const refusals: Readonly<Record<TokenProblem['problem'], readonly [code: string, message: string]>> = {
    missing: ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."],
    invalid: ['InvalidAuthenticationToken', 'The access token is invalid.'],
    issuer: ['InvalidAuthenticationToken', 'The access token is invalid.'],
    expired: ['ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.'],
    audience: [
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${claimText(claims, 'aud')}'. ` +
        `It should exactly match with one of the allowed audiences ${audiences}.`,
    ],
  };
  const [code, message] = refusals[problem];
  const detail = `error="invalid_token", error_description="${message}"`;
  const header = `Bearer authorization_uri="https://${cloud.login[0]}/", ${detail}`;
  return refuse(401, code, message, { 'www-authenticate': header });
}

/** Takes a token from the caller's bucket and returns the header with the remaining number. */
function countRequest({ world, caller, request, ports }: ArmCall): Record<string, string> {
  const kind = request.method === 'GET' ? 'reads' : request.method === 'DELETE' ? 'deletes' : 'writes';
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1]?.toLowerCase();
  const key = [subscription ?? caller.tenantId, caller.objectId, kind].join('/');
  const { bucket, granted, remaining, retryAfterSeconds } = withdraw(
    world.buckets.get(key),
    ports.limits[kind],
    ports.now(),
  );
  world.buckets.set(key, bucket);
  const scope = subscription === undefined ? 'tenant' : 'subscription';
  const headers = { [`x-ms-ratelimit-remaining-${scope}-${kind}`]: String(remaining) };
  if (granted) return headers;
  const who = `subscription '${subscription ?? ''}' actor '${caller.objectId}'`;
  const message =
    `Number of '${kind.slice(0, -1)}' requests for ${who} exceeded. Please try again after '${retryAfterSeconds}' seconds ` +
    'after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.';
  throw refuse(429, 'SubscriptionRequestsThrottled', message, { ...headers, 'retry-after': String(retryAfterSeconds) });
}
