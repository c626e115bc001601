import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import type { SimulatedRequest } from '../http/exchange';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import type { Reply } from '../http/tunnel-client';

describe("a vault's tags in the simulated ARM", () => {
  let keys: AzureKeys;
  let site: ContosoSite;
  let url: string;
  let revoke: () => void;
  let meanwhile: () => void;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    meanwhile = () => undefined;
    const sleep = (): Promise<void> => {
      meanwhile();
      return Promise.resolve();
    };
    const latency = ({ service }: SimulatedRequest): number => (service === 'arm' ? 1 : 0);
    site = await openContoso({ keys, clock: { now: Date.now, sleep }, latency });
    site.azure.changeVault('contoso-kv', { tags: { owner: 'shop', env: 'prod' } });
    const scope = new URL(site.contoso.vaultUrl).pathname;
    url = `https://management.azure.com${scope}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`;
    const { objectId } = site.contoso.application;
    const actions = ['read', 'write', 'delete'].map((verb) => `Microsoft.Resources/tags/${verb}`);
    revoke = site.azure.assignRole({ objectId, scope, actions });
  });
  afterEach(() => site.stop());

  const send = (method: string, json?: unknown): Promise<Reply> =>
    site.client.send(url, { method, headers: site.client.armToken, ...(json === undefined ? {} : { json }) });
  const put = (tags: unknown): Promise<Reply> => send('PUT', { properties: { tags } });
  const patch = (operation: string, tags: unknown): Promise<Reply> =>
    send('PATCH', { operation, properties: { tags } });
  const vault = (): Record<string, unknown> => site.azure.vaultResource('contoso-kv');
  const assertRefused = ({ status, json }: Reply, expectedStatus: number, code: string): void => {
    assert.deepEqual([status, (json as { error: { code: string } }).error.code], [expectedStatus, code]);
    assert.deepEqual(vault().tags, { owner: 'shop', env: 'prod' });
  };

  it('are a resource of their own', async () => {
    assert.deepEqual((await send('GET')).json, {
      id: new URL(url).pathname,
      name: 'default',
      type: 'Microsoft.Resources/tags',
      properties: { tags: { owner: 'shop', env: 'prod' } },
    });
  });

  for (const [title, write, expected] of [
    ['are replaced by a PUT', () => put({ env: 'test' }), { env: 'test' }],
    ['are replaced by a PATCH that says so', () => patch('Replace', { env: 'test' }), { env: 'test' }],
    [
      'are merged with those of a PATCH that says so, in any case',
      () => patch('merge', { env: 'test', cost: '7' }),
      { owner: 'shop', env: 'test', cost: '7' },
    ],
    ['are deleted by name, or by name and value', () => patch('Delete', { owner: '', env: 'prod' }), {}],
    [
      'are not deleted when the value is another',
      () => patch('Delete', { owner: 'shop', env: 'test' }),
      { env: 'prod' },
    ],
  ] as const) {
    it(title, async () => {
      const { properties } = vault();
      const reply = await write();
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual((reply.json as { properties: unknown }).properties, { tags: expected });
      assert.deepEqual(vault().tags, expected);
      assert.deepEqual(vault().properties, properties);
    });
  }

  it('are gone after a DELETE', async () => {
    assert.equal((await send('DELETE')).status, 200);
    assert.deepEqual(vault().tags, {});
  });

  it('show in the vault who changed them', async () => {
    await put({});
    const { lastModifiedBy } = vault().systemData as { lastModifiedBy: string };
    assert.equal(lastModifiedBy, site.contoso.application.clientId);
  });

  it('need a permission of their own: vaults/write is not enough', async () => {
    revoke();
    assertRefused(await put({}), 403, 'AuthorizationFailed');
  });

  it('are locked with the vault', async () => {
    site.azure.addLock({ scope: new URL(site.contoso.vaultUrl).pathname, level: 'ReadOnly' });
    assertRefused(await put({}), 409, 'ScopeLocked');
  });

  it('collide with whoever else writes the vault meanwhile', async () => {
    meanwhile = () => {
      site.azure.changeVault('contoso-kv', { tags: { env: 'of someone else' } });
    };
    const reply = await put({ env: 'ours' });
    assert.deepEqual([reply.status, vault().tags], [409, { env: 'of someone else' }]);
  });

  it('refuse an unknown operation, and malformed tags', async () => {
    assertRefused(await patch('Append', { env: 'test' }), 400, 'InvalidTagsOperation');
    assertRefused(await put(['env']), 400, 'InvalidRequestContent');
  });
});
