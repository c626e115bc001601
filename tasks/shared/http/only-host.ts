import type { HttpClient } from '@azure/core-rest-pipeline';
import { DiagnosedError } from '../errors/diagnosis';
import { foreignContinuation } from '../errors/foreign-host';

/**
 * The same client for one host only. A bearer token must not follow a redirect or a `nextLink` to another host.
 * Therefore, a request to another host or port fails before it is sent.
 */
export function onlyHost(client: HttpClient, host: string): HttpClient {
  return {
    sendRequest(request) {
      const { host: asked, protocol } = new URL(request.url);
      if (asked.toLowerCase() !== host.toLowerCase() || protocol !== 'https:') {
        return Promise.reject(new DiagnosedError(foreignContinuation(host, `${protocol}//${asked}`)));
      }
      return client.sendRequest(request);
    },
  };
}
