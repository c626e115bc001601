import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import { createTunnelClient } from '../http/tunnel-client';
import type { TunnelClient } from '../http/tunnel-client';
import { addShopProfile } from './perimeter-fixture';

interface Denial {
  readonly error: { readonly message: string; readonly innererror: { readonly code: string } };
}

describe('a vault in a network security perimeter', () => {
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

  const list = (client: TunnelClient = site.client) =>
    client.send(`${site.contoso.vaultUri}secrets?api-version=7.4`, { headers: site.client.vaultToken });
  const verdict = async (): Promise<string> => {
    const reply = await list();
    return reply.status === 200 ? 'in' : (reply.json as Denial).error.innererror.code;
  };
  const rule = { direction: 'Inbound', addressPrefixes: ['20.1.2.3/32'] };

  const table: [publicNetworkAccess: string, mode: 'none' | 'Learning' | 'Enforced' | 'Audit', verdicts: string[]][] = [
    // Neither a rule of the vault nor one of the perimeter; the vault's; the perimeter's.
    ['Enabled', 'none', ['ForbiddenByFirewall', 'in', 'ForbiddenByFirewall']],
    ['Enabled', 'Learning', ['ForbiddenByFirewall', 'in', 'in']],
    ['Enabled', 'Audit', ['ForbiddenByFirewall', 'in', 'in']],
    ['Enabled', 'Enforced', ['ForbiddenByNsp', 'ForbiddenByNsp', 'in']],
    ['Disabled', 'none', ['ForbiddenByConnection', 'ForbiddenByConnection', 'ForbiddenByConnection']],
    ['Disabled', 'Learning', ['ForbiddenByNsp', 'ForbiddenByNsp', 'in']],
    ['Disabled', 'Enforced', ['ForbiddenByNsp', 'ForbiddenByNsp', 'in']],
    ['SecuredByPerimeter', 'none', ['ForbiddenByNsp', 'ForbiddenByNsp', 'ForbiddenByNsp']],
    ['SecuredByPerimeter', 'Learning', ['ForbiddenByNsp', 'ForbiddenByNsp', 'in']],
    ['SecuredByPerimeter', 'Enforced', ['ForbiddenByNsp', 'ForbiddenByNsp', 'in']],
  ];
  for (const [publicNetworkAccess, mode, verdicts] of table) {
    it(`${publicNetworkAccess}, association ${mode}: ${verdicts.join(', ')}`, async () => {
      const profileId = addShopProfile(site);
      const { vault } = site.contoso;
      const set = (ipRules: { value: string }[]) => {
        site.azure.changeVault(vault, { properties: { publicNetworkAccess, networkAcls: { ipRules } } });
      };
      if (mode !== 'none') site.azure.associate({ vault, profileId, accessMode: mode });
      const seen: string[] = [];
      set([]);
      seen.push(await verdict());
      set([{ value: '20.1.2.3' }]);
      seen.push(await verdict());
      set([]);
      site.azure.putAccessRule(profileId, 'office', rule);
      seen.push(await verdict());
      assert.deepEqual(seen, verdicts);
    });
  }

  it('names the client in both texts, and only the caller in that of the perimeter', async () => {
    const { vault } = site.contoso;
    const profileId = addShopProfile(site);
    site.azure.changeVault(vault, { properties: { networkAcls: { bypass: 'None' } } });
    site.azure.associate({ vault, profileId, accessMode: 'Learning' });
    const both = ((await list()).json as Denial).error.message.split('\r\n');
    assert.deepEqual(both.slice(0, 2), [
      'Request was not allowed by NSP rules and the client address is not authorized and caller was ignored because bypass is set to None',
      'Client address: 20.1.2.3',
    ]);
    site.azure.associate({ vault, profileId, accessMode: 'Enforced' });
    const alone = ((await list()).json as Denial).error.message;
    assert.match(alone, /^The request was forbidden by NSP policy\.\r\nCaller: appid=55555555-/);
    assert.doesNotMatch(alone, /Client address/);
    site.azure.dissociate(vault);
    assert.equal(await verdict(), 'ForbiddenByFirewall');
  });

  it('takes over a rule at each front end in its own time, after 14 minutes where it has to', async () => {
    const { vault } = site.contoso;
    const minutes = 60_000;
    const propagation = { frontEnds: 2, delay: (frontEnd: number) => (frontEnd === 0 ? 2 : 14) * minutes };
    const profileId = addShopProfile(site, { propagation });
    site.azure.associate({ vault, profileId, accessMode: 'Enforced' });
    const { proxyUrl } = await site.azure.connectFrom({ addresses: ['20.1.2.3'] });
    const clients = [0, 1].map(() => createTunnelClient({ proxyUrl, caFile: site.azure.caFile }));
    const statuses = async (): Promise<number[]> => {
      const seen: number[] = [];
      for (const client of clients) seen.push((await list(client)).status);
      return seen;
    };
    site.azure.putAccessRule(profileId, 'office', rule);
    const seen = [await statuses()];
    clock.time += 2 * minutes;
    seen.push(await statuses());
    clock.time += 12 * minutes;
    seen.push(await statuses());
    assert.deepEqual(seen, [
      [403, 403],
      [200, 403],
      [200, 200],
    ]);
    for (const client of clients) client.close();
  });

  it('lets a private endpoint in, and refuses a service endpoint even by a rule for every address', async () => {
    const { vault } = site.contoso;
    const profileId = addShopProfile(site);
    site.azure.associate({ vault, profileId, accessMode: 'Enforced' });
    site.azure.putAccessRule(profileId, 'all', { direction: 'Inbound', addressPrefixes: ['0.0.0.0/0'] });
    const statusBy = async (
      via: { kind: 'PrivateLink'; privateEndpoint: string } | { kind: 'Subnet'; subnet: string },
    ) => {
      const { proxyUrl } = await site.azure.connectFrom({ addresses: ['10.4.5.6'], via });
      const client = createTunnelClient({ proxyUrl, caFile: site.azure.caFile });
      const { status } = await list(client);
      client.close();
      return status;
    };
    assert.equal(await statusBy({ kind: 'PrivateLink', privateEndpoint: '/subscriptions/x/pe' }), 200);
    assert.equal(await statusBy({ kind: 'Subnet', subnet: '/subscriptions/x/subnets/build' }), 403);
  });
});
