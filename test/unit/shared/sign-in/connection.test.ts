import assert from 'node:assert/strict';
import type { EndpointReader } from '../../../../tasks/shared/ports';
import { readConnection } from '../../../../tasks/shared/sign-in/connection';

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const tenant = '11111111-1111-4111-8111-111111111111';
const application = '55555555-5555-4555-8555-555555555555';
const subscription = '22222222-2222-4222-8222-222222222222';
const pem =
  '-----BEGIN PRIVATE KEY-----\nbm90LWEtcmVhbC1rZXk=\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\nbm90LWEtcmVhbC1jZXJ0\n-----END CERTIFICATE-----\n';

interface Endpoint {
  scheme?: string;
  parameters?: Record<string, string>;
  data?: Record<string, string>;
}

/** The agent's view of one connection: fields by any case of their name, the connection by its id in lower case. */
function endpoint({ scheme = '', parameters = {}, data = {} }: Endpoint): EndpointReader {
  const find = (values: Record<string, string>, of: string, name: string) =>
    of === id ? (Object.entries(values).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? '') : '';
  return {
    scheme: (of) => (of === id ? scheme : ''),
    parameter: (of, name) => find(parameters, of, name),
    data: (of, name) => find(data, of, name),
  };
}

const principal = { tenantid: tenant, serviceprincipalid: application };
const secret = { ...principal, authenticationType: 'spnKey', serviceprincipalkey: 'not-a-real-password-1' };

const identities: readonly (readonly [string, Endpoint, object])[] = [
  [
    'a service principal with a secret',
    { scheme: 'ServicePrincipal', parameters: secret },
    { kind: 'secret', tenantId: tenant, clientId: application, secret: 'not-a-real-password-1' },
  ],
  [
    'one of old, without a scheme and a type',
    { parameters: { ...principal, serviceprincipalkey: 'not-a-real-password-1' } },
    { kind: 'secret', tenantId: tenant, clientId: application, secret: 'not-a-real-password-1' },
  ],
  [
    'a service principal with a certificate',
    {
      scheme: 'ServicePrincipal',
      parameters: { ...principal, authenticationType: 'spnCertificate', servicePrincipalCertificate: pem },
    },
    { kind: 'certificate', tenantId: tenant, clientId: application, pem },
  ],
  [
    'a certificate that was saved on one line',
    {
      scheme: 'ServicePrincipal',
      parameters: {
        ...principal,
        authenticationType: 'SPNCERTIFICATE',
        servicePrincipalCertificate: pem.replaceAll('\n', ' '),
      },
    },
    { kind: 'certificate', tenantId: tenant, clientId: application, pem },
  ],
  [
    'workload identity federation',
    { scheme: 'WorkloadIdentityFederation', parameters: principal },
    { kind: 'federated', tenantId: tenant, clientId: application, connectionId: id },
  ],
  [
    'a scheme in other case',
    { scheme: 'workloadidentityFEDERATION', parameters: principal },
    { kind: 'federated', tenantId: tenant, clientId: application, connectionId: id },
  ],
  [
    'a system-assigned managed identity',
    { scheme: 'ManagedServiceIdentity', parameters: { tenantid: tenant } },
    { kind: 'managed' },
  ],
  [
    'a user-assigned managed identity',
    { scheme: 'ManagedServiceIdentity', parameters: { tenantid: tenant }, data: { msiclientId: application } },
    { kind: 'managed', clientId: application },
  ],
];

describe('readConnection', () => {
  for (const [what, given, identity] of identities) {
    it(`reads ${what}`, () => {
      assert.deepEqual(readConnection(id, endpoint(given)).identity, identity);
    });
  }

  it('finds the connection whatever the case in which the input has its id', () => {
    const { identity } = readConnection(id.toUpperCase(), endpoint({ parameters: secret }));
    assert.equal(identity.clientId, application);
  });

  const missing: readonly (readonly [string, Endpoint, RegExp])[] = [
    ['a tenant', { parameters: { ...secret, tenantid: '' } }, /has no 'tenantid'/],
    ['an application', { parameters: { ...secret, serviceprincipalid: '' } }, /has no 'serviceprincipalid'/],
    ['a secret', { parameters: { ...secret, serviceprincipalkey: '' } }, /has no 'serviceprincipalkey'/],
    [
      'a certificate',
      { parameters: { ...principal, authenticationType: 'spnCertificate' } },
      /has no 'servicePrincipalCertificate'/,
    ],
    [
      "a certificate's key",
      {
        parameters: {
          ...principal,
          authenticationType: 'spnCertificate',
          servicePrincipalCertificate: pem.slice(pem.indexOf('-----BEGIN CERT')),
        },
      },
      /not PEM text with both a certificate and its private key/,
    ],
    [
      'an application for federation',
      { scheme: 'WorkloadIdentityFederation', parameters: { tenantid: tenant } },
      /has no 'serviceprincipalid'/,
    ],
    ['a tenant for federation', { scheme: 'WorkloadIdentityFederation', parameters: {} }, /has no 'tenantid'/],
  ];
  for (const [what, given, message] of missing) {
    it(`says that ${what} is missing, and never shows a value`, () => {
      assert.throws(
        () => readConnection(id, endpoint(given)),
        (error: Error) => {
          assert.match(error.message, /^AKV-CONNECTION: /);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /not-a-real|bm90LWEt/);
          return true;
        },
      );
    });
  }

  for (const scheme of ['PublishProfile', 'Certificate', 'UsernamePassword', 'None']) {
    it(`refuses a connection of the scheme ${scheme} by name`, () => {
      assert.throws(() => readConnection(id, endpoint({ scheme })), {
        message: new RegExp(`^AKV-CONNECTION: The service connection has the authentication scheme '${scheme}'`),
      });
    });
  }

  const clouds: readonly (readonly [string, string, string, string])[] = [
    ['', 'https://login.microsoftonline.com', 'https://management.azure.com', 'vault.azure.net'],
    ['AzureCloud', 'https://login.microsoftonline.com', 'https://management.azure.com', 'vault.azure.net'],
    [
      'azureusgovernment',
      'https://login.microsoftonline.us',
      'https://management.usgovcloudapi.net',
      'vault.usgovcloudapi.net',
    ],
    [
      'AzureChinaCloud',
      'https://login.partner.microsoftonline.cn',
      'https://management.chinacloudapi.cn',
      'vault.azure.cn',
    ],
  ];
  for (const [environment, authority, resourceManager, vaultSuffix] of clouds) {
    it(`knows the addresses of the cloud '${environment}'`, () => {
      const { cloud } = readConnection(id, endpoint({ parameters: secret, data: { environment } }));
      assert.deepEqual(
        { authority: cloud.authority, resourceManager: cloud.resourceManager, vaultSuffix: cloud.vaultSuffix },
        { authority, resourceManager, vaultSuffix },
      );
    });
  }

  for (const environment of ['AzureGermanCloud', 'AzureStack', 'Moon']) {
    it(`refuses the cloud ${environment} and names those it knows`, () => {
      assert.throws(() => readConnection(id, endpoint({ parameters: secret, data: { environment } })), {
        message: new RegExp(`for the cloud '${environment}'[^]*AzureCloud, AzureUSGovernment, AzureChinaCloud`),
      });
    });
  }

  it('takes the subscription of the connection, and none from one of management group scope', () => {
    const subscriptionOf = (subscriptionid: string) =>
      readConnection(id, endpoint({ parameters: secret, data: { subscriptionid } })).subscriptionId;
    assert.equal(subscriptionOf(subscription), subscription);
    assert.equal(subscriptionOf('00000000-0000-0000-0000-000000000000'), undefined);
    assert.equal(subscriptionOf(''), undefined);
  });
});
