import type { HttpClient } from '@azure/core-rest-pipeline';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { DiagnosedError } from '../errors/diagnosis';
import { answerError, jsonOf } from '../errors/fault';
import type { Clock } from '../ports';
import type { AssertionAddress } from '../agent/job';
import { assertionMessages as messages } from '../messages/connection';
import { isRetriable } from '../http/retry-delay';

/** A new assertion is requested when the last one has less than this left, in milliseconds. They live about ten minutes. */
const leastLifeLeft = 60_000;

/** What an assertion says of itself: exactly what a federated credential of the application has to say as well. */
interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** Gives the assertion (a JWT) that Azure DevOps issues for a federated service connection. */
export interface AssertionSource {
  /** The one at hand, or a new one when that is about to expire. */
  readonly get: () => Promise<string>;
  /** Makes the next `get` ask for a new one. */
  readonly forget: () => void;
  /** What the last one said; `undefined` before there was one. */
  readonly claims: () => AssertionClaims | undefined;
}

/** What the source asks with. */
interface AssertionParts {
  /** Lets nothing pass for a success that has no assertion. */
  readonly client: HttpClient;
  readonly clock: Clock;
  /** The job's own. */
  readonly accessToken: string;
  /** Registers a text with the log masker. */
  readonly mask: (text: string) => void;
}

/**
 * Keeps an assertion until a minute before it expires, as the SDK asks several times for one token. Asked for with the
 * job's own token, like @azure/identity's AzurePipelinesCredential (POST, `api-version=7.1`), which is not used
 * itself because it trusts `System.OidcRequestUri` as it is.
 */
export function createAssertionSource(
  connectionId: string,
  address: AssertionAddress,
  parts: AssertionParts,
): AssertionSource {
  const { clock, mask } = parts;
  let held: Promise<string> | undefined;
  let expires = Number.POSITIVE_INFINITY;
  let claims: AssertionClaims | undefined;
  const request = async () => {
    const assertion = await requestAssertion(connectionId, address, parts);
    mask(assertion);
    const { iss, sub, aud, exp } = readClaims(assertion);
    claims = { issuer: String(iss), subject: String(sub), audience: String(aud) };
    expires = typeof exp === 'number' ? exp * 1000 : clock.now() + 2 * leastLifeLeft;
    return assertion;
  };
  const forget = () => {
    held = undefined;
    expires = Number.POSITIVE_INFINITY;
  };
  const get = () => {
    if (clock.now() > expires - leastLifeLeft) {
      forget();
    }
    if (held === undefined) {
      held = request();
      held.catch(forget);
    }
    return held;
  };
  return { get, forget, claims: () => claims };
}

async function requestAssertion(
  connectionId: string,
  address: AssertionAddress,
  { client, accessToken }: AssertionParts,
): Promise<string> {
  const url = new URL(assertionUrl(address));
  url.searchParams.set('api-version', '7.1');
  url.searchParams.set('serviceConnectionId', connectionId);
  const request = createPipelineRequest({
    url: url.href,
    method: 'POST',
    headers: createHttpHeaders({
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'Content-Length': '0',
      Authorization: `Bearer ${accessToken}`,
      // Without it a refused token is answered by a redirect to a sign-in page.
      'X-TFS-FedAuthRedirect': 'Suppress',
    }),
  });
  const response = await client.sendRequest(request);
  if (isRetriable(response.status)) {
    // A server that is busy or broken, which says nothing of this job.
    throw answerError(response);
  }
  return response.status === 200
    ? (jsonOf(response) as { oidcToken: string }).oidcToken
    : refuse(messages.refused(url.host, response.status));
}

/**
 * Where to ask: `System.OidcRequestUri` if it is on the server that the agent itself talks to, else the same address made
 * of its parts. A step's output could otherwise send the job's token to a host of its choice.
 */
function assertionUrl(facts: AssertionAddress): string {
  if (isServer(facts.requestUri, facts.serverUrl)) {
    return facts.requestUri;
  }
  const { projectId, hub, planId, jobId } = facts;
  if (facts.serverUrl === '' || [projectId, hub, planId, jobId].includes('')) {
    return refuse(messages.noAddress);
  }
  const collection = isServer(facts.collectionUri, facts.serverUrl) ? facts.collectionUri : facts.serverUrl;
  const base = collection.replace(/\/+$/, '');
  return `${base}/${projectId}/_apis/distributedtask/hubs/${hub}/plans/${planId}/jobs/${jobId}/oidctoken`;
}

/** True when a URL is HTTPS on the server's host, or on Azure DevOps Services when the server is there too. */
function isServer(text: string, serverUrl: string): boolean {
  // URL.parse is missing from the Node 20 of older agents.
  if (!URL.canParse(text) || !URL.canParse(serverUrl)) {
    return false;
  }
  const [url, server] = [new URL(text), new URL(serverUrl)];
  if (url.protocol !== 'https:') {
    return false;
  }
  return url.host === server.host || (isAzureDevOps(url.hostname) && isAzureDevOps(server.hostname));
}

function isAzureDevOps(host: string): boolean {
  return /(^|\.)(dev\.azure\.com|visualstudio\.com)$/i.test(host);
}

/** The claims of a JWT, unchecked: they are only shown and timed by. */
function readClaims(assertion: string): { iss?: unknown; sub?: unknown; aud?: unknown; exp?: unknown } {
  try {
    return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8')) as object;
  } catch {
    return {};
  }
}

function refuse(summary: string): never {
  throw new DiagnosedError({ code: 'AKV-OIDC', summary, cause: messages.cause, remedy: messages.remedy });
}
