import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { jsonOf } from '../../shared/errors/fault';
import { hostClient, serviceClient } from '../../shared/http/clients';
import type { FindMissing } from '../../shared/http/response-shape';
import type { ServiceParts } from './service-parts';

export interface ArmRequest {
  readonly method?: HttpMethods;
  readonly url: string;
  readonly body?: unknown;
  /** What the JSON of the answer has to have; absent for an answer without a body. */
  readonly shape?: FindMissing;
}

/** A request to Azure Resource Manager, with its token. */
export async function sendArmRequest(
  { body, method = 'GET', shape, url }: ArmRequest,
  { cloud, credential, userAgent }: ServiceParts,
  client: HttpClient,
  abortSignal: AbortSignal,
): Promise<PipelineResponse> {
  const token = await credential.getToken(`${cloud.resourceManager}/.default`, { abortSignal });
  const headers = createHttpHeaders({
    'User-Agent': userAgent,
    // Where JSON is asked for, an empty body is taken for a broken one.
    ...(shape === undefined ? {} : { Accept: 'application/json' }),
    Authorization: `Bearer ${token?.token ?? ''}`,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  });
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const request = createPipelineRequest({ url, method, headers, abortSignal, ...content });
  const service =
    shape === undefined
      ? hostClient(client, cloud.resourceManager)
      : serviceClient(client, cloud.resourceManager, shape);
  return service.sendRequest(request);
}

/** The answers to a listing, page by page. One that is no success is the last. */
export async function* pagesOf(
  first: Required<Pick<ArmRequest, 'url' | 'shape'>>,
  parts: ServiceParts,
  signal: AbortSignal,
): AsyncGenerator<PipelineResponse> {
  for (let url: string | undefined = first.url; url !== undefined;) {
    const response: PipelineResponse = await sendArmRequest({ ...first, url }, parts, parts.client, signal);
    yield response;
    const page = response.status === 200 ? (jsonOf(response) as { readonly nextLink?: string | null }) : {};
    url = page.nextLink ?? undefined;
  }
}
