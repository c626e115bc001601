/** A vault's endpoint: the headers of every answer, the challenge, throttling, and the call of the secrets API. */
import { identifyCaller, issuerOf } from '../caller';
import type { TokenProblem } from '../caller';
import { vaultAudience } from '../clouds';
import { answerJson, answerOrRefusal, refuse } from '../http/exchange';
import type { Answer, Client, SimulatedRequest } from '../http/exchange';
import { claimText } from '../entra/token';
import type { ServicePorts } from '../http/service-ports';
import { withdraw } from '../http/token-bucket';
import type { VaultResource } from '../arm/vaults';
import { findPlace, viewOf } from '../perimeter/perimeters';
import { importCertificate } from './certificates';
import { answerSecrets, refuseConnection } from './data-plane';
import type { VaultState, World } from '../world';
import { vaultSeenBy } from '../world';

/** Answers a request to `<name>.vault.azure.net` and its hosts in other clouds. */
export async function answerVault(
  world: World,
  vault: VaultState,
  request: SimulatedRequest,
  ports: ServicePorts,
): Promise<Answer> {
  const answer = await answerOrRefusal(() => answerAuthenticated(world, vault, request, ports));
  const diagnostics = {
    'x-ms-keyvault-region': vault.resource.location,
    'x-ms-client-request-id': request.headers['x-ms-client-request-id'] ?? ports.newId(),
    'x-ms-request-id': ports.newId(),
    'x-ms-keyvault-service-version': '1.9.2745.1',
    'x-ms-keyvault-network-info': describeConnection(request.client),
    'cache-control': 'no-cache',
    'strict-transport-security': 'max-age=31536000;includeSubDomains',
    'x-content-type-options': 'nosniff',
  };
  return { ...answer, headers: { ...answer.headers, ...diagnostics } };
}

/**
 * A request without a token gets the challenge regardless of the firewall (Microsoft Learn, "Azure Key Vault REST API
 * error codes").
 */
function answerAuthenticated(world: World, vault: VaultState, request: SimulatedRequest, ports: ServicePorts): Answer {
  const now = ports.now();
  if (request.path === '/healthstatus') return answerJson(200, { message: null });
  const issuer = issuerOf(vault.cloud, vault.resource.properties.tenantId);
  const requirements = { key: world.tokenKey, audiences: [vaultAudience(vault.cloud)], issuer, now };
  const caller = identifyCaller(request.headers.authorization, requirements);
  if ('problem' in caller) throw challenge(vault, caller, issuer);
  const data = {
    caller,
    client: request.client,
    method: request.method,
    segments: splitPath(request.path),
    query: request.query,
  };
  const resource = vaultSeenBy(vault, request.earlierConnections, now);
  refuseUnboundToken(resource);
  const place = findPlace(world.perimeters, resource.id);
  const perimeter = place === undefined ? vault.perimeter : viewOf(place, request.earlierConnections, now);
  const { secrets, emptyPages } = vault;
  const view = { resource, secrets, emptyPages, perimeter, assignments: world.assignments };
  refuseConnection(view, data);
  throttle(vault, now);
  return importCertificate(vault, caller, world.assignments, request, ports) ?? answerSecrets(view, data);
}

/**
 * A vault that enforces token binding refuses plain bearer tokens (Azure/azure-rest-api-specs, tokenBindingParameters since
 * 2026-03-01-preview). Neither status nor code nor text of that refusal is published: these are made up.
 */
function refuseUnboundToken({ properties }: VaultResource): void {
  const { mode } = (properties.tokenBindingParameters ?? {}) as { readonly mode?: string };
  if (mode === 'Enforced') throw refuse(401, 'Unauthorized', 'The access token is not bound to the client.');
}

function splitPath(path: string): string[] {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    throw refuse(400, 'BadParameter', `The request URI is malformed: ${path}`);
  }
}

/** Body: "Azure Key Vault throttling guidance" on Microsoft Learn; headers: vcsjones/AzureSignTool issue 219. */
function throttle(vault: VaultState, now: number): void {
  const { bucket, granted, retryAfterSeconds } = withdraw(vault.bucket, vault.throttle, now);
  vault.bucket = bucket;
  if (granted) return;
  const headers: Record<string, string> = vault.throttle.sendsRetryAfter
    ? { 'retry-after': String(retryAfterSeconds) }
    : {};
  const reason =
    'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached';
  throw refuse(429, 'Throttled', reason, headers);
}

function challenge(vault: VaultState, { problem, claims }: TokenProblem, issuer: string): Error {
  const resource = vaultAudience(vault.cloud);
  const authorization = `https://${vault.cloud.login[0]}/${vault.resource.properties.tenantId}`;
  const messages: Readonly<Record<TokenProblem['problem'], string>> = {
    missing: 'AKV10000: Request is missing a Bearer or PoP token.',
    invalid: "[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'.",
    expired: "[TokenExpired] Error validating token: 'S2S12086'.",
    audience: `AKV10022: Invalid audience. Expected ${resource}, found: ${claimText(claims, 'aud')}.`,
    issuer: `AKV10032: Invalid issuer. Expected one of ${issuer}, found ${claimText(claims, 'iss')}.`,
  };
  const complaint = problem === 'missing' ? '' : `, error="invalid_token", error_description="${messages[problem]}"`;
  const header = `Bearer authorization="${authorization}", resource="${resource}"${complaint}`;
  return refuse(401, 'Unauthorized', messages[problem], { 'www-authenticate': header });
}

function describeConnection({ address, via }: Client): string {
  if (via === undefined) return `conn_type=Ipv4;addr=${address};act_addr_fam=InterNetwork;`;
  const path = via.kind === 'PrivateLink' ? `private_endpoint=${via.privateEndpoint}` : `subnet=${via.subnet}`;
  return `conn_type=${via.kind};${path};addr=${address};act_addr_fam=InterNetworkV6;`;
}
