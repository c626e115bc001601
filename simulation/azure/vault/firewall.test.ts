import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import { createTunnelClient } from '../http/tunnel-client';
import type { Reply, TunnelClient } from '../http/tunnel-client';

interface Denial {
  error: { code: string; message: string; innererror: { code: string } };
}

describe('the firewall of a simulated vault', () => {
  const clock = { time: Date.UTC(2026, 0, 15, 12) };
  let keys: AzureKeys;
  let site: ContosoSite;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    site = await openContoso({ keys, clock: { now: () => clock.time, sleep: () => Promise.resolve() } });
  });
  afterEach(() => site.stop());

  const list = (client: TunnelClient = site.client, headers = site.client.vaultToken): Promise<Reply> =>
    client.send(`${site.contoso.vaultUri}secrets?api-version=7.4`, { headers });
  const set = (properties: Record<string, unknown>): void => {
    site.azure.changeVault('contoso-kv', { properties });
  };
  const linesOf = (reply: Reply): string[] => (reply.json as Denial).error.message.split('\r\n');
  const innerOf = (reply: Reply): string => (reply.json as Denial).error.innererror.code;
  const caller =
    'Caller: appid=55555555-5555-4555-8555-555555555555;oid=66666666-6666-4666-8666-666666666666;iss=https://sts.windows.net/11111111-1111-4111-8111-111111111111/';
  const vault = 'Vault: contoso-kv;location=westeurope';

  it('accepts an address that a rule names, or whose range a rule names', async () => {
    for (const value of ['20.1.2.3', '20.1.0.0/16']) {
      set({ networkAcls: { ipRules: [{ value }] } });
      assert.equal((await list()).status, 200, value);
    }
    set({ networkAcls: { ipRules: [{ value: '20.1.2.4' }] } });
    assert.equal((await list()).status, 403);
  });

  it('accepts every address while the default action is Allow', async () => {
    set({ networkAcls: { defaultAction: 'Allow' } });
    assert.equal((await list()).status, 200);
  });

  const address = 'Client address: 20.1.2.3';
  const perimeterDenial = 'The request was forbidden by NSP policy.';
  const denials: [string, Record<string, unknown>, string, string[]][] = [
    [
      'Deny',
      {},
      'ForbiddenByFirewall',
      ['Client address is not authorized and caller is not a trusted service.', address],
    ],
    [
      'Deny without bypass',
      { networkAcls: { bypass: 'None' } },
      'ForbiddenByFirewall',
      ['Client address is not authorized and caller was ignored because bypass is set to None', address],
    ],
    ['only a perimeter', { publicNetworkAccess: 'SecuredByPerimeter' }, 'ForbiddenByNsp', [perimeterDenial]],
    [
      'disabled public access',
      { publicNetworkAccess: 'Disabled' },
      'ForbiddenByConnection',
      ['Public network access is disabled and request is not from a trusted service nor via an approved private link.'],
    ],
    [
      'disabled public access without bypass',
      { publicNetworkAccess: 'Disabled', networkAcls: { bypass: 'None' } },
      'ForbiddenByConnection',
      [
        "Connection is not an approved private link and caller was ignored because bypass is not set to 'AzureServices' and PublicNetworkAccess is set to 'Disabled'.",
      ],
    ],
  ];
  for (const [what, properties, inner, lines] of denials) {
    it(`denies with ${what} in the service's words`, async () => {
      set(properties);
      const reply = await list();
      assert.deepEqual([reply.status, innerOf(reply)], [403, inner]);
      assert.deepEqual(linesOf(reply), [...lines, caller, vault]);
    });
  }

  const associate = (accessMode: 'Learning' | 'Enforced', admitted: string[] = []): void => {
    const admits = (client: { readonly address: string }): boolean => admitted.includes(client.address);
    site.azure.setPerimeter('contoso-kv', { accessMode, admits });
  };

  it('is overridden by an enforced perimeter, whatever its own rules say', async () => {
    set({ networkAcls: { ipRules: [{ value: '20.1.2.3' }] } });
    associate('Enforced');
    const reply = await list();
    assert.deepEqual([reply.status, innerOf(reply)], [403, 'ForbiddenByNsp']);
    assert.deepEqual(linesOf(reply), [perimeterDenial, caller, vault]);
    set({ publicNetworkAccess: 'Disabled' });
    associate('Enforced', ['20.1.2.3']);
    assert.equal((await list()).status, 200);
  });

  it('is asked after the rules of a perimeter in learning mode, and names both when it refuses', async () => {
    set({ networkAcls: { bypass: 'None' } });
    associate('Learning');
    const reply = await list();
    assert.equal(innerOf(reply), 'ForbiddenByFirewall');
    assert.deepEqual(linesOf(reply), [
      'Request was not allowed by NSP rules and the client address is not authorized and caller was ignored because bypass is set to None',
      address,
      caller,
      vault,
    ]);
    set({ networkAcls: { ipRules: [{ value: '20.1.2.3' }] } });
    assert.equal((await list()).status, 200);
    set({ publicNetworkAccess: 'Disabled' });
    assert.equal(innerOf(await list()), 'ForbiddenByNsp');
    associate('Learning', ['20.1.2.3']);
    assert.equal((await list()).status, 200);
  });

  it('ignores its rules while public access is disabled', async () => {
    set({ publicNetworkAccess: 'Disabled', networkAcls: { ipRules: [{ value: '20.1.2.3' }] } });
    assert.equal((await list()).status, 403);
  });

  it('denies before it looks at permissions or at what was asked for', async () => {
    const reply = await site.client.send(`${site.contoso.vaultUri}secrets/no_name?api-version=7.4`, {
      headers: site.client.vaultToken,
    });
    assert.equal(innerOf(reply), 'ForbiddenByFirewall');
  });

  it("challenges a request without a token even when it would deny it, and names the vault's tenant", async () => {
    const reply = await list(site.client, {});
    assert.equal(reply.status, 401);
    assert.equal(
      reply.headers['www-authenticate'],
      `Bearer authorization="https://login.microsoftonline.com/${site.contoso.tenant.id}", resource="https://vault.azure.net"`,
    );
    assert.match(reply.text, /Request is missing a Bearer or PoP token/);
  });

  for (const [what, headers, message] of [
    ['that is malformed', () => ({ authorization: 'Bearer a.b.c' }), /BearerReadAccessTokenFailed/],
    [
      'for ARM',
      () => site.client.armToken,
      /AKV10022: Invalid audience\. Expected https:\/\/vault\.azure\.net, found: https:\/\/management\.azure\.com\./,
    ],
  ] as [string, () => Record<string, string>, RegExp][]) {
    it(`answers 401 to a token ${what}`, async () => {
      const reply = await list(site.client, headers());
      assert.equal(reply.status, 401);
      assert.match(reply.text, message);
      assert.match(reply.headers['www-authenticate']!, /error="invalid_token"/);
    });
  }

  it('answers 401 to a token after its time and to one of another tenant', async () => {
    const tenant = site.azure.addTenant();
    const subscription = site.azure.addSubscription({ tenant });
    site.azure.addVault({ subscription, resourceGroup: 'x', name: 'foreign-kv' });
    const foreign = await site.client.send('https://foreign-kv.vault.azure.net/secrets?api-version=7.4', {
      headers: site.client.vaultToken,
    });
    assert.match(
      foreign.text,
      /AKV10032: Invalid issuer\. Expected one of .*, found https:\/\/sts\.windows\.net\/11111111/,
    );
    clock.time += 3_599_000;
    assert.match((await list()).text, /\[TokenExpired\]/);
  });

  it('reports every client its address: without a token, denied, accepted, and on the health probe', async () => {
    const info = 'conn_type=Ipv4;addr=20.1.2.3;act_addr_fam=InterNetwork;';
    const replies = [
      await list(site.client, {}),
      await list(),
      await site.client.send(`${site.contoso.vaultUri}healthstatus`),
    ];
    set({ networkAcls: { defaultAction: 'Allow' } });
    replies.push(await list());
    assert.deepEqual(
      replies.map(({ status }) => status),
      [401, 403, 200, 200],
    );
    for (const { headers } of replies) {
      assert.equal(headers['x-ms-keyvault-network-info'], info);
      assert.match(headers['x-ms-request-id'] as string, /^[0-9a-f-]{36}$/);
      assert.equal(headers['x-ms-keyvault-region'], 'westeurope');
      assert.ok(headers['x-ms-keyvault-service-version']);
    }
  });

  describe('towards clients that do not come over the internet', () => {
    const connect = async (
      via: NonNullable<Parameters<ContosoSite['azure']['connectFrom']>[0]['via']>,
    ): Promise<TunnelClient> => {
      const { proxyUrl } = await site.azure.connectFrom({ addresses: ['10.4.5.6'], via });
      return createTunnelClient({ proxyUrl, caFile: site.azure.caFile });
    };

    it('lets a private link in whatever the rules, and says so', async () => {
      const client = await connect({ kind: 'PrivateLink', privateEndpoint: '/subscriptions/x/pe' });
      set({ publicNetworkAccess: 'Disabled' });
      const { status, headers } = await list(client);
      assert.equal(status, 200);
      const info =
        'conn_type=PrivateLink;private_endpoint=/subscriptions/x/pe;addr=10.4.5.6;act_addr_fam=InterNetworkV6;';
      assert.equal(headers['x-ms-keyvault-network-info'], info);
      client.close();
    });

    it('goes by the virtual network rules for a subnet, not by addresses', async () => {
      const client = await connect({ kind: 'Subnet', subnet: '/subscriptions/x/subnets/Build' });
      set({ networkAcls: { ipRules: [{ value: '20.0.0.0/8' }] } });
      assert.equal(linesOf(await list(client))[1], 'Client address: 10.4.5.6 from unknown subnet');
      set({ networkAcls: { virtualNetworkRules: [{ id: '/subscriptions/X/subnets/build' }] } });
      assert.equal((await list(client)).status, 200);
      client.close();
    });
  });

  it('follows a change at each front end in its own time, and a connection stays at its front end', async () => {
    const { subscription, application } = site.contoso;
    const networkAcls = { defaultAction: 'Deny' };
    const propagation = { frontEnds: 2, delay: (frontEnd: number) => (frontEnd === 0 ? 0 : 5000) };
    const { id } = site.azure.addVault({
      subscription,
      resourceGroup: 'shop',
      name: 'slow-kv',
      properties: { networkAcls },
      propagation,
    });
    const dataActions = ['*'];
    site.azure.assignRole({ objectId: application.objectId, scope: id, dataActions });
    const { proxyUrl } = await site.azure.connectFrom({ addresses: ['20.1.2.3'] });
    const clients = [0, 1, 2].map(() => createTunnelClient({ proxyUrl, caFile: site.azure.caFile }));
    const statuses = async (): Promise<number[]> => {
      const seen: number[] = [];
      for (const client of clients) {
        seen.push(
          (
            await client.send('https://slow-kv.vault.azure.net/secrets?api-version=7.4', {
              headers: site.client.vaultToken,
            })
          ).status,
        );
      }
      return seen;
    };
    assert.deepEqual(await statuses(), [403, 403, 403]);
    site.azure.changeVault('slow-kv', { properties: { networkAcls: { ipRules: [{ value: '20.1.2.3' }] } } });
    assert.deepEqual(await statuses(), [200, 403, 200]);
    clock.time += 5000;
    assert.deepEqual(await statuses(), [200, 200, 200]);
    for (const client of clients) client.close();
  });
});
