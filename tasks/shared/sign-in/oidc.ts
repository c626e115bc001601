import type { HttpClient } from '@azure/core-rest-pipeline';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { DiagnosedError } from '../errors/diagnosis';
import { answerError, jsonOf } from '../errors/fault';
import type { Clock } from '../ports';
import type { AssertionAddress } from '../agent/job';
import { assertionMessages as messages } from '../messages/connection';
import { isRetriable } from '../http/retry-delay';

/**
 * Milliseconds. A new assertion is requested if the last one is valid for less than this. Assertions are valid for
 * about ten minutes.
 */
const leastLifeLeft = 60_000;

/** The claims of an assertion, which a federated credential of the application must match exactly. */
interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** Provides the assertion (a JWT) that Azure DevOps issues for a federated service connection. */
export interface AssertionSource {
  /** The current assertion, or a new one if it is about to expire. */
  readonly get: () => Promise<string>;
  /** Makes the next `get` request a new one. */
  readonly forget: () => void;
  /** The claims of the last one; `undefined` before the first. */
  readonly claims: () => AssertionClaims | undefined;
}

/** What the source needs for its requests. */
interface AssertionParts {
  /** Lets nothing pass for a success that has no assertion. */
  readonly client: HttpClient;
  readonly clock: Clock;
  /** The job's own token. */
  readonly accessToken: string;
  /** Registers a text with the log masker. */
  readonly mask: (text: string) => void;
}

/**
 * Keeps an assertion until a minute before it expires, because the SDK asks for it several times per token. Requested
 * with the job's own token, like @azure/identity's AzurePipelinesCredential (POST, `api-version=7.1`). That class is
 * not used, because it trusts `System.OidcRequestUri` unchecked.
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
      // Without it, a refused token is answered by a redirect to a sign-in page.
      'X-TFS-FedAuthRedirect': 'Suppress',
    }),
  });
  const response = await client.sendRequest(request);
  if (isRetriable(response.status)) {
    // A server that is busy or fails. This is not a problem of the job.
    throw answerError(response);
  }
  return response.status === 200
    ? (jsonOf(response) as { oidcToken: string }).oidcToken
    : refuse(messages.refused(url.host, response.status));
}

/**
 * Where to request the assertion: `System.OidcRequestUri` if it is on the server that the agent itself uses, otherwise
 * the same address constructed from its parts. Without this check, a step's output could send the job's token to
 * another host.
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

/** True if a URL is HTTPS on the server's host, or if both are on Azure DevOps Services. */
function isServer(text: string, serverUrl: string): boolean {
  // The Node 20 of older agents does not have URL.parse.
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

/** The claims of a JWT, without verification: they are only displayed and used for timing. */
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
