import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { signToken, createSigningKey, parseToken } from './token';
import type { Reply } from '../http/tunnel-client';
import type { FederatedCredential } from '../world';

describe('workload identity federation with the simulated Azure DevOps', () => {
  const clock = { time: Date.UTC(2026, 0, 15, 12) };
  let site: ContosoSite;
  before(async () => {
    site = await openContoso({ clock: { now: () => clock.time, sleep: () => Promise.resolve() } });
  });
  after(() => site.stop());

  const oidcUrl = (changes: Partial<Record<'origin' | 'hub' | 'job' | 'query', string>> = {}): string => {
    const { job, connection } = site.contoso;
    const origin = changes.origin ?? 'https://dev.azure.com/contoso';
    const path = `_apis/distributedtask/hubs/${changes.hub ?? job.hub}/plans/${job.planId}/jobs/${changes.job ?? job.jobId}/oidctoken`;
    return `${origin}/${job.projectId}/${path}?${changes.query ?? `api-version=7.1&serviceConnectionId=${connection.id}`}`;
  };
  const askAssertion = (url = oidcUrl(), token = site.contoso.job.token, headers = {}): Promise<Reply> => {
    const suppress = { 'x-tfs-fedauthredirect': 'Suppress', authorization: `Bearer ${token}`, ...headers };
    return site.client.send(url, { method: 'POST', headers: suppress });
  };
  const assertionOf = ({ json }: Reply): string => (json as { oidcToken: string }).oidcToken;
  const exchange = (assertion: string, clientId = site.contoso.application.clientId): Promise<Reply> =>
    site.client.send(`https://login.microsoftonline.com/${site.contoso.tenant.id}/oauth2/v2.0/token`, {
      method: 'POST',
      form: {
        grant_type: 'client_credentials',
        client_id: clientId,
        scope: 'https://vault.azure.net/.default',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      },
    });
  const codeOf = ({ json }: Reply): unknown => (json as { error_codes: number[] }).error_codes[0];

  it('turns the job token into an assertion, and the assertion into an access token', async () => {
    const assertion = assertionOf(await askAssertion());
    const { iss, sub, aud, exp } = parseToken(assertion)!.claims;
    const { issuer, subject } = site.contoso.connection;
    assert.deepEqual([iss, sub, aud, exp], [issuer, subject, 'api://AzureADTokenExchange', clock.time / 1000 + 600]);
    assert.equal((await exchange(assertion)).status, 200);
  });

  it("also answers at the organization's older address", async () => {
    assert.equal((await askAssertion(oidcUrl({ origin: 'https://contoso.visualstudio.com' }))).status, 200);
  });

  it('takes a service connection id in any case', async () => {
    const query = `api-version=7.1&serviceConnectionId=${site.contoso.connection.id.toUpperCase()}`;
    assert.equal((await askAssertion(oidcUrl({ query }))).status, 200);
  });

  it('answers 401 to a wrong job token, and a sign-in page to clients that do not say they can do without', async () => {
    assert.equal((await askAssertion(oidcUrl(), 'not-a-real-job-token-2')).status, 401);
    const browser = await askAssertion(oidcUrl(), 'not-a-real-job-token-2', { 'x-tfs-fedauthredirect': 'Allow' });
    assert.equal(browser.status, 302);
    assert.match(browser.headers['content-type']!, /html/);
  });

  it('answers 404 for another job, another hub and an unknown service connection', async () => {
    const urls = [
      oidcUrl({ job: 'other' }),
      oidcUrl({ hub: 'release' }),
      oidcUrl({ query: 'api-version=7.1&serviceConnectionId=x' }),
    ];
    for (const url of urls) assert.equal((await askAssertion(url)).status, 404);
  });

  it('answers 404 to everything else', async () => {
    assert.equal((await site.client.send('https://dev.azure.com/contoso/_apis/projects')).status, 404);
    assert.equal((await site.client.send('https://vstoken.dev.azure.com/keys')).status, 404);
  });

  it('answers 400 without an api-version', async () => {
    const reply = await askAssertion(oidcUrl({ query: `serviceConnectionId=${site.contoso.connection.id}` }));
    assert.equal(reply.status, 400);
    assert.match(reply.text, /No api-version was supplied/);
  });

  it('does not take an assertion after ten minutes (700024)', async () => {
    const assertion = assertionOf(await askAssertion());
    clock.time += 600_000;
    assert.equal(codeOf(await exchange(assertion)), 700024);
  });

  const { issuer, subject, audience }: FederatedCredential = {
    issuer: 'https://vstoken.dev.azure.com/44444444-4444-4444-8444-444444444444',
    subject: 'sc://contoso/shop/azure',
    audience: 'api://AzureADTokenExchange',
  };
  const mismatches: [number, string, FederatedCredential[]][] = [
    [70021, 'no federated credential at all', []],
    [700211, 'credentials for other issuers only', [{ issuer: 'https://issuer.example', subject, audience }]],
    [700213, 'credentials for other subjects only', [{ issuer, subject: 'sc://contoso/shop/other', audience }]],
    [700212, 'credentials for other audiences only', [{ issuer, subject, audience: 'api://other' }]],
    [7002138, 'a subject that differs in case only', [{ issuer, subject: 'sc://Contoso/shop/azure', audience }]],
  ];
  for (const [code, what, federatedCredentials] of mismatches) {
    it(`refuses an application that has ${what} (${code})`, async () => {
      const { clientId } = site.azure.addApplication({ tenant: site.contoso.tenant, federatedCredentials });
      assert.equal(codeOf(await exchange(assertionOf(await askAssertion()), clientId)), code);
    });
  }

  it('refuses an assertion with another signer (700027)', async () => {
    const seconds = clock.time / 1000;
    const claims = { iss: issuer, sub: subject, aud: audience, nbf: seconds, exp: seconds + 600 };
    assert.equal(codeOf(await exchange(signToken(await createSigningKey(), claims))), 700027);
  });

  it('publishes the keys of the issuer', async () => {
    const configuration = await site.client.send(`${issuer}/.well-known/openid-configuration`);
    const { issuer: named, jwks_uri: keysUrl } = configuration.json as Record<string, string>;
    assert.equal(named, issuer);
    const { keys } = (await site.client.send(keysUrl!)).json as { keys: { kid: string }[] };
    assert.equal(keys[0]!.kid, parseToken(assertionOf(await askAssertion()))!.header.kid);
  });
});
