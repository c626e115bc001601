/** The token service (Microsoft Entra ID): tokens for service principals, and the documents that libraries look up. */
import { authenticateApplication } from './credentials';
import { refuseToken } from './errors';
import { issuerOf } from '../caller';
import { clouds, vaultAudience } from '../clouds';
import type { Cloud } from '../clouds';
import { answerJson, answerOrRefusal, refuse } from '../http/exchange';
import type { Answer, SimulatedRequest } from '../http/exchange';
import { publishKey, signToken } from './token';
import { answerVersionOne } from './version-one';
import type { ServicePorts } from '../http/service-ports';
import type { Application, Tenant, World } from '../world';

export interface EntraPorts extends ServicePorts {
  readonly tokenLifetimeSeconds: number;
}

/** Answers a request to `login.microsoftonline.com` and its sisters. */
export async function answerEntra(
  world: World,
  cloud: Cloud,
  request: SimulatedRequest,
  ports: EntraPorts,
): Promise<Answer> {
  const answer = await answerOrRefusal(() => route(world, cloud, request, ports));
  const headers = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', 'x-ms-request-id': ports.newId() };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function route(world: World, cloud: Cloud, request: SimulatedRequest, ports: EntraPorts): Answer {
  const [, tenantName = '', ...rest] = request.path.split('/');
  const document = `${request.method} ${rest.join('/')}`;
  if (document === 'GET discovery/instance') return answerJson(200, describeInstances(cloud));
  const issue = (asked: SimulatedRequest) => issueToken(world, cloud, tenantName, asked, ports);
  if (document === 'POST oauth2/v2.0/token') return issue(request);
  if (/^POST oauth2\/token\/?$/.test(document)) return answerVersionOne(request, ports, issue);
  const tenant = findTenant(world, cloud, tenantName, request, ports);
  switch (document) {
    case 'GET v2.0/.well-known/openid-configuration':
      return answerJson(200, describeTenant(cloud, tenant, `https://${cloud.login[0]}/${tenant.id}/v2.0`));
    case 'GET .well-known/openid-configuration':
      return answerJson(200, describeTenant(cloud, tenant, issuerOf(cloud, tenant.id)));
    case 'GET discovery/v2.0/keys':
    case 'GET discovery/keys':
      return answerJson(200, { keys: [publishKey(world.tokenKey), publishKey(world.federationKey)] });
    default:
      throw refuse(404, 'NotFound', `Not simulated: ${document}`);
  }
}

function issueToken(
  world: World,
  cloud: Cloud,
  tenantName: string,
  request: SimulatedRequest,
  ports: EntraPorts,
): Answer {
  const form = Object.fromEntries(new URLSearchParams(request.body));
  const tenant = findTenant(world, cloud, tenantName, request, ports);
  const context = { request, ports };
  if (form.grant_type !== 'client_credentials') {
    throw refuseToken(context, 70003, `The app requested an unsupported grant type '${form.grant_type ?? ''}'.`);
  }
  const application = world.applications.find(
    ({ clientId, tenantId }) => clientId === form.client_id?.toLowerCase() && tenantId === tenant.id,
  );
  if (application === undefined) {
    const what = `Application with identifier '${form.client_id ?? ''}' was not found in the directory '${tenant.domain}'.`;
    const hint = 'This can happen if the application has not been installed by the administrator of the tenant.';
    throw refuseToken(context, 700016, `${what} ${hint}`);
  }
  authenticateApplication(world, tenant, application, form, context);
  const audience = audienceOf(tenant, form.scope, context);
  const { tokenLifetimeSeconds } = ports;
  const token = signToken(world.tokenKey, accessClaims(tenant, application, audience, ports));
  return answerJson(200, {
    token_type: 'Bearer',
    expires_in: tokenLifetimeSeconds,
    ext_expires_in: tokenLifetimeSeconds,
    access_token: token,
  });
}

/** Version 1 claims, which is what ARM and Key Vault ask for (Microsoft Learn, "Access token claims reference"). */
function accessClaims(
  { cloud, id }: Tenant,
  { clientId, objectId }: Application,
  audience: string,
  ports: EntraPorts,
): Record<string, unknown> {
  const now = Math.floor(ports.now() / 1000);
  return {
    aud: audience,
    iss: issuerOf(cloud, id),
    iat: now,
    nbf: now,
    exp: now + ports.tokenLifetimeSeconds,
    appid: clientId,
    appidacr: '2',
    idp: issuerOf(cloud, id),
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: id,
    uti: ports.newId(),
    ver: '1.0',
  };
}

function audienceOf(
  { cloud, domain }: Tenant,
  scope: string | undefined,
  context: Parameters<typeof refuseToken>[0],
): string {
  const audience = /^(\S+)\/\.default$/.exec(scope ?? '')?.[1];
  if (audience === undefined) {
    const problem = `The provided value for the input parameter 'scope' is not valid. The scope '${scope ?? ''}' is not valid.`;
    throw refuseToken(context, 70011, `The provided request must include a 'scope' input parameter. ${problem}`);
  }
  const known = [...cloud.armAudiences, vaultAudience(cloud)];
  if (known.includes(audience.replace(/\/$/, ''))) return audience;
  const what = `The resource principal named ${audience} was not found in the tenant named ${domain}.`;
  throw refuseToken(
    context,
    500011,
    `${what} This can happen if the application has not been installed by the administrator of the tenant.`,
  );
}

function findTenant(world: World, cloud: Cloud, name: string, request: SimulatedRequest, ports: EntraPorts): Tenant {
  const wanted = decodeURIComponent(name).toLowerCase();
  const tenant = world.tenants.find((each) => each.cloud === cloud && [each.id, each.domain].includes(wanted));
  if (tenant !== undefined) return tenant;
  const what = `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`;
  const hint =
    'Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.';
  throw refuseToken({ request, ports }, 90002, `${what} ${hint}`);
}

function describeTenant({ login: [host] }: Cloud, { id }: Tenant, issuer: string): Readonly<Record<string, unknown>> {
  const base = `https://${host}/${id}`;
  return {
    issuer,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  };
}

function describeInstances(cloud: Cloud): Readonly<Record<string, unknown>> {
  const metadata = Object.values(clouds).map(({ login }) => ({
    preferred_network: login[0],
    preferred_cache: login[1] ?? login[0],
    aliases: login,
  }));
  return {
    tenant_discovery_endpoint: `https://${cloud.login[0]}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata,
  };
}
