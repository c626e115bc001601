import type { HttpClient } from '@azure/core-rest-pipeline';
import { answerError } from '../../shared/errors/fault';

/**
 * The same client, which throws a refusal as an error with Azure's own message. For a refused listing, the SDK
 * (@azure/keyvault-secrets 4.11, "Pagination failed with unexpected statusCode") keeps only the status, and only the
 * body shows whether the firewall, a role or an access policy is the cause. A 401 is not thrown: it can be the
 * challenge that the SDK answers with a token.
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
