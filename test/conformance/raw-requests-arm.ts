import type { Pattern } from './pattern';
import type { RawRequest } from './raw-request';

const version = 'api-version=2026-02-01';
const armError = (code: string): Pattern => ({ error: { code, message: /./ } });
const unauthorized = (code: string): RawRequest['expect'] => ({
  status: 401,
  headers: { 'www-authenticate': /^Bearer authorization_uri="https:\/\/login\.[\w.]+\// },
  body: armError(code),
});
const vault: Pattern = {
  id: '{vault}',
  name: 'contoso-kv',
  type: 'Microsoft.KeyVault/vaults',
  location: 'westeurope',
  properties: {
    tenantId: '{tenant}',
    vaultUri: 'https://contoso-kv.vault.azure.net/',
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
    provisioningState: 'Succeeded',
    accessPolicies: [],
  },
};
const patch = (title: string, json: unknown, body: Pattern): RawRequest => ({
  title,
  method: 'PATCH',
  url: `arm:{vault}?${version}`,
  authorization: 'forArm',
  json,
  expect: { status: 200, body },
});

/** Azure Resource Manager (Azure/azure-rest-api-specs, Microsoft.KeyVault; Microsoft Learn, "Azure REST API reference"). */
export const armRequests: readonly RawRequest[] = [
  { title: 'a vault', url: `arm:{vault}?${version}`, expect: { status: 200, body: vault } },
  {
    title: 'when and by whom a vault was last changed',
    url: `arm:{vault}?${version}`,
    expect: { status: 200, body: { systemData: { createdAt: /^\d{4}-/, lastModifiedAt: /^\d{4}-/ } } },
  },
  {
    title: 'a vault that is not there',
    url: `arm:{vault}-none?${version}`,
    expect: { status: 404, body: armError('ResourceNotFound') },
  },
  {
    title: 'the vaults of a resource group',
    url: `arm:{group}/providers/Microsoft.KeyVault/vaults?${version}`,
    expect: { status: 200, body: { value: [vault] } },
  },
  {
    title: 'the vaults of a subscription',
    url: `arm:/subscriptions/{subscription}/providers/Microsoft.KeyVault/vaults?${version}`,
    expect: { status: 200, body: { value: [vault] } },
  },
  {
    title: 'a subscription',
    url: 'arm:/subscriptions/{subscription}?api-version=2022-12-01',
    expect: {
      status: 200,
      body: {
        id: '/subscriptions/{subscription}',
        subscriptionId: '{subscription}',
        tenantId: '{tenant}',
        state: 'Enabled',
      },
    },
  },
  {
    title: 'a subscription that is not there',
    url: `arm:/subscriptions/99999999-0000-4000-8000-000000000000/providers/Microsoft.KeyVault/vaults?${version}`,
    expect: { status: 404, body: armError('SubscriptionNotFound') },
  },
  {
    title: 'a vault without a token',
    url: `arm:{vault}?${version}`,
    authorization: 'none',
    expect: unauthorized('AuthenticationFailed'),
  },
  {
    title: 'a vault with a token for vaults',
    url: `arm:{vault}?${version}`,
    authorization: 'valid',
    expect: unauthorized('InvalidAuthenticationTokenAudience'),
  },
  {
    title: 'a vault with what is no token',
    url: `arm:{vault}?${version}`,
    authorization: 'garbage',
    expect: unauthorized('InvalidAuthenticationToken'),
  },
  {
    title: 'a vault with an expired token',
    url: `arm:{vault}?${version}`,
    authorization: 'expiredForArm',
    expect: unauthorized('ExpiredAuthenticationToken'),
  },
  {
    title: 'a vault without a version of the interface',
    url: 'arm:{vault}',
    expect: { status: 400, body: armError('MissingApiVersionParameter') },
  },
  {
    title: 'a vault in a version that never was',
    url: 'arm:{vault}?api-version=2001-01-01',
    expect: { status: 400, body: armError('NoRegisteredProviderFound') },
  },
  {
    title: 'a vault without a role on it',
    url: `arm:{vault}?${version}`,
    authorization: 'strangerForArm',
    expect: { status: 403, body: armError('AuthorizationFailed') },
  },
  patch(
    'a change of tags leaves the properties as they are',
    { tags: { env: 'prod' } },
    { tags: { env: 'prod' }, properties: { vaultUri: /./ } },
  ),
  patch(
    'a change of tags takes away those that it does not name',
    { tags: { owner: 'shop' } },
    { tags: { owner: 'shop', env: undefined } },
  ),
  patch('an empty change changes nothing', {}, { tags: { owner: 'shop' } }),
  patch(
    'a change of the firewall leaves the tags as they are',
    {
      properties: {
        networkAcls: {
          bypass: 'AzureServices',
          defaultAction: 'Allow',
          ipRules: [{ value: '20.1.2.3' }],
          virtualNetworkRules: [],
        },
      },
    },
    { tags: { owner: 'shop' }, properties: { networkAcls: { ipRules: [{ value: '20.1.2.3/32' }] } } },
  ),
].map((row) => ({ authorization: 'forArm', ...row }) as RawRequest);
