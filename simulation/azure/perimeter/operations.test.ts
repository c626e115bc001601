import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import { createTunnelClient } from '../http/tunnel-client';
import type { Reply } from '../http/tunnel-client';
import { loadPublishedApi } from '../published/published-api';
import { addShopProfile } from './perimeter-fixture';

const codeOf = ({ json }: Reply): string => (json as { error: { code: string } }).error.code;

describe('access rules in the simulated ARM', () => {
  let site: ContosoSite;
  let keys: AzureKeys;
  let profileId: string;
  /** Writes that are under way, and who goes on when there are two. */
  const overlap: (() => void)[] = [];
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    const sleep = () =>
      new Promise<void>((resolve) => {
        overlap.push(resolve);
        if (overlap.length === 2) for (const goOn of overlap) goOn();
      });
    const latency = ({ path }: { path: string }): number => (path.endsWith('/together') ? 1 : 0);
    site = await openContoso({ keys, armPageSize: 2, clock: { now: Date.now, sleep }, latency });
    profileId = addShopProfile(site);
  });
  afterEach(() => site.stop());

  const send = (method: string, id: string, json?: unknown, version = '2025-05-01'): Promise<Reply> => {
    const headers = site.client.armToken;
    const url = `https://management.azure.com${id}?api-version=${version}`;
    return site.client.send(url, json === undefined ? { method, headers } : { method, headers, json });
  };
  const put = (name: string, addressPrefixes: readonly unknown[], more: object = {}): Promise<Reply> =>
    send('PUT', `${profileId}/accessRules/${name}`, { properties: { direction: 'Inbound', addressPrefixes, ...more } });
  const remove = (name: string): Promise<Reply> => send('DELETE', `${profileId}/accessRules/${name}`);
  const administer = (): void => {
    const { application, subscription } = site.contoso;
    site.azure.assignRole({
      objectId: application.objectId,
      scope: `/subscriptions/${subscription.id}`,
      actions: ['*'],
    });
  };
  const configurations = (version: string): Promise<Reply> => {
    const id = new URL(site.contoso.vaultUrl).pathname;
    return send('GET', `${id}/networkSecurityPerimeterConfigurations`, undefined, version);
  };

  it('are made with 201, replaced with 200, shown, removed with 200 and then with 204', async () => {
    const made = await put('agent', ['20.1.2.3/32']);
    assert.equal(made.status, 201);
    assert.deepEqual((made.json as { properties: unknown }).properties, {
      provisioningState: 'Succeeded',
      direction: 'Inbound',
      addressPrefixes: ['20.1.2.3/32'],
    });
    assert.equal((await put('AGENT', ['20.1.2.4/32'])).status, 200);
    assert.deepEqual(site.azure.accessRules(profileId), { agent: ['20.1.2.4/32'] });
    assert.equal((await send('GET', `${profileId}/accessRules/agent`)).status, 200);
    assert.equal((await remove('agent')).status, 200);
    assert.equal((await remove('agent')).status, 204);
    assert.deepEqual([codeOf(await send('GET', `${profileId}/accessRules/agent`))], ['ResourceNotFound']);
  });

  it('are listed page by page', async () => {
    for (const name of ['a', 'b', 'c']) await put(name, ['20.1.2.3/32']);
    const page = (await send('GET', `${profileId}/accessRules`)).json as {
      value: { name: string }[];
      nextLink: string;
    };
    const last = (await site.client.send(page.nextLink, { headers: site.client.armToken })).json as typeof page;
    assert.deepEqual(
      [page, last].map(({ value }) => value.map(({ name }) => name)),
      [['a', 'b'], ['c']],
    );
    assert.equal(last.nextLink, undefined);
  });

  it('refuse what is none', async () => {
    const wrong = [
      put('a'.repeat(81), ['20.1.2.3/32']),
      put('-agent', ['20.1.2.3/32']),
      put('agent', ['20.1.2.3']),
      put('agent', ['20.1.2.3/32', '2001:db8::/32']),
      put('agent', ['20.1.2.3/32'], { subscriptions: [{ id: '/subscriptions/x' }] }),
      put('agent', []),
      put('agent', ['20.1.2.3/32'], { direction: 'Sideways' }),
    ];
    assert.deepEqual(
      (await Promise.all(wrong)).map(({ status }) => status),
      wrong.map(() => 400),
    );
    assert.deepEqual(site.azure.accessRules(profileId), {});
  });

  it('are 200 elements in a profile at most, whichever rules have them', async () => {
    const prefixes = Array.from({ length: 198 }, (_, index) => `20.9.${index}.0/24`);
    site.azure.putAccessRule(profileId, 'offices', { direction: 'Inbound', addressPrefixes: prefixes });
    assert.equal((await put('agent', ['20.1.2.3/32', '20.1.2.4/32'])).status, 201);
    assert.equal((await put('other', ['20.1.2.5/32'])).status, 400);
    assert.equal((await put('agent', ['20.1.2.3/32'])).status, 200);
    assert.equal((await put('other', ['20.1.2.5/32'])).status, 201);
  });

  it('need an action each, and nothing of the vault', async () => {
    site.contoso.revokeRole();
    assert.equal((await put('agent', ['20.1.2.3/32'])).status, 201);
    assert.equal((await remove('agent')).status, 200);
    assert.equal((await send('GET', `${profileId}/accessRules`)).status, 200);
    assert.equal(codeOf(await send('GET', profileId)), 'AuthorizationFailed');
    assert.equal(
      codeOf(await send('GET', profileId.replace('/profiles/shop', '/resourceAssociations'))),
      'AuthorizationFailed',
    );
  });

  it('are kept from being written or removed by locks and policies', async () => {
    administer();
    const scope = profileId.replace(/\/providers.*/, '');
    await put('old', ['20.1.2.3/32']);
    const unlock = site.azure.addLock({ scope, level: 'CanNotDelete' });
    assert.equal((await put('agent', ['20.1.2.3/32'])).status, 201);
    assert.equal(codeOf(await remove('old')), 'ScopeLocked');
    unlock();
    const unlockAll = site.azure.addLock({ scope, level: 'ReadOnly' });
    assert.equal(codeOf(await put('agent', ['20.1.2.3/32'])), 'ScopeLocked');
    unlockAll();
    const matches = ({ name }: { name: string }): boolean => name !== 'named-so';
    site.azure.addPolicy({ name: 'names', scope, effect: 'denyAccessRule', matches });
    assert.equal(codeOf(await put('agent', ['20.1.2.3/32'])), 'RequestDisallowedByPolicy');
    assert.equal((await put('named-so', ['20.1.2.3/32'])).status, 201);
    assert.equal((await remove('named-so')).status, 200);
  });

  it('may refuse writes that overlap in a profile, where it is set so', async () => {
    profileId = addShopProfile(site, { profile: 'strict', refusesOverlap: true });
    const { proxyUrl } = await site.azure.connectFrom({ addresses: ['20.1.2.4'] });
    const other = createTunnelClient({ proxyUrl, caFile: site.azure.caFile });
    const url = `https://management.azure.com${profileId}/accessRules/together?api-version=2025-05-01`;
    const json = { properties: { direction: 'Inbound', addressPrefixes: ['20.1.2.4/32'] } };
    const replies = await Promise.all([
      put('together', ['20.1.2.3/32']),
      other.send(url, { method: 'PUT', headers: site.client.armToken, json }),
    ]);
    other.close();
    assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409]);
  });

  it('are shown by the vault with its association, in the versions that have it', async () => {
    administer();
    const { vault } = site.contoso;
    assert.deepEqual((await configurations('2026-04-01-preview')).json, { value: [] });
    site.azure.associate({ vault, profileId, accessMode: 'Learning', hasProvisioningIssues: true });
    await put('agent', ['20.1.2.3/32']);
    const { value } = (await configurations('2026-04-01-preview')).json as { value: { properties: Shown }[] };
    const { networkSecurityPerimeter, profile, resourceAssociation, provisioningIssues } = value[0]!.properties;
    assert.equal(`${networkSecurityPerimeter.id}/profiles/${profile.name}`, profileId);
    assert.deepEqual(resourceAssociation, { name: 'contoso-kv-association', accessMode: 'Learning' });
    assert.deepEqual(
      profile.accessRules.map(({ name }) => name),
      ['agent'],
    );
    assert.equal(provisioningIssues.length, 1);
    assert.equal(codeOf(await configurations('2026-02-01')), 'NoRegisteredProviderFound');
    site.azure.offerConfigurations([]);
    assert.equal(codeOf(await configurations('2026-04-01-preview')), 'NoRegisteredProviderFound');
  });

  const published = loadPublishedApi();
  if (published === undefined) {
    console.warn('Skipped: the published types of perimeters are not next to this repository.');
    return;
  }
  it('are as published, in requests and answers', async () => {
    administer();
    const { vault } = site.contoso;
    site.azure.associate({ vault, profileId, accessMode: 'Audit', hasProvisioningIssues: true });
    await put('agent', ['20.1.2.3/32']);
    for (const id of [
      profileId,
      `${profileId}/accessRules`,
      `${profileId}/accessRules/agent`,
      profileId.replace('/profiles/shop', '/resourceAssociations'),
    ]) {
      assert.equal((await send('GET', id)).status, 200);
    }
    await remove('agent');
    const entries = site.azure.journal.filter(({ path }) => path.includes('networkSecurityPerimeters'));
    assert.equal(entries.length, 6);
    assert.deepEqual(
      entries.flatMap((entry) => published.conformanceProblems(entry)),
      [],
    );
    const spoiled = { ...entries[0]!, body: JSON.stringify({ properties: { prefixes: [] } }) };
    assert.match(published.conformanceProblems(spoiled).join(), /"prefixes"/);
  });
});

interface Shown {
  readonly networkSecurityPerimeter: { readonly id: string };
  readonly resourceAssociation: object;
  readonly profile: { readonly name: string; readonly accessRules: readonly { readonly name: string }[] };
  readonly provisioningIssues: readonly unknown[];
}
