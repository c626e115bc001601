import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { FailureContext } from '../../shared/errors/explanation';
import { onlyHost } from '../../shared/http/only-host';
import { serviceClient } from '../../shared/http/service-client';
import type { Cloud } from '../../shared/sign-in/cloud';
import { missingFromPerimeter } from './response-shape';

/** What the adapter needs to reach Azure Resource Manager. */
export interface RequestParts {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  /** Repeats what may be repeated: reading. */
  readonly client: HttpClient;
  /** Without retries: what became of a write is for the caller to decide. */
  readonly clientWithoutRetries: HttpClient;
  readonly userAgent: string;
  readonly failureContext: FailureContext;
}

export interface ArmRequest {
  readonly method?: HttpMethods;
  readonly url: string;
  readonly body?: unknown;
}

/** A request to Azure Resource Manager, with its token. */
export async function sendArmRequest(
  { body, method = 'GET', url }: ArmRequest,
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
  // The answer to a DELETE has no body.
  const service =
    method === 'DELETE'
      ? onlyHost(client, new URL(cloud.resourceManager).host)
      : serviceClient(client, cloud.resourceManager, missingFromPerimeter);
  return service.sendRequest(request);
}
