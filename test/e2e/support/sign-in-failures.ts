import {
  at,
  changedConnection,
  changedFederation,
  hoursAhead,
  managedIdentity,
  otherAudience,
  ownCertificate,
  pageOf,
  refusal,
  json,
  strangeCertificate,
  throttled,
  type Failures,
} from './failures';

const tenantId = '11111111-1111-4111-8111-111111111111';
const otherId = '99999999-9999-4999-8999-999999999999';
const federated = { connection: 'contoso-federated' };

/** What keeps the step from signing in. */
export const signingIn: Failures = {
  'sign-in: HTTP 503': {
    arrange: at('entra', refusal(503, 'x')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /login\.microsoftonline\.com/,
  },
  'sign-in: throttled for an hour': {
    arrange: at('entra', throttled({ 'retry-after': '3600' })),
    code: 'AKV-THROTTLED',
  },
  'sign-in: resets': {
    arrange: at('entra', 'reset-before'),
    code: 'AKV-NETWORK',
    brief: true,
    says: /login\.microsoftonline\.com/,
  },
  'sign-in: cut answers': {
    arrange: at('entra', 'truncate'),
    code: 'AKV-NETWORK',
    brief: true,
  },
  'sign-in: no answer': {
    arrange: at('entra', 'hang'),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /login\.microsoftonline\.com had not/,
  },
  'sign-in: a page with 200': {
    arrange: at('entra', pageOf(200)),
    code: 'AKV-NETWORK',
    brief: true,
    says: /not JSON \(text\/html\)/,
  },
  'sign-in: a page with 403': { arrange: at('entra', pageOf(403)), code: 'AKV-INTERCEPTED' },
  'sign-in: a redirect': {
    arrange: at('entra', { status: 302, headers: { location: '/x' } }),
    code: 'AKV-INTERCEPTED',
  },
  'sign-in: an answer that stalls in the middle': {
    arrange: at('entra', 'stall'),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /login\.microsoftonline\.com had not/,
  },
  'sign-in: a 200 without a token': {
    arrange: at('entra', { status: 200, headers: json, body: '{}' }),
    code: 'AKV-UNEXPECTED-ANSWER',
    says: /login\.microsoftonline\.com answered HTTP 200 [^]*'access_token' is missing/,
  },
  'a wrong client secret': {
    arrange: changedConnection({ serviceprincipalkey: 'not-a-real-guess-1' }),
    code: 'AKV-AUTH-SECRET',
    says: /AADSTS7000215/,
  },
  'an expired client secret': {
    arrange: (testBed) => {
      const secrets = [{ value: 'not-a-real-old-password-1', expires: 1_000 }];
      const { clientId } = testBed.azure.addApplication({ tenant: testBed.contoso.tenant, secrets });
      const parameters = { serviceprincipalid: clientId, serviceprincipalkey: 'not-a-real-old-password-1' };
      return changedConnection(parameters)(testBed);
    },
    code: 'AKV-AUTH-SECRET',
    says: /AADSTS7000222[^]*has expired/,
  },
  'a certificate that is not registered': {
    arrange: strangeCertificate,
    code: 'AKV-AUTH-CERTIFICATE',
    says: /AADSTS700027/,
  },
  'an expired certificate': {
    arrange: ownCertificate,
    with: hoursAhead(24 * 31),
    code: 'AKV-AUTH-CERTIFICATE',
    says: /AADSTS700027[^]*az ad app credential list --cert[^]*Azure said: .*key used is expired/,
  },
  'a certificate without its key': {
    arrange: changedConnection({
      authenticationType: 'spnCertificate',
      servicePrincipalCertificate: 'not-a-real-certificate',
    }),
    code: 'AKV-CONNECTION',
  },
  'a clock an hour behind, with a certificate': { arrange: ownCertificate, with: hoursAhead(1), code: 'AKV-CLOCK' },
  'an unknown application': {
    arrange: changedConnection({ serviceprincipalid: otherId }),
    code: 'AKV-AUTH-IDENTITY',
    says: /AADSTS700016/,
  },
  'an unknown tenant': {
    arrange: changedConnection({ tenantid: otherId }),
    only: 'KeyVaultAgentAccess',
    code: 'AKV-AUTH-IDENTITY',
    says: /AADSTS90002/,
  },
  'a tenant other than that of the vault': {
    arrange: changedConnection({ tenantid: otherId }),
    only: 'KeyVaultSecrets',
    code: 'AKV-TENANT',
    says: new RegExp(`tenant ${tenantId}, and .* to ${otherId}`),
  },
  'a federated subject that was renamed': {
    arrange: changedFederation({ subject: 'sc://contoso/shop/renamed' }),
    code: 'AKV-AUTH-FEDERATION',
    says: /AADSTS700213[^]*organization contoso, project local-project, connection renamed: https:\/\/dev\.azure\.com\/contoso\/local-project\/_settings\//,
  },
  'a federated subject in other case': {
    arrange: changedFederation({ subject: 'sc://Contoso/Shop/Azure' }),
    code: 'AKV-AUTH-FEDERATION',
    says: /AADSTS7002138/,
  },
  'another federated issuer': {
    arrange: changedFederation({ issuer: 'https://vstoken.dev.azure.com/another' }),
    code: 'AKV-AUTH-FEDERATION',
    says: /AADSTS700211[^]*Read issuer and subject of the service connection in Azure DevOps/,
  },
  'another federated audience': {
    arrange: otherAudience,
    code: 'AKV-AUTH-FEDERATION',
    says: /AADSTS700212[^]*the audience api:\/\/AzureADTokenExchange/,
  },
  'Azure DevOps refuses the job its token': {
    arrange: () => ({
      ...federated,
      systemConnection: { url: 'https://dev.azure.com/contoso/', accessToken: 'not-a-real-stale-token' },
    }),
    code: 'AKV-OIDC',
    says: /dev\.azure\.com answered HTTP 401[^]*allow this pipeline/,
  },
  'Azure DevOps fails': {
    arrange: at('devops', refusal(503, 'x'), federated),
    code: 'AKV-SERVICE',
    brief: true,
    says: /dev\.azure\.com/,
  },
  'Azure DevOps answers with a page': {
    arrange: at('devops', pageOf(200), federated),
    code: 'AKV-NETWORK',
    brief: true,
  },
  'Azure DevOps does not answer': {
    arrange: at('devops', 'hang', federated),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /dev\.azure\.com had not/,
  },
  'Azure DevOps gives no token': {
    arrange: at('devops', { status: 200, headers: json, body: '{}' }, federated),
    code: 'AKV-UNEXPECTED-ANSWER',
    says: /dev\.azure\.com answered HTTP 200 [^]*'oidcToken' is missing/,
  },
  'a machine without a managed identity': {
    arrange: managedIdentity('without'),
    code: 'AKV-MANAGED-IDENTITY',
    says: /does not run on an Azure machine/,
  },
  'a machine with another managed identity': {
    arrange: managedIdentity('with another'),
    code: 'AKV-MANAGED-IDENTITY',
    says: /not assigned[^]*HTTP 400: Identity not found/,
  },
  'a connection of another kind': {
    arrange: changedConnection({}, {}, 'PublishProfile'),
    code: 'AKV-CONNECTION',
    says: /'PublishProfile'/,
  },
  'a connection for Azure Stack': {
    arrange: changedConnection({}, { environment: 'AzureStack' }),
    code: 'AKV-CONNECTION',
    says: /'AzureStack'/,
  },
  'a connection without its secret': {
    arrange: changedConnection({ serviceprincipalkey: '' }),
    code: 'AKV-CONNECTION',
    says: /has no 'serviceprincipalkey'/,
  },
};
