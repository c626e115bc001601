import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { onlyHost } from './only-host';
import { withRequestIds, type RequestIds } from './request-ids';
import type { FindMissing } from './response-shape';
import { withRetries, type RetryParts } from './retries';
import { withShapeCheck } from './shape-check';

// Which layers each kind of request has is decided in this file alone; CONTRIBUTING.md draws it.

/** Sends neither a token nor an id: for services that are not Azure. */
export function anonymousClient(parts: RetryParts): HttpClient {
  return withRetries(createDefaultHttpClient(), parts);
}

/** For signing in, before there is a token: what answers has to issue tokens. */
export function signInClient(parts: RetryParts, findMissing: FindMissing): HttpClient {
  return withShapeCheck(anonymousClient(parts), findMissing);
}

/** For the services of Azure: a token that was revoked is replaced, and Azure's logs can name the job. */
export function azureClient(
  parts: RetryParts,
  ids: RequestIds,
  withTokenRenewal: (client: HttpClient) => HttpClient,
): HttpClient {
  return withTokenRenewal(withRequestIds(anonymousClient(parts), ids));
}

/** For one service of which only the status and headers are read: the token goes to its host only. */
export function hostClient(client: HttpClient, url: string): HttpClient {
  return onlyHost(client, new URL(url).host);
}

/** For one service whose JSON is read: what answers has to be that service. */
export function serviceClient(client: HttpClient, url: string, findMissing: FindMissing): HttpClient {
  return withShapeCheck(hostClient(client, url), findMissing);
}
