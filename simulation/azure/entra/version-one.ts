import { answerJson } from '../http/exchange';
import type { Answer, SimulatedRequest } from '../http/exchange';
import type { ServicePorts } from '../http/service-ports';

/**
 * The endpoint before version 2.0, which takes a resource in the place of a scope and answers numbers as text (Microsoft
 * Learn, "Service to service calls using client credentials", v1.0). AzureKeyVault@2 signs in there with a client secret.
 */
export function answerVersionOne(
  request: SimulatedRequest,
  { now, tokenLifetimeSeconds }: ServicePorts & { readonly tokenLifetimeSeconds: number },
  issue: (request: SimulatedRequest) => Answer,
): Answer {
  const form = new URLSearchParams(request.body);
  const resource = form.get('resource') ?? '';
  form.set('scope', `${resource}/.default`);
  const { access_token } = JSON.parse(issue({ ...request, body: form.toString() }).body) as { access_token: string };
  const seconds = Math.floor(now() / 1000);
  return answerJson(200, {
    token_type: 'Bearer',
    expires_in: String(tokenLifetimeSeconds),
    ext_expires_in: String(tokenLifetimeSeconds),
    expires_on: String(seconds + tokenLifetimeSeconds),
    not_before: String(seconds),
    resource,
    access_token,
  });
}
