import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isSignedBy, parseToken } from '../../simulation/azure/entra/token';
import { ask } from './ask';
import { differences } from './differences';
import { armRequests } from './raw-requests-arm';
import { loginRequests } from './raw-requests-login';
import { secretListing, secretReading } from './raw-requests-secrets';
import { vaultAuthentication, vaultForm } from './raw-requests-vault';
import { openForeignSite, openSimulatedSite, type RawSite } from './raw-site';

const requests = [
  ...vaultAuthentication,
  ...vaultForm,
  ...secretReading,
  ...secretListing,
  ...armRequests,
  ...loginRequests,
];
const known = new Map(differences.flatMap((difference) => Object.entries(difference.requests)));

for (const [who, open, differs] of [
  ['the simulated Azure', openSimulatedSite, () => []],
  ['the independent servers', openForeignSite, (title: string) => known.get(title) ?? []],
] as const) {
  describe(`A raw request to ${who}`, () => {
    let site: RawSite;
    before(async () => {
      site = await open();
    });
    after(() => site.stop());

    for (const request of requests) {
      const expected = differs(request.title);
      it(`${request.title}${expected.length === 0 ? '' : ' (otherwise than published)'}`, async () => {
        assert.deepEqual(await ask(site, request), expected);
      });
    }

    it('a token is signed by a key that the tenant publishes, for this vault and this application, and ends', async () => {
      const { tenant, application } = site.contoso;
      const token = parseToken(site.authorizations.valid.authorization?.replace('Bearer ', '') ?? '');
      assert.ok(token);
      const login = `https://login.microsoftonline.com/${tenant.id}`;
      const described = await site.send(`${login}/v2.0/.well-known/openid-configuration`, {});
      const { jwks_uri: keysAt } = described.json as { jwks_uri: string };
      const { keys } = (await site.send(keysAt, {})).json as { keys: (JsonWebKey & { kid: string })[] };
      const key = keys.find(({ kid }) => kid === token.header.kid);
      assert.ok(key, 'the key is published');
      assert.equal(token.header.alg, 'RS256');
      assert.ok(isSignedBy(token, createPublicKey({ key, format: 'jwk' })));
      const { aud, tid, appid, exp } = token.claims;
      assert.deepEqual(
        { aud, tid, appid },
        { aud: 'https://vault.azure.net', tid: tenant.id, appid: application.clientId },
      );
      assert.ok(Number(exp) > Date.now() / 1000);
    });

    it('following the links of a listing gives each secret once', async () => {
      assert.deepEqual((await listByPages(site)).sort(), ['Plain', 'off', 'old', 'twice', 'young']);
    });
  });
}

describe('The list of differences', () => {
  it('names requests of the suite only, and each of them once', () => {
    const named = differences.flatMap((difference) => Object.keys(difference.requests));
    const titles = requests.map(({ title }) => title);
    assert.deepEqual(
      named.filter((title) => !titles.includes(title)),
      [],
    );
    assert.equal(new Set(named).size, named.length);
    assert.equal(new Set(titles).size, titles.length);
  });

  it('is the table of docs/conformance.md', async () => {
    const page = await readFile(resolve('docs/conformance.md'), 'utf8');
    const section = /^## Differences\n(.*?)^## /ms.exec(page)?.[1] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| '));
    const expected = differences.map(
      ({ server, theirs, published, source }) => `| ${server} | ${theirs} | ${published} | ${source} |`,
    );
    assert.deepEqual(rows.slice(1), expected);
  });
});

async function listByPages(site: RawSite): Promise<string[]> {
  const names: string[] = [];
  const first = `${site.contoso.vaultUri}secrets?api-version=7.4&maxresults=2`;
  for (let next: string | null = first; next !== null;) {
    const reply = await site.send(next, { headers: site.authorizations.valid });
    const page = reply.json as { value: { id: string }[]; nextLink: string | null };
    names.push(...page.value.map(({ id }) => id.split('/').at(-1) ?? ''));
    next = page.nextLink;
  }
  return names;
}
