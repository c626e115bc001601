import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import type { Reply } from '../http/tunnel-client';

const codeOf = ({ json }: Reply): string => (json as { error: { code: string } }).error.code;
const messageOf = ({ json }: Reply): string => (json as { error: { message: string } }).error.message;

describe('access to the simulated ARM', () => {
  const clock = { time: Date.UTC(2026, 0, 15, 12) };
  let site: ContosoSite;
  let keys: AzureKeys;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    const limits = { writes: { capacity: 3, refillPerSecond: 0.5 } };
    site = await openContoso({
      keys,
      clock: { now: () => clock.time, sleep: () => Promise.resolve() },
      armLimits: limits,
      armPageSize: 2,
    });
  });
  afterEach(() => site.stop());

  const get = (url: string, headers = site.client.armToken): Promise<Reply> => site.client.send(url, { headers });
  const write = (method = 'PATCH'): Promise<Reply> =>
    site.client.send(site.contoso.vaultUrl, { method, headers: site.client.armToken, json: { tags: { a: 'b' } } });
  const arm = (path: string): string => `https://management.azure.com${path}`;
  const inSubscription = (path: string): string => arm(`/subscriptions/${site.contoso.subscription.id}${path}`);
  const grantAll = (): void => {
    const { application, subscription } = site.contoso;
    site.azure.assignRole({
      objectId: application.objectId,
      scope: `/subscriptions/${subscription.id}`,
      actions: ['*'],
    });
  };

  it('gives every answer a request id and a correlation id', async () => {
    const { headers } = await get(site.contoso.vaultUrl);
    assert.match(headers['x-ms-request-id'] as string, /^[0-9a-f-]{36}$/);
    const id = '12121212-1212-4212-8212-121212121212';
    const correlated = await get(site.contoso.vaultUrl, { ...site.client.armToken, 'x-ms-correlation-request-id': id });
    assert.equal(correlated.headers['x-ms-correlation-request-id'], id);
  });

  it('compresses its answers for clients that take it', async () => {
    const { headers } = await get(site.contoso.vaultUrl, { ...site.client.armToken, 'accept-encoding': 'gzip' });
    assert.equal(headers['content-encoding'], 'gzip');
  });

  describe('refuses with 400', () => {
    for (const [what, query, code] of [
      ['no api-version', '', 'MissingApiVersionParameter'],
      ['an api-version of another service', '?api-version=7.4', 'InvalidApiVersionParameter'],
      ['an api-version of the future', '?api-version=2099-01-01', 'NoRegisteredProviderFound'],
    ]) {
      it(`${what}`, async () => {
        const reply = await get(site.contoso.vaultUrl.replace(/\?.*/, query!));
        assert.deepEqual([reply.status, codeOf(reply)], [400, code]);
      });
    }
  });

  describe('refuses with 401', () => {
    const cases: [string, string, () => Record<string, string>][] = [
      ['no token', 'AuthenticationFailed', () => ({})],
      ['a malformed token', 'InvalidAuthenticationToken', () => ({ authorization: 'Bearer x.y.z' })],
      ['a token for vaults', 'InvalidAuthenticationTokenAudience', () => ({ ...site.client.vaultToken })],
      [
        'a token with another signature',
        'InvalidAuthenticationToken',
        () => ({ authorization: `${site.client.armToken.authorization!.slice(0, -8)}AAAAAAAA` }),
      ],
    ];
    for (const [what, code, headers] of cases) {
      it(what, async () => {
        const reply = await get(site.contoso.vaultUrl, headers());
        assert.deepEqual([reply.status, codeOf(reply)], [401, code]);
        assert.match(
          reply.headers['www-authenticate']!,
          /^Bearer authorization_uri="https:\/\/login\.microsoftonline\.com\//,
        );
      });
    }

    it('a token after its time', async () => {
      clock.time += 3_599_000;
      assert.equal(codeOf(await get(site.contoso.vaultUrl)), 'ExpiredAuthenticationToken');
    });

    it('a token of another tenant, naming both', async () => {
      const tenant = site.azure.addTenant();
      const { id } = site.azure.addSubscription({ tenant });
      const reply = await get(arm(`/subscriptions/${id}?api-version=2022-12-01`));
      assert.deepEqual([reply.status, codeOf(reply)], [401, 'InvalidAuthenticationTokenTenant']);
      assert.ok(messageOf(reply).includes(tenant.id) && messageOf(reply).includes(site.contoso.tenant.id));
    });
  });

  describe('refuses with 403', () => {
    it('an action that no role assignment gives, naming action and scope', async () => {
      const url = site.contoso.vaultUrl.replace('contoso-kv', 'other-kv');
      const { application } = site.contoso;
      assert.deepEqual((await get(url)).json, {
        error: {
          code: 'AuthorizationFailed',
          message:
            `The client '${application.clientId}' with object id '${application.objectId}' does not have authorization to perform action ` +
            `'Microsoft.KeyVault/vaults/read' over scope '${new URL(url).pathname}' or the scope is invalid. ` +
            'If access was recently granted, please refresh your credentials.',
        },
      });
    });

    it('what was allowed until the role assignment went away', async () => {
      const { tenant, subscription } = site.contoso;
      const { id } = site.azure.addVault({ subscription, resourceGroup: 'shop', name: 'other-kv' });
      const undo = site.azure.assignRole({
        objectId: site.contoso.application.objectId,
        scope: id,
        actions: ['*/read'],
      });
      const url = site.contoso.vaultUrl.replace('contoso-kv', 'other-kv');
      assert.equal((await get(url)).status, 200, tenant.id);
      undo();
      assert.equal((await get(url)).status, 403);
    });

    it('what a deny policy matches', async () => {
      const scope = `/subscriptions/${site.contoso.subscription.id}`;
      site.azure.addPolicy({ name: 'no-tags', scope, effect: 'deny', matches: ({ tags }) => 'a' in tags });
      const reply = await write();
      assert.deepEqual([reply.status, codeOf(reply)], [403, 'RequestDisallowedByPolicy']);
      assert.match(messageOf(reply), /^Resource 'contoso-kv' was disallowed by policy\. .*no-tags/);
      assert.deepEqual(site.azure.vaultResource('contoso-kv').tags, {});
    });
  });

  it('refuses writes under a ReadOnly lock with 409 ScopeLocked, and lets reads through', async () => {
    const scope = `/subscriptions/${site.contoso.subscription.id}/resourceGroups/shop`;
    const unlock = site.azure.addLock({ scope, level: 'ReadOnly' });
    const reply = await write();
    assert.deepEqual([reply.status, codeOf(reply)], [409, 'ScopeLocked']);
    assert.ok(
      messageOf(reply).includes(`following scope(s) are locked: '${scope}'. Please remove the lock and try again.`),
    );
    assert.equal((await get(site.contoso.vaultUrl)).status, 200);
    unlock();
    assert.equal((await write()).status, 200);
  });

  it('refuses only the DELETE under a CanNotDelete lock', async () => {
    grantAll();
    site.azure.addLock({ scope: `/subscriptions/${site.contoso.subscription.id}`, level: 'CanNotDelete' });
    assert.equal((await write()).status, 200);
    assert.equal(codeOf(await write('DELETE')), 'ScopeLocked');
  });

  it('answers 404 for a subscription, a resource group and a vault that are not there', async () => {
    grantAll();
    const version = '?api-version=2026-02-01';
    const vaults = '/providers/Microsoft.KeyVault/vaults';
    const subscription = await get(arm(`/subscriptions/${site.contoso.job.planId}${vaults}${version}`));
    assert.deepEqual([subscription.status, codeOf(subscription)], [404, 'SubscriptionNotFound']);
    const group = await get(inSubscription(`/resourceGroups/none${vaults}/contoso-kv${version}`));
    assert.deepEqual([group.status, messageOf(group)], [404, "Resource group 'none' could not be found."]);
    const vault = await get(inSubscription(`/resourceGroups/SHOP${vaults}/none-kv${version}`));
    assert.deepEqual([vault.status, codeOf(vault)], [404, 'ResourceNotFound']);
    assert.equal(codeOf(await get(arm(`/subscriptions/mine${vaults}${version}`))), 'InvalidSubscriptionId');
  });

  it('counts writes, says how many are left, refuses the next with 429 and a time, and recovers', async () => {
    assert.equal((await write()).headers['x-ms-ratelimit-remaining-subscription-writes'], '2');
    await write();
    await write();
    const refused = await write();
    assert.deepEqual(
      [refused.status, codeOf(refused), refused.headers['retry-after']],
      [429, 'SubscriptionRequestsThrottled', '2'],
    );
    const { headers, status } = await get(site.contoso.vaultUrl);
    assert.deepEqual([status, headers['x-ms-ratelimit-remaining-subscription-reads']], [200, '249']);
    clock.time += 2000;
    assert.equal((await write()).status, 200);
  });

  describe('lists', () => {
    const namesOf = ({ json }: Reply): string[] =>
      (json as { value: { name: string }[] }).value.map(({ name }) => name);
    const readAll = async (url: string): Promise<string[][]> => {
      const pages: string[][] = [];
      for (let next: string | undefined = url; next !== undefined;) {
        const reply: Reply = await get(next);
        pages.push(namesOf(reply));
        next = (reply.json as { nextLink?: string }).nextLink;
      }
      return pages;
    };
    beforeEach(() => {
      const { subscription } = site.contoso;
      for (const name of ['a-kv', 'b-kv']) site.azure.addVault({ subscription, resourceGroup: 'shop', name });
      site.azure.addVault({ subscription, resourceGroup: 'bank', name: 'z-kv' });
    });

    it('the vaults of a subscription, page by page', async () => {
      grantAll();
      const url = inSubscription('/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01');
      assert.deepEqual(await readAll(url), [
        ['a-kv', 'b-kv'],
        ['contoso-kv', 'z-kv'],
      ]);
      assert.deepEqual(await readAll(`${url}&$top=3`), [['a-kv', 'b-kv', 'contoso-kv'], ['z-kv']]);
    });

    it('the vaults of a subscription as resources, also by name', async () => {
      grantAll();
      const filter = encodeURIComponent("resourceType eq 'Microsoft.KeyVault/vaults'");
      const url = inSubscription(`/resources?$filter=${filter}&api-version=2015-11-01`);
      assert.deepEqual(await readAll(url), [
        ['a-kv', 'b-kv'],
        ['contoso-kv', 'z-kv'],
      ]);
      const named = encodeURIComponent("resourceType eq 'Microsoft.KeyVault/vaults' and name eq 'Z-kv'");
      const reply = await get(inSubscription(`/resources?$filter=${named}&api-version=2015-11-01`));
      assert.deepEqual(Object.keys((reply.json as { value: object[] }).value[0]!), [
        'id',
        'name',
        'type',
        'location',
        'tags',
      ]);
    });

    it('the vaults of a resource group', async () => {
      grantAll();
      const url = inSubscription('/resourceGroups/Bank/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01');
      assert.deepEqual(await readAll(url), [['z-kv']]);
    });

    it('no managed HSMs, which the Azure CLI lists together with the vaults', async () => {
      const url = inSubscription('/providers/Microsoft.KeyVault/managedHSMs?api-version=2026-02-01');
      assert.deepEqual((await get(url)).json, { value: [] });
    });

    it('one subscription, to a caller that holds anything in it', async () => {
      const { json } = await get(inSubscription('?api-version=2022-12-01'));
      assert.equal((json as { displayName: string }).displayName, 'Contoso');
      const { id } = site.azure.addSubscription({ tenant: site.contoso.tenant });
      assert.equal(codeOf(await get(arm(`/subscriptions/${id}?api-version=2022-12-01`))), 'AuthorizationFailed');
    });

    it('only what the caller may read', async () => {
      const url = inSubscription('/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01');
      assert.deepEqual(await readAll(url), [['contoso-kv']]);
    });

    it('nothing to a caller that holds nothing in the subscription: 403', async () => {
      const { id } = site.azure.addSubscription({ tenant: site.contoso.tenant });
      const reply = await get(arm(`/subscriptions/${id}/providers/Microsoft.KeyVault/vaults?api-version=2026-02-01`));
      assert.deepEqual([reply.status, codeOf(reply)], [403, 'AuthorizationFailed']);
    });

    it('the subscriptions, tenants and resource groups that the caller sees', async () => {
      site.azure.addSubscription({ tenant: site.contoso.tenant });
      const { json } = await get(arm('/subscriptions?api-version=2022-12-01'));
      const ids = (json as { value: { subscriptionId: string }[] }).value.map(({ subscriptionId }) => subscriptionId);
      assert.deepEqual(ids, [site.contoso.subscription.id]);
      const tenants = (await get(arm('/tenants?api-version=2022-12-01'))).json as { value: { tenantId: string }[] };
      assert.deepEqual(
        tenants.value.map(({ tenantId }) => tenantId),
        [site.contoso.tenant.id],
      );
      grantAll();
      assert.deepEqual(namesOf(await get(inSubscription('/resourceGroups?api-version=2021-04-01'))), ['shop', 'bank']);
    });
  });

  it('serves vaults of other clouds at the addresses of those clouds only', async () => {
    const tenant = site.azure.addTenant({ cloud: 'AzureUSGovernment' });
    const { clientId, objectId } = site.azure.addApplication({ tenant, secrets: [{ value: 'not-a-real-password-4' }] });
    const subscription = site.azure.addSubscription({ tenant });
    const { id } = site.azure.addVault({ subscription, resourceGroup: 'navy', name: 'navy-kv' });
    site.azure.assignRole({ objectId, scope: id, actions: ['*'] });
    const scope = 'https://management.usgovcloudapi.net/.default';
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: 'not-a-real-password-4',
      scope,
    };
    const url = `https://login.microsoftonline.us/${tenant.id}/oauth2/v2.0/token`;
    const { access_token: token } = (await site.client.send(url, { method: 'POST', form })).json as {
      access_token: string;
    };
    const headers = { authorization: `Bearer ${token}` };
    const reply = await get(`https://management.usgovcloudapi.net${id}?api-version=2026-02-01`, headers);
    const { vaultUri } = (reply.json as { properties: { vaultUri: string } }).properties;
    assert.equal(vaultUri, 'https://navy-kv.vault.usgovcloudapi.net/');
    assert.equal((await site.client.send(`${vaultUri}healthstatus`)).status, 200);
    assert.equal(codeOf(await get(arm(`${id}?api-version=2026-02-01`))), 'SubscriptionNotFound');
  });
});
