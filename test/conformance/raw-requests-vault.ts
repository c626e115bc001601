import { vaultError, vaultVersion, type RawRequest } from './raw-request';

const challenge = {
  'www-authenticate':
    /^Bearer authorization="https:\/\/login\.[\w.]+\/{tenant}", resource="https:\/\/vault\.azure\.net"/,
};
const unauthorized = (says: RegExp): RawRequest['expect'] => ({
  status: 401,
  headers: challenge,
  body: { error: { code: 'Unauthorized', message: says } },
});

/** What a vault asks of a caller (Microsoft Learn, "Authentication, requests and responses" and "REST API error codes"). */
export const vaultAuthentication: readonly RawRequest[] = [
  { title: 'a request without a token is challenged', authorization: 'none', expect: unauthorized(/^AKV10000: /) },
  { title: 'a user name and password are no token', authorization: 'basic', expect: unauthorized(/./) },
  { title: 'what is no token is refused', authorization: 'garbage', expect: unauthorized(/./) },
  {
    title: 'a token with a signature of another key is refused',
    authorization: 'badSignature',
    expect: unauthorized(/./),
  },
  { title: 'an expired token is refused', authorization: 'expired', expect: unauthorized(/./) },
  {
    title: 'a token for Azure Resource Manager is refused',
    authorization: 'forArm',
    expect: unauthorized(/^AKV10022: /),
  },
  { title: 'a token of another tenant is refused', authorization: 'otherTenant', expect: unauthorized(/^AKV10032: /) },
  { title: 'a token whose audience ends with a slash is good', authorization: 'slash', expect: { status: 200 } },
  {
    title: 'a caller without a role is refused',
    authorization: 'stranger',
    expect: { status: 403, body: vaultError('Forbidden', 'ForbiddenByRbac') },
  },
].map((row) => ({ url: `vault:/secrets/Plain?${vaultVersion}`, ...row }) as RawRequest);

/** The form of requests (Azure/azure-rest-api-specs, Microsoft.KeyVault secrets). */
export const vaultForm: readonly RawRequest[] = [
  {
    title: 'a request without a version of the interface',
    url: 'vault:/secrets/Plain',
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  {
    title: 'a version of the interface in another form',
    url: 'vault:/secrets/Plain?api-version=latest',
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  {
    title: 'a version of the interface that never was',
    url: 'vault:/secrets/Plain?api-version=7.99',
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  {
    title: 'a name with a character that names have not',
    url: `vault:/secrets/a_b?${vaultVersion}`,
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  {
    title: 'a name of 128 characters',
    url: `vault:/secrets/${'a'.repeat(128)}?${vaultVersion}`,
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  { title: 'a path that is no object of a vault', url: `vault:/nothing?${vaultVersion}`, expect: { status: 404 } },
  {
    title: 'setting a secret without the permission',
    method: 'PUT',
    url: `vault:/secrets/Plain?${vaultVersion}`,
    json: { value: 'not-a-real-value' },
    expect: { status: 403, body: vaultError('Forbidden', 'ForbiddenByRbac') },
  },
  {
    title: 'changing a secret without the permission',
    method: 'PATCH',
    url: `vault:/secrets/twice/{first}?${vaultVersion}`,
    json: { attributes: { enabled: false } },
    expect: { status: 403, body: vaultError('Forbidden', 'ForbiddenByRbac') },
  },
];
