import type { RawRequest } from './raw-request';

const form = {
  grant_type: 'client_credentials',
  client_id: '{client}',
  client_secret: '{secret}',
  scope: 'https://vault.azure.net/.default',
};
const unknownId = '99999999-0000-4000-8000-000000000000';
const token = (
  title: string,
  given: Readonly<Record<string, string>>,
  expect: RawRequest['expect'],
  tenant = '{tenant}',
): RawRequest => ({
  title,
  method: 'POST',
  url: `login:/${tenant}/oauth2/v2.0/token`,
  authorization: 'none',
  form: { ...form, ...given },
  expect,
});
const refused = (status: number, error: string, code: number): RawRequest['expect'] => ({
  status,
  body: {
    error,
    error_description: new RegExp(`^AADSTS${code}: `),
    error_codes: [code],
    timestamp: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
    trace_id: /./,
    correlation_id: /./,
  },
});

/** The token service (Microsoft Learn, "OAuth 2.0 client credentials flow" and "authorization error codes"). */
export const loginRequests: readonly RawRequest[] = [
  token(
    'a token for a client secret',
    {},
    {
      status: 200,
      body: {
        token_type: 'Bearer',
        expires_in: /^\d+$/,
        access_token: /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/,
        refresh_token: undefined,
      },
    },
  ),
  token(
    'no token for a wrong secret',
    { client_secret: 'not-a-real-password' },
    refused(401, 'invalid_client', 7000215),
  ),
  token(
    'no token for an application that is not there',
    { client_id: unknownId },
    refused(400, 'unauthorized_client', 700016),
  ),
  token(
    'no token for a resource that is not there',
    { scope: 'https://nowhere.example/.default' },
    refused(400, 'invalid_resource', 500011),
  ),
  token('no token without a kind of grant', { grant_type: 'none' }, refused(400, 'unsupported_grant_type', 70003)),
  token('no token for an unknown tenant', {}, refused(400, 'invalid_request', 90002), unknownId),
  {
    title: 'where a tenant has its endpoints',
    url: 'login:/{tenant}/v2.0/.well-known/openid-configuration',
    authorization: 'none',
    expect: {
      status: 200,
      body: {
        issuer: 'https://login.microsoftonline.com/{tenant}/v2.0',
        token_endpoint: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
        jwks_uri: 'https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys',
      },
    },
  },
  {
    title: 'the endpoints of a tenant that is not there',
    url: `login:/${unknownId}/v2.0/.well-known/openid-configuration`,
    authorization: 'none',
    expect: { status: 400, body: { error: 'invalid_tenant' } },
  },
  {
    title: 'the clouds that an authority knows',
    url: 'login:/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
    authorization: 'none',
    expect: { status: 200, body: { tenant_discovery_endpoint: /^https:\/\/login\.microsoftonline\.com\// } },
  },
];
