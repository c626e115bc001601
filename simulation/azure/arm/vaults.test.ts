import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import type { Reply } from '../http/tunnel-client';

interface Vault {
  tags: Record<string, string>;
  systemData: Record<string, string>;
  properties: Record<string, unknown> & { networkAcls?: Record<string, unknown> & { ipRules: { value: string }[] } };
}

describe('a vault in the simulated ARM', () => {
  const clock = { time: Date.UTC(2026, 0, 15, 12) };
  let site: ContosoSite;
  let keys: AzureKeys;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    site = await openContoso({ keys, clock: { now: () => clock.time, sleep: () => Promise.resolve() } });
  });
  afterEach(() => site.stop());

  const send = (method: string, json?: unknown, url = site.contoso.vaultUrl): Promise<Reply> => {
    const headers = site.client.armToken;
    return site.client.send(url, json === undefined ? { method, headers } : { method, headers, json });
  };
  const read = async (): Promise<Vault> => (await send('GET')).json as Vault;
  const patch = async (json: unknown): Promise<Vault> => {
    const reply = await send('PATCH', json);
    assert.equal(reply.status, 200, reply.text);
    return reply.json as Vault;
  };
  const setAcls = (networkAcls: unknown): Promise<Vault> => patch({ properties: { networkAcls } });
  const assertRefused = (reply: Reply, status: number, code: string, message: RegExp): void => {
    const { error } = reply.json as { error: { code: string; message: string } };
    assert.deepEqual([reply.status, error.code], [status, code]);
    assert.match(error.message, message);
  };

  it('is shown the way the test can also read it', async () => {
    assert.deepEqual(await read(), site.azure.vaultResource('contoso-kv'));
  });

  it('answers a PATCH with the whole resource, as GET shows it next', async () => {
    assert.deepEqual(await setAcls({ ipRules: [{ value: '20.1.2.3/32' }] }), await read());
  });

  it('keeps the properties that a PATCH leaves out', async () => {
    const before = await read();
    const { properties } = await patch({ properties: { enabledForDeployment: true } });
    assert.deepEqual(properties, { ...before.properties, enabledForDeployment: true });
  });

  it('keeps the members of networkAcls that a PATCH leaves out', async () => {
    await setAcls({ bypass: 'None', ipRules: [{ value: '20.9.9.9' }], serviceTags: ['Sql'] });
    const { properties } = await setAcls({
      virtualNetworkRules: [{ id: '/Subscriptions/A/Subnets/B', ignoreMissingVnetServiceEndpoint: true }],
    });
    assert.deepEqual(properties.networkAcls, {
      bypass: 'None',
      defaultAction: 'Deny',
      ipRules: [{ value: '20.9.9.9/32' }],
      virtualNetworkRules: [{ id: '/subscriptions/a/subnets/b', ignoreMissingVnetServiceEndpoint: true }],
      serviceTags: ['Sql'],
    });
  });

  it('replaces an array as a whole', async () => {
    await setAcls({ ipRules: [{ value: '20.1.1.1' }, { value: '20.1.1.2' }] });
    const { properties } = await setAcls({ ipRules: [{ value: '20.1.1.3' }] });
    assert.deepEqual(properties.networkAcls?.ipRules, [{ value: '20.1.1.3/32' }]);
  });

  it('writes /32 behind a bare address, keeps ranges, and keeps duplicates', async () => {
    const { properties } = await setAcls({
      ipRules: [{ value: '20.1.2.3' }, { value: '20.1.2.3/32' }, { value: '20.2.0.0/16' }],
    });
    const values = properties.networkAcls?.ipRules.map(({ value }) => value);
    assert.deepEqual(values, ['20.1.2.3/32', '20.1.2.3/32', '20.2.0.0/16']);
  });

  it('shows no networkAcls while everything is allowed and there is no rule', async () => {
    const { properties } = await setAcls({ defaultAction: 'Allow' });
    assert.ok(!('networkAcls' in properties));
    assert.ok('networkAcls' in (await setAcls({ ipRules: [{ value: '20.1.1.1' }] })).properties);
  });

  it('forgets the rules when networkAcls is null', async () => {
    await setAcls({ ipRules: [{ value: '20.1.1.1' }] });
    assert.ok(!('networkAcls' in (await setAcls(null)).properties));
  });

  it('replaces all tags when there are any in the PATCH, and keeps them when there are none', async () => {
    await patch({ tags: { team: 'shop', env: 'prod' } });
    assert.deepEqual((await setAcls({})).tags, { team: 'shop', env: 'prod' });
    assert.deepEqual((await patch({ tags: { env: 'test' } })).tags, { env: 'test' });
  });

  it('changes lastModifiedAt and lastModifiedBy with every write, even within a millisecond', async () => {
    const first = (await patch({})).systemData;
    const second = (await patch({})).systemData;
    assert.equal(second.lastModifiedBy, site.contoso.application.clientId);
    assert.equal(Date.parse(second.lastModifiedAt!) - Date.parse(first.lastModifiedAt!), 1);
    assert.equal(second.createdAt, first.createdAt);
  });

  it('refuses to change the location of a vault', async () => {
    const { properties } = await patch({ properties: { vaultUri: 'https://elsewhere.example/' } });
    assert.equal(properties.vaultUri, 'https://contoso-kv.vault.azure.net/');
  });

  for (const [value, message] of [
    [
      '172.20.10.5',
      'Invalid value found at properties.networkAcls.ipRules[0].value: 172.20.10.5/32 belongs to forbidden range 172.16.0.0–172.31.255.255 (private IP addresses)',
    ],
    [
      '10.1.0.0/16',
      'Invalid value found at properties.networkAcls.ipRules[0].value: 10.1.0.0/16 belongs to forbidden range 10.0.0.0–10.255.255.255 (private IP addresses)',
    ],
    ['2001:db8::1', 'Invalid value found at properties.networkAcls.ipRules[0].value: 2001:db8::1'],
    ['20.1.2', 'Invalid value found at properties.networkAcls.ipRules[0].value: 20.1.2'],
  ] as const) {
    it(`refuses the rule ${value}`, async () => {
      const reply = await send('PATCH', { properties: { networkAcls: { ipRules: [{ value }] } } });
      assert.equal(reply.status, 400);
      assert.deepEqual(reply.json, { error: { code: 'BadRequest', message } });
    });
  }

  it('accepts 1000 rules and refuses 1001', async () => {
    const rules = Array.from({ length: 1001 }, (_, index) => ({ value: `20.${index >> 8}.${index & 255}.1` }));
    await setAcls({ ipRules: rules.slice(1) });
    const reply = await send('PATCH', { properties: { networkAcls: { ipRules: rules } } });
    assertRefused(reply, 400, 'BadRequest', /exceeds the maximum of 1000/);
  });

  it('accepts 50 tags and refuses 51, long values and reserved names', async () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`tag${index}`, 'x'.repeat(256)]));
    await patch({ tags });
    assertRefused(await send('PATCH', { tags: { ...tags, more: '' } }), 400, 'TooManyTags', /51 tags/);
    assertRefused(await send('PATCH', { tags: { a: 'x'.repeat(257) } }), 400, 'TagValueTooLarge', /'256' characters/);
    assertRefused(await send('PATCH', { tags: { azureThing: '' } }), 400, 'ReservedTagName', /'azureThing'/);
    assertRefused(await send('PATCH', { tags: { 'a/b': '' } }), 400, 'InvalidTagNameCharacters', /'a\/b'/);
  });

  it('refuses members that differ in case only', async () => {
    const reply = await send('PATCH', { properties: { networkAcls: { ipRules: [], IpRules: [] } } });
    assertRefused(reply, 409, 'AmbiguousPolicyEvaluationPaths', /ambiguous paths: 'properties\.networkAcls\.IpRules'/);
  });

  it('refuses what is no JSON object, and what does not say that it is JSON', async () => {
    assertRefused(await send('PATCH', ['x']), 400, 'InvalidRequestContent', /could not be deserialized/);
    const form = await site.client.send(site.contoso.vaultUrl, {
      method: 'PATCH',
      headers: site.client.armToken,
      form: { a: 'b' },
    });
    assertRefused(form, 415, 'UnsupportedMediaType', /Only 'application\/json'/);
  });

  it('refuses a truncated body, malformed tags, and more than 200 subnets', async () => {
    const headers = { ...site.client.armToken, 'content-type': 'application/json' };
    const cut = await site.client.send(site.contoso.vaultUrl, { method: 'PATCH', headers, form: { tags: '' } });
    assertRefused(cut, 400, 'InvalidRequestContent', /could not be deserialized: 'tags='/);
    assertRefused(await send('PATCH', { tags: 'x' }), 400, 'InvalidRequestContent', /not "x"/);
    assertRefused(await send('PATCH', { tags: { a: 1 } }), 400, 'InvalidRequestContent', /value of tag 'a'/);
    const virtualNetworkRules = Array.from({ length: 201 }, (_, index) => ({ id: `/subnets/${index}` }));
    const crowded = await send('PATCH', { properties: { networkAcls: { virtualNetworkRules } } });
    assertRefused(crowded, 400, 'BadRequest', /virtual network rules exceeds 200/);
    assertRefused(await send('PATCH', { properties: 'x' }), 400, 'BadRequest', /'properties' has to be an object/);
  });

  it('changes nothing when it refuses', async () => {
    const before = site.azure.vaultResource('contoso-kv');
    await send('PATCH', { tags: { good: 'x' }, properties: { networkAcls: { ipRules: [{ value: '10.0.0.1' }] } } });
    assert.deepEqual(site.azure.vaultResource('contoso-kv'), before);
  });

  describe('when writes overlap', () => {
    it('lets the first of two PATCHes through and answers 409 ConflictError to the other', async () => {
      const begun: (() => void)[] = [];
      const sleep = (): Promise<void> =>
        new Promise((resolve) => {
          if (begun.push(resolve) === 2) for (const proceed of begun) proceed();
        });
      const latency = ({ method }: { method: string }): number => (method === 'PATCH' ? 1 : 0);
      const { contoso, client, stop } = await openContoso({ keys, clock: { now: Date.now, sleep }, latency });
      const write = (from: string): Promise<Reply> =>
        client.send(contoso.vaultUrl, { method: 'PATCH', headers: client.armToken, json: { tags: { from } } });
      const replies = await Promise.all([write('a'), write('b')]);
      assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409]);
      const refused = replies.find(({ status }) => status === 409)!;
      assertRefused(refused, 409, 'ConflictError', /the Key Vault '' changed from the point the operation began/);
      await stop();
    });

    it('loses one of two changes that were made from the same GET, one after the other', async () => {
      await setAcls({ ipRules: [{ value: '20.1.1.1' }] });
      await setAcls({ ipRules: [{ value: '20.1.1.2' }] });
      assert.deepEqual((await read()).properties.networkAcls?.ipRules, [{ value: '20.1.1.2/32' }]);
    });
  });

  describe('PUT', () => {
    const minimal = (changes = {}): Record<string, unknown> => ({
      location: 'westeurope',
      properties: { tenantId: site.contoso.tenant.id, sku: { family: 'A', name: 'standard' }, ...changes },
    });

    it('replaces the whole vault: what it leaves out goes back to the default', async () => {
      await patch({ tags: { team: 'shop' }, properties: { enabledForDeployment: true } });
      const { tags, properties } = (await send('PUT', minimal())).json as Vault;
      assert.deepEqual(tags, {});
      assert.equal(properties.enabledForDeployment, false);
      assert.ok(!('networkAcls' in properties));
      assert.equal(properties.enableRbacAuthorization, true);
      assert.equal(properties.vaultUri, 'https://contoso-kv.vault.azure.net/');
    });

    it('makes a vault that was not there, which then answers at its own address', async () => {
      const url = site.contoso.vaultUrl.replace('contoso-kv', 'contoso-new');
      const scope = new URL(url).pathname;
      site.azure.assignRole({ objectId: site.contoso.application.objectId, scope, actions: ['*'] });
      assert.equal((await send('PUT', minimal(), url)).status, 200);
      assert.equal((await site.client.send('https://contoso-new.vault.azure.net/healthstatus')).status, 200);
    });

    it('does not make a vault whose name is taken in another resource group', async () => {
      const { subscription, application } = site.contoso;
      site.azure.addVault({ subscription, resourceGroup: 'bank', name: 'bank-kv' });
      const scope = `/subscriptions/${subscription.id}`;
      site.azure.assignRole({ objectId: application.objectId, scope, actions: ['*'] });
      const reply = await send('PUT', minimal(), site.contoso.vaultUrl.replace('contoso-kv', 'bank-kv'));
      assertRefused(reply, 409, 'VaultAlreadyExists', /'bank-kv' is already in use/);
    });

    it('says which member is missing', async () => {
      assertRefused(await send('PUT', minimal({ sku: undefined })), 400, 'BadRequest', /'properties\.sku' is missing/);
      assertRefused(
        await send('PUT', { ...minimal(), location: undefined }),
        400,
        'BadRequest',
        /'location' is missing/,
      );
    });
  });

  it('is gone after DELETE: 404 from ARM, unknown to DNS', async () => {
    const { objectId } = site.contoso.application;
    site.azure.assignRole({
      objectId,
      scope: `/subscriptions/${site.contoso.subscription.id}`,
      actions: ['Microsoft.KeyVault/*'],
    });
    assert.equal((await send('DELETE')).status, 200);
    assertRefused(
      await send('GET'),
      404,
      'ResourceNotFound',
      /'Microsoft\.KeyVault\/vaults\/contoso-kv' under resource group 'shop' was not found/,
    );
    await assert.rejects(site.client.send(site.contoso.vaultUri), /with 502/);
    assert.equal((await send('DELETE')).status, 204);
  });
});
