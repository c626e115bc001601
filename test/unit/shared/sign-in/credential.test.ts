import assert from 'node:assert/strict';
import { findCloud } from '../../../../tasks/shared/sign-in/cloud';
import type { Identity } from '../../../../tasks/shared/sign-in/connection';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { createCredential } from '../../../../tasks/shared/sign-in/credential';
import type { AssertionSource } from '../../../../tasks/shared/sign-in/oidc';
import { createClientCertificate } from '../../../../simulation/azure/http/certificates';
import { answer, failure, fakeServer, type Reply } from '../fake-azure';

const tenantId = '11111111-1111-4111-8111-111111111111';
const clientId = '55555555-5555-4555-8555-555555555555';
const secret: Identity = { kind: 'secret', tenantId, clientId, secret: 'not-a-real-password-1' };
const federated: Identity = { kind: 'federated', tenantId, clientId, connectionId: 'connection-1' };
const scope = 'https://vault.azure.net/.default';

const token = answer(200, { token_type: 'Bearer', expires_in: 3599, access_token: 'not-a-real-token-1' });
const refusal = (number: number) =>
  answer(401, {
    error: 'invalid_client',
    error_description: `AADSTS${number}: No. Trace ID: 1`,
    error_codes: [number],
  });

function open(
  identity: Identity,
  script: readonly [Reply, ...Reply[]],
  cloud = 'AzureCloud',
  get?: AssertionSource['get'],
) {
  const server = fakeServer(...script);
  const forgotten: string[] = [];
  const assertion: AssertionSource = {
    get: get ?? (() => Promise.resolve(`not.a-real.assertion-${forgotten.length + 1}`)),
    forget: () => forgotten.push('forgotten'),
    claims: () => ({ issuer: 'https://issuer.example', subject: 'sc://a/b/c', audience: 'api://x' }),
  };
  const connection = { identity, cloud: findCloud(cloud)! };
  const credential = createCredential(connection, { client: server.client, assertion, failureContext: {} });
  return { credential, server, forgotten };
}

describe('createCredential', () => {
  for (const [cloud, host] of [
    ['AzureCloud', 'login.microsoftonline.com'],
    ['AzureUSGovernment', 'login.microsoftonline.us'],
    ['AzureChinaCloud', 'login.partner.microsoftonline.cn'],
  ] as const) {
    it(`signs in at the authority of ${cloud} and nowhere else`, async () => {
      const certificate = await createClientCertificate();
      const pem = `${certificate.privateKey}\n${certificate.certificate}`;
      for (const identity of [secret, federated, { kind: 'certificate', tenantId, clientId, pem } as const]) {
        const { credential, server } = open(identity, [token], cloud);
        assert.equal((await credential.getToken(scope))?.token, 'not-a-real-token-1');
        assert.deepEqual(
          server.requests.map(({ url }) => url.replace(/\?.*/, '')),
          [`https://${host}/${tenantId}/oauth2/v2.0/token`],
        );
      }
    });
  }

  it('explains a refusal with the application and the number', async () => {
    const { credential } = open(secret, [refusal(7000222)]);
    await assert.rejects(credential.getToken(scope), {
      name: 'DiagnosedError',
      message: /^AKV-AUTH-SECRET: .*\(AADSTS7000222\)/,
    });
  });

  it('says what a federated credential has to have when none matches', async () => {
    const { credential } = open(federated, [refusal(700213)]);
    await assert.rejects(
      credential.getToken(scope),
      /^DiagnosedError: AKV-AUTH-FEDERATION[^]*the audience api:\/\/x\./,
    );
  });

  it('tries an expired assertion again, once', async () => {
    const { credential, forgotten } = open(federated, [refusal(700024), token]);
    assert.equal((await credential.getToken(scope))?.token, 'not-a-real-token-1');
    assert.equal(forgotten.length, 1);
  });

  it('reports the clock if the new assertion is also expired', async () => {
    const { credential, server } = open(federated, [refusal(700024)]);
    await assert.rejects(credential.getToken(scope), /^DiagnosedError: AKV-CLOCK/);
    assert.equal(server.requests.length, 2);
  });

  for (const [what, reply, expected] of [
    ['a network that fails', failure('ECONNRESET'), /^DiagnosedError: AKV-NETWORK: .*ECONNRESET/],
    ['an unknown host', failure('ENOTFOUND'), /^DiagnosedError: AKV-HOST-NOT-FOUND/],
    ['an untrusted certificate', failure('SELF_SIGNED_CERT_IN_CHAIN'), /^DiagnosedError: AKV-TLS/],
    [
      'a service that fails',
      answer(503, '<html>'),
      /^DiagnosedError: AKV-SERVICE: login\.microsoftonline\.com .*HTTP 503/,
    ],
    ['throttling', answer(429, {}), /^DiagnosedError: AKV-THROTTLED/],
  ] as const) {
    it(`says what it was instead of a bare "network_error" for ${what}`, async () => {
      const { credential } = open(secret, [reply]);
      await assert.rejects(credential.getToken(scope), expected);
    });
  }

  it('gives the reason why there was no assertion as it is', async () => {
    const { credential } = open(federated, [token], 'AzureCloud', () =>
      Promise.reject(new DiagnosedError({ code: 'AKV-OIDC', summary: 'No.', remedy: [] })),
    );
    await assert.rejects(credential.getToken(scope), { message: /^AKV-OIDC: No\./ });
  });

  it('asks for JSON, so that a page instead of a token is noticed', async () => {
    let accept: string | undefined;
    const { credential } = open(secret, [
      (sent) => {
        accept = sent.headers.get('Accept');
        return token(sent);
      },
    ]);
    await credential.getToken(scope);
    assert.equal(accept, 'application/json');
  });

  it('does not report an earlier failure for a later one', async () => {
    const { credential } = open(secret, [refusal(7000222), token]);
    await assert.rejects(credential.getToken(scope), /AKV-AUTH-SECRET/);
    await assert.rejects(
      credential.getToken(scope, { tenantId: '99999999-9999-4999-8999-999999999999' }),
      /AKV-TENANT: .*tenant 99999999-9999-4999-8999-999999999999,/,
    );
  });

  it('asks the machine for a managed identity, and says whether it has none or not this one', async () => {
    // One test for all of it, because MSAL keeps the first HTTP client of a process for every managed identity.
    const assigned = { token_type: 'Bearer', expires_on: '4102444800', access_token: 'not-a-real-token-3' };
    const { credential, server } = open({ kind: 'managed', clientId }, [
      failure('ETIMEDOUT'),
      answer(400, { error: 'invalid_request', error_description: 'Identity not found' }),
      answer(200, assigned),
    ]);
    await assert.rejects(credential.getToken(scope), /AKV-MANAGED-IDENTITY[^]*does not run on an Azure machine/);
    await assert.rejects(
      credential.getToken(scope),
      /AKV-MANAGED-IDENTITY: .*HTTP 400\)[^]*not assigned[^]*Azure said: HTTP 400: Identity not found/,
    );
    assert.equal((await credential.getToken(scope))?.token, 'not-a-real-token-3');
    const url = new URL(server.requests[2]?.url ?? '');
    assert.equal(url.host, '169.254.169.254');
    assert.equal(url.searchParams.get('resource'), 'https://vault.azure.net');
    assert.equal(url.searchParams.get('client_id'), clientId);
  });
});
