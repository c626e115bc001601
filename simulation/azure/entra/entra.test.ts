import assert from 'node:assert/strict';
import { X509Certificate, createPublicKey, createSign, randomUUID } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

import { createClientCertificate } from '../http/certificates';
import type { ClientCertificate } from '../http/certificates';
import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import type { Reply } from '../http/tunnel-client';
import { isSignedBy, parseToken } from './token';

const now = Date.UTC(2026, 0, 15, 12);
const vaultScope = 'https://vault.azure.net/.default';

describe('the simulated token service', () => {
  let site: ContosoSite;
  before(async () => {
    site = await openContoso({ clock: { now: () => now, sleep: () => Promise.resolve() } });
  });
  after(() => site.stop());

  const ask = (
    form: Record<string, string>,
    tenant = site.contoso.tenant.id,
    host = 'login.microsoftonline.com',
  ): Promise<Reply> => {
    const defaults = {
      grant_type: 'client_credentials',
      client_id: site.contoso.application.clientId,
      scope: vaultScope,
    };
    return site.client.send(`https://${host}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      form: { ...defaults, ...form },
    });
  };
  const claimsOf = ({ json }: Reply): Record<string, unknown> => {
    return parseToken((json as { access_token: string }).access_token)!.claims;
  };
  const assertRefused = (reply: Reply, status: number, error: string, code: number, text: RegExp): void => {
    const body = reply.json as { error: string; error_description: string; error_codes: number[]; trace_id: string };
    assert.deepEqual([reply.status, body.error, body.error_codes], [status, error, [code]]);
    assert.match(body.error_description, new RegExp(`^AADSTS${code}: `));
    assert.match(body.error_description, text);
    assert.match(body.error_description, /Trace ID: \S+ Correlation ID: \S+ Timestamp: 2026-01-15 12:00:00Z$/);
  };

  it('gives a token for a client secret, with the claims that services read', async () => {
    const reply = await ask({ client_secret: site.contoso.clientSecret });
    assert.equal(reply.status, 200);
    const { tenant, application } = site.contoso;
    const { uti, ...claims } = claimsOf(reply);
    assert.equal(typeof uti, 'string');
    assert.deepEqual(claims, {
      aud: 'https://vault.azure.net',
      iss: `https://sts.windows.net/${tenant.id}/`,
      iat: now / 1000,
      nbf: now / 1000,
      exp: now / 1000 + 3599,
      appid: application.clientId,
      appidacr: '2',
      idp: `https://sts.windows.net/${tenant.id}/`,
      idtyp: 'app',
      oid: application.objectId,
      sub: application.objectId,
      tid: tenant.id,
      ver: '1.0',
    });
  });

  it('signs tokens with the key that it publishes', async () => {
    const reply = await ask({ client_secret: site.contoso.clientSecret });
    const token = parseToken((reply.json as { access_token: string }).access_token)!;
    const base = `https://login.microsoftonline.com/${site.contoso.tenant.id}`;
    const configuration = await site.client.send(`${base}/v2.0/.well-known/openid-configuration`);
    const { jwks_uri: keysUrl, token_endpoint: endpoint } = configuration.json as Record<string, string>;
    assert.equal(endpoint, `${base}/oauth2/v2.0/token`);
    const { keys } = (await site.client.send(keysUrl!)).json as { keys: (JsonWebKey & { kid: string })[] };
    const key = keys.find(({ kid }) => kid === token.header.kid)!;
    assert.ok(isSignedBy(token, createPublicKey({ key, format: 'jwk' })));
  });

  it('names the clouds and their aliases to libraries that ask', async () => {
    const url = 'https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint=x';
    const { metadata } = (await site.client.send(url)).json as { metadata: { aliases: string[] }[] };
    assert.ok(metadata[0]!.aliases.includes('login.windows.net'));
  });

  it('answers under its aliases and to the domain name of a tenant', async () => {
    const reply = await ask({ client_secret: site.contoso.clientSecret }, 'contoso.example', 'login.windows.net');
    assert.equal(reply.status, 200);
  });

  it('gives a token for a resource at the endpoint before version 2.0', async () => {
    const { tenant, application, clientSecret } = site.contoso;
    const resource = 'https://vault.azure.net';
    const form = {
      grant_type: 'client_credentials',
      client_id: application.clientId,
      client_secret: clientSecret,
      resource,
    };
    const send = (changed: Record<string, string> = {}) =>
      site.client.send(`https://login.windows.net/${tenant.id}/oauth2/token/`, {
        method: 'POST',
        form: { ...form, ...changed },
      });
    const reply = await send();
    const { access_token: token, ...rest } = reply.json as Record<string, string>;
    assert.ok(token);
    assert.equal(claimsOf(reply).aud, resource);
    assert.deepEqual(rest, {
      token_type: 'Bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      expires_on: String(now / 1000 + 3599),
      not_before: String(now / 1000),
      resource,
    });
    assertRefused(await send({ client_secret: 'x' }), 401, 'invalid_client', 7000215, /Invalid client secret provided/);
  });

  for (const [scope, audience] of [
    ['https://management.azure.com/.default', 'https://management.azure.com'],
    ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
  ] as const) {
    it(`takes ${scope} as the audience ${audience}`, async () => {
      assert.equal(claimsOf(await ask({ client_secret: site.contoso.clientSecret, scope })).aud, audience);
    });
  }

  it('serves each cloud its own tenants and audiences', async () => {
    const tenant = site.azure.addTenant({ cloud: 'AzureChinaCloud' });
    const { clientId } = site.azure.addApplication({ tenant, secrets: [{ value: 'not-a-real-password-9' }] });
    const form = {
      client_id: clientId,
      client_secret: 'not-a-real-password-9',
      scope: 'https://vault.azure.cn/.default',
    };
    const reply = await ask(form, tenant.id, 'login.partner.microsoftonline.cn');
    assert.equal(claimsOf(reply).iss, `https://sts.chinacloudapi.cn/${tenant.id}/`);
    assertRefused(await ask(form, tenant.id), 400, 'invalid_request', 90002, /Tenant '.*' not found/);
  });

  it('refuses a wrong secret (7000215)', async () => {
    const reply = await ask({ client_secret: 'not-a-real-password-0' });
    assertRefused(reply, 401, 'invalid_client', 7000215, /Invalid client secret provided/);
  });

  it('refuses an expired secret (7000222)', async () => {
    const { tenant } = site.contoso;
    const { clientId } = site.azure.addApplication({
      tenant,
      secrets: [{ value: 'not-a-real-password-3', expires: now - 1 }],
    });
    const reply = await ask({ client_id: clientId, client_secret: 'not-a-real-password-3' });
    assertRefused(reply, 401, 'invalid_client', 7000222, /are expired/);
  });

  it('refuses an unknown application (700016)', async () => {
    const id = randomUUID();
    const reply = await ask({ client_id: id, client_secret: 'x' });
    assertRefused(reply, 400, 'unauthorized_client', 700016, new RegExp(`identifier '${id}' was not found`));
  });

  it('refuses an unknown tenant (90002)', async () => {
    assertRefused(
      await ask({}, 'nowhere.example'),
      400,
      'invalid_request',
      90002,
      /Tenant 'nowhere.example' not found/,
    );
  });

  it('has no documents of an unknown tenant (90002), and calls that by another name', async () => {
    const stranger = randomUUID();
    const url = `https://login.microsoftonline.com/${stranger}/v2.0/.well-known/openid-configuration`;
    assertRefused(await site.client.send(url), 400, 'invalid_tenant', 90002, /Tenant '.*' not found/);
  });

  it('refuses an unknown resource (500011) and a malformed scope (70011)', async () => {
    const secret = { client_secret: site.contoso.clientSecret };
    const stranger = await ask({ ...secret, scope: 'https://storage.example/.default' });
    assertRefused(stranger, 400, 'invalid_resource', 500011, /https:\/\/storage\.example was not found/);
    const byId = await ask({ ...secret, scope: '99999999-0000-4000-8000-000000000000/.default' });
    assertRefused(byId, 400, 'invalid_resource', 500011, /99999999-0000-4000-8000-000000000000 was not found/);
    assertRefused(
      await ask({ ...secret, scope: 'everything' }),
      400,
      'invalid_scope',
      70011,
      /'everything' is not valid/,
    );
  });

  it('refuses what is no client credentials grant (70003), and has no page for people', async () => {
    const reply = await ask({ grant_type: 'password' });
    assertRefused(reply, 400, 'unsupported_grant_type', 70003, /grant type 'password'/);
    const page = await site.client.send(`https://login.microsoftonline.com/${site.contoso.tenant.id}/oauth2/authorize`);
    assert.equal(page.status, 404);
  });

  it('refuses a request without any credential (7000216)', async () => {
    assertRefused(await ask({}), 401, 'invalid_client', 7000216, /client_assertion/);
  });

  describe('with a certificate', () => {
    let own: ClientCertificate;
    let other: ClientCertificate;
    let clientId: string;
    before(async () => {
      [own, other] = await Promise.all([createClientCertificate(), createClientCertificate()]);
      const { tenant } = site.contoso;
      ({ clientId } = site.azure.addApplication({ tenant, certificates: [own.certificate] }));
    });

    const thumbprintOf = (fingerprint: string): string =>
      Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
    const assertion = (
      key: string,
      claims: Record<string, unknown> = {},
      header: Record<string, string> = {
        'x5t#S256': thumbprintOf(new X509Certificate(own.certificate).fingerprint256),
      },
    ): Record<string, string> => {
      const aud = `https://login.microsoftonline.com/${site.contoso.tenant.id}/oauth2/v2.0/token`;
      const body = { iss: clientId, sub: clientId, aud, nbf: now / 1000, exp: now / 1000 + 600, ...claims };
      const parts = [{ alg: 'PS256', ...header }, body].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      const signature = createSign('RSA-SHA256')
        .update(parts.join('.'))
        .sign({ key, padding: 6, saltLength: 32 }, 'base64url');
      const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      return { client_id: clientId, client_assertion_type: type, client_assertion: [...parts, signature].join('.') };
    };

    it('gives a token for an assertion that its key signed', async () => {
      assert.equal((await ask(assertion(own.privateKey))).status, 200);
    });

    it('finds the certificate by its older thumbprint, also by a padded one, which MSAL for Python sends', async () => {
      const x5t = thumbprintOf(new X509Certificate(own.certificate).fingerprint);
      for (const padding of ['', '=']) {
        const reply = await ask(assertion(own.privateKey, {}, { x5t: `${x5t}${padding}` }));
        assert.equal(reply.status, 200, reply.text);
      }
    });

    it('refuses a signature by another key (700027)', async () => {
      assertRefused(
        await ask(assertion(other.privateKey)),
        401,
        'invalid_client',
        700027,
        /failed signature validation/,
      );
    });

    it('refuses a certificate that is not registered (700027)', async () => {
      const { clientId: stranger } = site.azure.addApplication({ tenant: site.contoso.tenant });
      const reply = await ask({ ...assertion(own.privateKey, { iss: stranger, sub: stranger }), client_id: stranger });
      assertRefused(reply, 401, 'invalid_client', 700027, /not registered on application/);
    });

    it('refuses an assertion after its time (700024)', async () => {
      const reply = await ask(assertion(own.privateKey, { exp: now / 1000 - 1 }));
      assertRefused(reply, 401, 'invalid_client', 700024, /not within its valid time range/);
    });

    it('refuses an assertion for another audience', async () => {
      const reply = await ask(
        assertion(own.privateKey, { aud: 'https://login.microsoftonline.com/other/oauth2/v2.0/token' }),
      );
      assertRefused(reply, 401, 'invalid_client', 50027, /Audience/);
    });
  });
});
