import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { FailureContext } from '../../shared/errors/explanation';
import { confineTo } from '../../shared/http/client';
import { requireMembers } from '../../shared/http/require-members';
import type { Cloud } from '../../shared/sign-in/cloud';
import { missingFromPerimeter } from './response-shape';

/** What the adapter needs to reach Azure Resource Manager. */
export interface RequestParts {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  /** Repeats what may be repeated: reading. */
  readonly client: HttpClient;
  /** Without retries: what became of a write is for the caller to decide. */
  readonly plainClient: HttpClient;
  readonly userAgent: string;
  readonly failureContext: FailureContext;
}

export interface ManagerRequest {
  readonly method?: HttpMethods;
  readonly url: string;
  readonly body?: unknown;
}

/** A request to Azure Resource Manager, with its token. */
export async function askManager(
  { body, method = 'GET', url }: ManagerRequest,
  { cloud, credential, userAgent }: RequestParts,
  client: HttpClient,
  abortSignal: AbortSignal,
): Promise<PipelineResponse> {
  const token = await credential.getToken(`${cloud.resourceManager}/.default`, { abortSignal });
  const headers = createHttpHeaders({
    'User-Agent': userAgent,
    // A DELETE that is done has no body; where JSON is asked for, an empty body is taken for a broken one.
    ...(method === 'DELETE' ? {} : { Accept: 'application/json' }),
    Authorization: `Bearer ${token?.token ?? ''}`,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  });
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const request = createPipelineRequest({ url, method, headers, abortSignal, ...content });
  const confined = confineTo(new URL(cloud.resourceManager).host, client);
  // The answer to a DELETE has no body.
  return (method === 'DELETE' ? confined : requireMembers(confined, missingFromPerimeter)).sendRequest(request);
}
