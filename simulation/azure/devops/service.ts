/** The part of Azure DevOps that a job needs: the endpoint for the assertion of a service connection. */
import { answerJson, answerOrRefusal, answerText, Refused } from '../http/exchange';
import type { Answer, SimulatedRequest } from '../http/exchange';
import { publishKey, signToken } from '../entra/token';
import type { ServicePorts } from '../http/service-ports';
import type { World } from '../world';

const endpoint =
  /^(?:\/([^/]+))?\/([^/]+)\/_apis\/distributedtask\/hubs\/([^/]+)\/plans\/([^/]+)\/jobs\/([^/]+)\/oidctoken$/i;

/** About ten minutes (the times in the AADSTS700024 of Azure/azure-cli issue 29063). */
const assertionLifetimeSeconds = 600;

/** Answers a request to `dev.azure.com`, `<organization>.visualstudio.com` or the issuer `vstoken.dev.azure.com`. */
export async function answerDevOps(world: World, request: SimulatedRequest, ports: ServicePorts): Promise<Answer> {
  const answer = await answerOrRefusal(() => route(world, request, ports));
  return { ...answer, headers: { ...answer.headers, 'x-vss-e2eid': ports.newId() } };
}

function route(world: World, request: SimulatedRequest, ports: ServicePorts): Answer {
  if (request.host === 'vstoken.dev.azure.com') return answerIssuer(world, request);
  const parts = endpoint.exec(request.path)?.slice(1);
  if (request.method !== 'POST' || parts === undefined) {
    throw refuseDevOps(404, 'VssServiceException', `The controller for path '${request.path}' was not found.`);
  }
  const { query } = request;
  if (query['api-version'] === undefined) {
    const message = `No api-version was supplied for the "${request.method}" request.`;
    throw refuseDevOps(400, 'VssVersionNotSpecifiedException', message);
  }
  const organization = parts[0] ?? /^(.+)\.visualstudio\.com$/.exec(request.host)?.[1] ?? '';
  checkJob(world, request, organization, parts.slice(1).map(String));
  const id = query.serviceConnectionId?.toLowerCase();
  const connection = world.connections.find((each) => each.id === id && each.organization === organization);
  if (connection === undefined) {
    throw refuseDevOps(
      404,
      'ServiceEndpointNotFoundException',
      `Service connection with ID ${id ?? ''} could not be found.`,
    );
  }
  return answerJson(200, { oidcToken: assertion(world, connection, ports) });
}

function checkJob(
  world: World,
  request: SimulatedRequest,
  organization: string,
  [project, hub, plan, job]: string[],
): void {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const known = world.jobs.find((each) => each.token === bearer && each.organization === organization);
  if (known === undefined) throw refuseSignIn(request);
  const wanted = [known.projectId, known.hub, known.planId, known.jobId].join('/').toLowerCase();
  if ([project, hub, plan, job].join('/').toLowerCase() === wanted) return;
  throw refuseDevOps(404, 'TaskOrchestrationPlanNotFoundException', `No plan found for identifier ${String(plan)}.`);
}

/**
 * Only a client that asks not to be redirected gets a 401; others get a redirect to the sign-in page (azure-sdk-for-js
 * issue 31187).
 */
function refuseSignIn(request: SimulatedRequest): Refused {
  if (request.headers['x-tfs-fedauthredirect']?.toLowerCase() === 'suppress') {
    return new Refused({ status: 401, headers: { 'www-authenticate': 'Bearer' }, body: '' });
  }
  const moved = answerText(302, '<html><body>Object moved</body></html>');
  return new Refused({ ...moved, headers: { 'content-type': 'text/html', location: 'https://dev.azure.com/_signin' } });
}

function assertion(
  world: World,
  { issuer, subject }: { issuer: string; subject: string },
  ports: ServicePorts,
): string {
  const now = Math.floor(ports.now() / 1000);
  return signToken(world.federationKey, {
    jti: ports.newId(),
    sub: subject,
    aud: 'api://AzureADTokenExchange',
    iss: issuer,
    iat: now,
    nbf: now,
    exp: now + assertionLifetimeSeconds,
  });
}

function answerIssuer(world: World, request: SimulatedRequest): Answer {
  const issuer = `https://${request.host}/${request.path.split('/')[1] ?? ''}`;
  if (request.path.endsWith('/.well-known/openid-configuration')) {
    return answerJson(200, {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
    });
  }
  if (request.path.endsWith('/.well-known/jwks')) return answerJson(200, { keys: [publishKey(world.federationKey)] });
  throw refuseDevOps(404, 'VssServiceException', `Not simulated: ${request.path}`);
}

function refuseDevOps(status: number, typeKey: string, message: string): Refused {
  return new Refused(
    answerJson(status, { $id: '1', innerException: null, message, typeKey, errorCode: 0, eventId: 3000 }),
  );
}
