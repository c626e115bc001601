/** Refusals of the token service (Microsoft Learn, "Microsoft Entra authentication and authorization error codes"). */
import { answerJson, Refused } from '../http/exchange';
import type { SimulatedRequest } from '../http/exchange';
import type { ServicePorts } from '../http/service-ports';

export interface TokenRequestContext {
  readonly request: SimulatedRequest;
  readonly ports: ServicePorts;
}

type OAuthError = readonly [status: number, error: string];

/** The OAuth error that each code is reported as (RFC 6749 section 5.2). */
const oauthErrors: Readonly<Record<number, OAuthError>> = {
  7000215: [401, 'invalid_client'],
  7000216: [401, 'invalid_client'],
  7000222: [401, 'invalid_client'],
  700024: [401, 'invalid_client'],
  700027: [401, 'invalid_client'],
  50027: [401, 'invalid_client'],
  70021: [400, 'invalid_request'],
  700211: [401, 'invalid_client'],
  700212: [401, 'invalid_client'],
  700213: [401, 'invalid_client'],
  7002138: [401, 'invalid_client'],
  700016: [400, 'unauthorized_client'],
  90002: [400, 'invalid_request'],
  70003: [400, 'unsupported_grant_type'],
  70011: [400, 'invalid_scope'],
  500011: [400, 'invalid_resource'],
};

/** The refusal with this AADSTS code, with the text and format of the token service. */
export function refuseToken({ request, ports }: TokenRequestContext, code: number, message: string): Refused {
  const [status, usual] = oauthErrors[code] ?? [400, 'invalid_request'];
  // Documents of an unknown tenant are refused with another code than tokens (panva/openid-client issue 175).
  const error = code === 90002 && request.method === 'GET' ? 'invalid_tenant' : usual;
  const [trace, correlation] = [ports.newId(), request.headers['client-request-id'] ?? ports.newId()];
  const timestamp = new Date(ports.now()).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  return new Refused(
    answerJson(status, {
      error,
      error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://${request.host}/error?code=${code}`,
    }),
  );
}
