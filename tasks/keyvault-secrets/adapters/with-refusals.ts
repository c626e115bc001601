import type { HttpClient } from '@azure/core-rest-pipeline';
import { answerError } from '../../shared/errors/fault';

/**
 * The same client, for which a refusal is an error in Azure's own words. Of a refused listing the SDK
 * (@azure/keyvault-secrets 4.11, "Pagination failed with unexpected statusCode") keeps the status alone, and only the
 * body says whether the firewall, a role or an access policy is in the way. A 401 is none yet: it may be the challenge
 * that the SDK answers with a token.
 *
 * @throws from `sendRequest`: the error of {@link answerError}.
 */
export function withRefusals(client: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      const response = await client.sendRequest(request);
      if (response.status >= 400 && response.status !== 401) {
        throw answerError(response);
      }
      return response;
    },
  };
}
