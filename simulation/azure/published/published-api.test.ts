import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import type { JournalEntry } from '../http/journal';
import { loadPublishedApi } from './published-api';
import type { PublishedApi } from './published-api';

const published = loadPublishedApi();
if (published === undefined) {
  console.warn(
    'Skipped: the published API descriptions are not next to this repository, so nothing is compared with them.',
  );
} else {
  describe('the simulated Azure and the API that Azure publishes', () => {
    holdAgainst(published);
  });
}

function holdAgainst(api: PublishedApi): void {
  let site: ContosoSite;
  before(async () => {
    site = await openContoso({ armPageSize: 1 });
    await visitEverything(site);
  });
  after(() => site.stop());

  const problemsWhere = (matches: (entry: JournalEntry) => boolean): string[] =>
    site.azure.journal.filter(matches).flatMap((entry) => api.conformanceProblems(entry));
  const sample = (matches: (entry: JournalEntry) => boolean): JournalEntry => site.azure.journal.find(matches)!;
  const isPatch = ({ method, status }: JournalEntry): boolean => method === 'PATCH' && status === 200;
  const isBundle = ({ path, status }: JournalEntry): boolean => path === '/secrets/tls' && status === 200;

  for (const service of ['vault', 'arm']) {
    it(`agree on every exchange with ${service === 'vault' ? 'a vault' : 'ARM'}`, () => {
      const statuses = site.azure.journal.filter((entry) => entry.service === service).map(({ status }) => status);
      const expected = service === 'vault' ? [200, 400, 401, 403, 404] : [200, 400, 401, 403, 404, 409];
      assert.deepEqual([...new Set(statuses)].sort(), expected);
      assert.deepEqual(
        problemsWhere((entry) => entry.service === service),
        [],
      );
    });
  }

  const spoiled: [string, () => JournalEntry, RegExp][] = [
    [
      'a member of a request that does not exist',
      () => ({ ...sample(isPatch), body: '{"properties":{"networkAcl":{}}}' }),
      /the request's body: \/properties .*networkAcl"/,
    ],
    [
      'a value of a request that is not allowed',
      () => ({ ...sample(isPatch), body: '{"properties":{"networkAcls":{"bypass":"All"}}}' }),
      /\/properties\/networkAcls\/bypass must be equal/,
    ],
    ['a request without a body', () => ({ ...sample(isPatch), body: '' }), /the request's body: \/ must be object/],
    ['a body where there is none', () => ({ ...sample(isBundle), body: '{}' }), /the request has a body/],
    ['a query without api-version', () => ({ ...sample(isBundle), query: {} }), /the query lacks api-version/],
    [
      'a query with something else',
      () => ({ ...sample(isBundle), query: { 'api-version': '7.4', top: '1' } }),
      /the query has top, which is not described/,
    ],
    [
      'a number that is out of range',
      () => ({ ...sample(({ path }) => path === '/secrets'), query: { 'api-version': '7.4', maxresults: '99' } }),
      /maxresults is 99/,
    ],
    [
      'an operation that does not exist',
      () => ({ ...sample(isBundle), path: '/passwords' }),
      /GET \/passwords is no published operation/,
    ],
    [
      'an answer of the wrong type',
      () => ({ ...sample(isBundle), answer: '{"attributes":{"enabled":"yes"}}' }),
      /\/attributes\/enabled must be boolean/,
    ],
    [
      'an answer with a member that does not exist',
      () => ({ ...sample(isBundle), answer: '{"secret":"x"}' }),
      /"secret"/,
    ],
    [
      'an answer that is no JSON',
      () => ({ ...sample(isBundle), answer: '<html>' }),
      /the answer's body: \/ must be object/,
    ],
    [
      'a value that only the type of the resource refuses',
      () => {
        const entry = sample(isPatch);
        return { ...entry, answer: entry.answer.replace(/"tenantId":"[^"]+"/, '"tenantId":"contoso"') };
      },
      /the answer, by the resource type: \/properties\/tenantId must match pattern/,
    ],
    [
      'a resource of a perimeter that is not of the type that Azure publishes',
      () => {
        const perimeter = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityPerimeters/p';
        const path = `${perimeter}/profiles/x/accessRules/r`;
        const body = '{"properties":{"direction":"Inbound","addressPrefix":["20.1.2.3/32"]}}';
        return { ...sample(isPatch), method: 'PUT', path, query: { 'api-version': '2025-05-01' }, body, answer: '' };
      },
      /the request, by the resource type: \/properties .*addressPrefix"/,
    ],
    ['a status that does not exist', () => ({ ...sample(isBundle), status: 206 }), /status is 206/],
  ];
  for (const [what, spoil, problem] of spoiled) {
    it(`disagree on ${what}`, () => {
      assert.match(api.conformanceProblems(spoil()).join('\n'), problem);
    });
  }
}

/** Every operation and every kind of answer that the simulation has. */
async function visitEverything({ azure, contoso, client }: ContosoSite): Promise<void> {
  const { vaultUri, vaultUrl, subscription, application, vault } = contoso;
  const certificate = {
    contentType: 'application/x-pkcs12',
    pem: 'not-a-real-pem',
    managed: true,
    kid: `${vaultUri}keys/tls`,
  };
  azure.setSecret(vault, { name: 'tls', value: 'x', ...certificate, tags: { a: 'b' }, notBefore: 1000, expires: 2000 });
  azure.setSecret(vault, { name: 'tls', value: 'y', ...certificate });
  azure.setSecret(vault, { name: 'off', value: 'x', enabled: false });
  azure.assignRole({ objectId: application.objectId, scope: `/subscriptions/${subscription.id}`, actions: ['*'] });
  azure.addVault({ subscription, resourceGroup: 'bank', name: 'bank-kv', tags: { a: 'b' } });
  const data = (path: string, headers = client.vaultToken) => client.send(`${vaultUri}${path}`, { headers });
  const arm = (method: string, url: string, json?: unknown, headers = client.armToken) =>
    client.send(url, json === undefined ? { method, headers } : { method, headers, json });
  const list = `https://management.azure.com/subscriptions/${subscription.id}`;

  await data('secrets?api-version=7.4', {});
  await data('secrets?api-version=7.4');
  await data('healthstatus');
  const networkAcls = {
    bypass: 'None',
    defaultAction: 'Deny',
    ipRules: [{ value: '20.1.2.3' }],
    virtualNetworkRules: [{ id: '/x' }],
  };
  await arm('PATCH', vaultUrl, { tags: { lease: 'x' }, properties: { networkAcls, publicNetworkAccess: 'Enabled' } });
  for (const path of [
    'secrets?api-version=7.4&maxresults=1',
    'secrets/tls?api-version=7.4',
    'secrets/tls/versions?api-version=7.4',
  ])
    await data(path);
  await data('secrets/tls?api-version=2025-07-01&outContentType=application/x-pem-file');
  for (const path of ['secrets/off/?api-version=7.4', 'secrets/none?api-version=7.4', 'secrets/a_b?api-version=7.4'])
    await data(path);
  const firstPage = (await data('secrets?api-version=7.4&maxresults=1')).json as { nextLink: string };
  await client.send(firstPage.nextLink, { headers: client.vaultToken });

  await arm('GET', vaultUrl);
  await arm('GET', vaultUrl, undefined, {});
  await arm('GET', vaultUrl.replace(contoso.vault, 'none-kv'));
  await arm('PATCH', vaultUrl, { properties: { networkAcls: { ipRules: [{ value: '10.0.0.1' }] } } });
  const filter = encodeURIComponent("resourceType eq 'Microsoft.KeyVault/vaults'");
  for (const path of [
    '/providers/Microsoft.KeyVault/vaults?',
    `/resources?$filter=${filter}&`,
    '/resourceGroups/bank/providers/Microsoft.KeyVault/vaults?',
  ]) {
    const page = (await arm('GET', `${list}${path}api-version=2026-02-01`)).json as { nextLink?: string };
    if (page.nextLink !== undefined) await arm('GET', page.nextLink);
  }
  await arm('GET', 'https://management.azure.com/subscriptions?api-version=2022-12-01');
  const unlock = azure.addLock({ scope: list.slice('https://management.azure.com'.length), level: 'ReadOnly' });
  await arm('PATCH', vaultUrl, { tags: {} });
  unlock();
  azure.addPolicy({ name: 'deny', scope: '/', effect: 'deny', matches: ({ name }) => name === vault });
  await arm('PATCH', vaultUrl, { tags: {} });
  const bank = vaultUrl.replace('shop', 'bank').replace(vault, 'bank-kv');
  const properties = { tenantId: contoso.tenant.id, sku: { family: 'A', name: 'standard' }, accessPolicies: [] };
  await arm('PUT', bank, { location: 'westeurope', properties });
  await arm('DELETE', bank);
}
