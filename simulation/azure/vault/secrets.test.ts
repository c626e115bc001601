import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import type { Reply } from '../http/tunnel-client';

describe('the secrets of a simulated vault', () => {
  const clock = { time: Date.UTC(2026, 0, 15, 12) };
  const created = clock.time / 1000;
  let keys: AzureKeys;
  let site: ContosoSite;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    site = await openContoso({ keys, clock: { now: () => clock.time, sleep: () => Promise.resolve() } });
    site.azure.changeVault('contoso-kv', { properties: { networkAcls: { defaultAction: 'Allow' } } });
  });
  afterEach(() => site.stop());

  const send = (path: string): Promise<Reply> => {
    const url = path.startsWith('https:') ? path : `${site.contoso.vaultUri}${path}`;
    return site.client.send(url, { headers: site.client.vaultToken });
  };
  const errorOf = ({ json }: Reply): { code: string; message: string; innererror?: { code: string } } =>
    (json as { error: { code: string; message: string; innererror?: { code: string } } }).error;
  const readAll = async (path: string): Promise<string[][]> => {
    const pages: string[][] = [];
    for (let next: string | null = path; next !== null;) {
      const reply: Reply = await send(next);
      const page = reply.json as { value: { id: string }[]; nextLink: string | null };
      pages.push(page.value.map(({ id }) => id.replace(`${site.contoso.vaultUri}secrets/`, '')));
      next = page.nextLink;
    }
    return pages;
  };

  it('are read by name in any case, with a slash at the end and an encoded api-version', async () => {
    const version = site.azure.setSecret('contoso-kv', { name: 'Db-Password', value: 'not-a-real-password-2' });
    const reply = await send('secrets/DB-password/?api%2Dversion=7.4');
    assert.deepEqual(reply.json, {
      value: 'not-a-real-password-2',
      id: `https://contoso-kv.vault.azure.net/secrets/Db-Password/${version}`,
      attributes: {
        enabled: true,
        created,
        updated: created,
        recoveryLevel: 'Recoverable+Purgeable',
        recoverableDays: 90,
      },
    });
  });

  it('show tags, content type and validity, in whole seconds', async () => {
    const validity = { notBefore: clock.time - 1, expires: clock.time + 1 };
    site.azure.setSecret('contoso-kv', {
      name: 's',
      value: 'x',
      tags: { env: 'prod' },
      contentType: 'text/plain',
      ...validity,
    });
    const { tags, contentType, attributes } = (await send('secrets/s?api-version=7.4')).json as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual(
      [tags, contentType, attributes!.nbf, attributes!.exp],
      [{ env: 'prod' }, 'text/plain', created - 1, created],
    );
  });

  it('are served outside of their validity', async () => {
    site.azure.setSecret('contoso-kv', {
      name: 's',
      value: 'x',
      notBefore: clock.time + 1000,
      expires: clock.time - 1000,
    });
    assert.equal((await send('secrets/s?api-version=7.4')).status, 200);
  });

  it('are read by version', async () => {
    const first = site.azure.setSecret('contoso-kv', { name: 's', value: 'one' });
    site.azure.setSecret('contoso-kv', { name: 'S', value: 'two' });
    assert.equal(
      ((await send(`secrets/s/${first.toUpperCase()}?api-version=7.4`)).json as { value: string }).value,
      'one',
    );
  });

  it('of certificates name the version before since 2025-07-01, and others do not', async () => {
    const first = site.azure.setSecret('contoso-kv', { name: 'tls', value: 'one', managed: true });
    site.azure.setSecret('contoso-kv', { name: 'tls', value: 'two', managed: true });
    site.azure.setSecret('contoso-kv', { name: 's', value: 'one' });
    site.azure.setSecret('contoso-kv', { name: 's', value: 'two' });
    const read = async (path: string) => (await send(`secrets/${path}`)).json as Record<string, string>;
    assert.equal((await read('tls?api-version=2025-07-01')).previousVersion, first);
    assert.equal((await read('tls?api-version=7.4')).previousVersion, undefined);
    assert.equal((await read('s?api-version=2025-07-01')).previousVersion, undefined);
  });

  it('that are disabled are refused: 403 SecretDisabled', async () => {
    site.azure.setSecret('contoso-kv', { name: 's', value: 'x', enabled: false });
    const reply = await send('secrets/s?api-version=7.4');
    const error = {
      code: 'Forbidden',
      message: 'Operation get is not allowed on a disabled secret.',
      innererror: { code: 'SecretDisabled' },
    };
    assert.deepEqual([reply.status, errorOf(reply)], [403, error]);
  });

  it('that never were, that are deleted, or whose version is unknown, are not found: 404 SecretNotFound', async () => {
    site.azure.setSecret('contoso-kv', { name: 'gone', value: 'x' });
    site.azure.deleteSecret('contoso-kv', 'gone');
    site.azure.setSecret('contoso-kv', { name: 'here', value: 'x' });
    for (const id of ['never', 'gone', `here/${'0'.repeat(32)}`]) {
      const reply = await send(`secrets/${id}?api-version=7.4`);
      assert.deepEqual([reply.status, errorOf(reply).code], [404, 'SecretNotFound']);
      assert.ok(errorOf(reply).message.startsWith(`A secret with (name/id) ${id} was not found in this key vault. `));
    }
  });

  for (const [what, path, message] of [
    ['a bad name', 'secrets/a_b?api-version=7.4', 'The request URI contains an invalid name: a_b'],
    ['no api-version', 'secrets/a', 'api-version must be specified'],
    [
      'an unknown api-version',
      'secrets/a?api-version=9.9',
      'The specified version (9.9) is not recognized. Consider using the latest supported version (2026-04-01).',
    ],
    [
      'a page that is too large',
      'secrets?api-version=7.4&maxresults=26',
      'Invalid maxresults value: 26. It must be between 1 and 25.',
    ],
    ['a skip token of its own', 'secrets?api-version=7.4&$skiptoken=x', 'The skip token is malformed.'],
    [
      'an unknown format',
      'secrets/a?api-version=2025-07-01&outContentType=image/png',
      "The outContentType 'image/png' is not supported.",
    ],
    ['a malformed path', 'secrets/%E0%A4%A?api-version=7.4', 'The request URI is malformed: /secrets/%E0%A4%A'],
  ]) {
    it(`are not served to a request with ${what}: 400 BadParameter`, async () => {
      const reply = await send(path!);
      assert.deepEqual([reply.status, errorOf(reply)], [400, { code: 'BadParameter', message }]);
    });
  }

  describe('in listings', () => {
    const numbered = (count: number): string[] =>
      Array.from({ length: count }, (_, index) => `s${String(index).padStart(2, '0')}`);

    it('come 25 a page by name, without values, and the link names port 443', async () => {
      for (const name of numbered(60)) site.azure.setSecret('contoso-kv', { name, value: 'not-a-real-password-5' });
      const first = await send('secrets?api-version=7.4');
      assert.match(
        (first.json as { nextLink: string }).nextLink,
        /^https:\/\/contoso-kv\.vault\.azure\.net:443\/secrets\?api-version=7\.4&\$skiptoken=[\w-]+&maxresults=25$/,
      );
      assert.ok(!first.text.includes('not-a-real-password-5'));
      const pages = await readAll('secrets?api-version=7.4');
      assert.deepEqual(
        pages.map(({ length }) => length),
        [25, 25, 10],
      );
      assert.deepEqual(pages.flat(), numbered(60));
    });

    it('come in smaller pages when asked to, and end exactly', async () => {
      for (const name of numbered(4)) site.azure.setSecret('contoso-kv', { name, value: 'x' });
      assert.deepEqual(await readAll('secrets?api-version=7.4&maxresults=2'), [
        ['s00', 's01'],
        ['s02', 's03'],
      ]);
    });

    it('may have empty pages between them', async () => {
      const { subscription, application } = site.contoso;
      const { id } = site.azure.addVault({ subscription, resourceGroup: 'shop', name: 'gaps-kv', emptyPages: true });
      site.azure.assignRole({ objectId: application.objectId, scope: id, dataActions: ['*'] });
      for (const name of numbered(3)) site.azure.setSecret('gaps-kv', { name, value: 'x' });
      const pages = await readAll('https://gaps-kv.vault.azure.net/secrets?api-version=7.4&maxresults=2');
      assert.deepEqual(
        pages.map(({ length }) => length),
        [2, 0, 1],
      );
    });

    it('leave deleted secrets out and disabled ones in', async () => {
      for (const name of ['a', 'b']) site.azure.setSecret('contoso-kv', { name, value: 'x', enabled: false });
      site.azure.deleteSecret('contoso-kv', 'a');
      assert.deepEqual(await readAll('secrets?api-version=7.4'), [['b']]);
    });

    it('show all versions of a secret, by version and not by time', async () => {
      for (const version of ['f', '0', '8'])
        site.azure.setSecret('contoso-kv', { name: 's', value: 'x', version: version.repeat(32) });
      const [page] = await readAll('secrets/S/versions?api-version=7.4');
      assert.deepEqual(
        page!.map((id) => id.slice(-1)),
        ['0', '8', 'f'],
      );
    });

    it('have no versions of a secret that is not there', async () => {
      assert.deepEqual(await readAll('secrets/never/versions?api-version=7.4'), [[]]);
    });
  });

  describe('behind certificates', () => {
    const kid = 'https://contoso-kv.vault.azure.net/keys/tls/0';
    const certificate = {
      name: 'tls',
      value: 'bm90LWEtcmVhbC1wZng=',
      pem: '-----BEGIN not a real key-----',
      managed: true,
      kid,
    };

    it('are managed and name their key', async () => {
      site.azure.setSecret('contoso-kv', { ...certificate, contentType: 'application/x-pkcs12' });
      const bundle = (await send('secrets/tls?api-version=7.4')).json as Record<string, unknown>;
      assert.deepEqual(
        [bundle.managed, bundle.kid, bundle.contentType, bundle.value],
        [true, kid, 'application/x-pkcs12', certificate.value],
      );
      const { value } = (await send('secrets?api-version=7.4')).json as { value: Record<string, unknown>[] };
      assert.deepEqual([value[0]!.managed, value[0]!.contentType], [true, 'application/x-pkcs12']);
    });

    it('come as PEM when asked for since 2025-07-01, and as they are before', async () => {
      site.azure.setSecret('contoso-kv', { ...certificate, contentType: 'application/x-pkcs12' });
      const read = async (version: string): Promise<unknown[]> => {
        const path = `secrets/tls?api-version=${version}&outContentType=application/x-pem-file`;
        const { value, contentType } = (await send(path)).json as Record<string, unknown>;
        return [value, contentType];
      };
      assert.deepEqual(await read('2025-07-01'), [certificate.pem, 'application/x-pem-file']);
      assert.deepEqual(await read('7.4'), [certificate.value, 'application/x-pkcs12']);
    });
  });

  describe('are kept from callers', () => {
    const prefix = 'Microsoft.KeyVault/vaults/secrets/';
    const addRbacVault = (dataActions: string[], suffix = ''): void => {
      const { subscription, application } = site.contoso;
      const { id } = site.azure.addVault({ subscription, resourceGroup: 'Shop', name: 'rbac-kv' });
      site.azure.setSecret('rbac-kv', { name: 'mine', value: 'x' });
      site.azure.setSecret('rbac-kv', { name: 'other', value: 'x' });
      site.azure.assignRole({ objectId: application.objectId, scope: `${id}${suffix}`, dataActions });
    };
    const statusOf = async (path: string): Promise<number> =>
      (await send(`https://rbac-kv.vault.azure.net/${path}?api-version=7.4`)).status;

    it('by role: reading does not include listing, and the other way round', async () => {
      addRbacVault([`${prefix}getSecret/action`]);
      assert.deepEqual(
        [await statusOf('secrets/mine'), await statusOf('secrets'), await statusOf('secrets/mine/versions')],
        [200, 403, 403],
      );
    });

    it('by role on one secret alone', async () => {
      addRbacVault([`${prefix}*`], '/secrets/Mine');
      assert.deepEqual(
        [await statusOf('secrets/mine'), await statusOf('secrets/other'), await statusOf('secrets')],
        [200, 403, 403],
      );
    });

    it("by role, in the service's words", async () => {
      addRbacVault([]);
      const reply = await send('https://rbac-kv.vault.azure.net/secrets/Mine?api-version=7.4');
      assert.equal(errorOf(reply).innererror?.code, 'ForbiddenByRbac');
      const { tenant, application, subscription } = site.contoso;
      assert.deepEqual(errorOf(reply).message.split('\r\n'), [
        'Caller is not authorized to perform action on resource.',
        'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
        `Caller: appid=${application.clientId};oid=${application.objectId};iss=https://sts.windows.net/${tenant.id}/`,
        "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
        `Resource: '/subscriptions/${subscription.id}/resourcegroups/shop/providers/microsoft.keyvault/vaults/rbac-kv/secrets/mine'`,
        'Assignment: (not found)',
        'DenyAssignmentId: null',
        'DecisionReason: null ',
        'Vault: rbac-kv;location=westeurope',
        '',
      ]);
    });

    it('by access policy, which knows nothing of roles', async () => {
      const { tenant, application } = site.contoso;
      site.azure.setSecret('contoso-kv', { name: 's', value: 'x' });
      const policy = (secrets: string[]): object => ({
        tenantId: tenant.id,
        objectId: application.objectId,
        permissions: { secrets },
      });
      site.azure.changeVault('contoso-kv', {
        properties: { enableRbacAuthorization: false, accessPolicies: [policy(['Get'])] },
      });
      assert.equal((await send('secrets/s?api-version=7.4')).status, 200);
      const reply = await send('secrets?api-version=7.4');
      assert.deepEqual([reply.status, errorOf(reply).innererror?.code], [403, 'AccessDenied']);
      assert.equal(
        errorOf(reply).message,
        `The user, group or application 'appid=${application.clientId};oid=${application.objectId};iss=https://sts.windows.net/${tenant.id}/' ` +
          "does not have secrets list permission on key vault 'contoso-kv;location=westeurope'. " +
          'For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287',
      );
      site.azure.changeVault('contoso-kv', { properties: { accessPolicies: [policy(['all'])] } });
      assert.equal((await send('secrets?api-version=7.4')).status, 200);
    });
  });

  for (const sendsRetryAfter of [false, true]) {
    it(`are throttled ${sendsRetryAfter ? 'with' : 'without'} a Retry-After: 429`, async () => {
      const { subscription, application } = site.contoso;
      const throttle = { capacity: 1, refillPerSecond: 0.5, sendsRetryAfter };
      const { id } = site.azure.addVault({ subscription, resourceGroup: 'shop', name: 'busy-kv', throttle });
      site.azure.assignRole({ objectId: application.objectId, scope: id, dataActions: ['*'] });
      const url = 'https://busy-kv.vault.azure.net/secrets?api-version=7.4';
      assert.equal((await send(url)).status, 200);
      const reply = await send(url);
      assert.deepEqual([reply.status, errorOf(reply).code], [429, 'Throttled']);
      assert.match(errorOf(reply).message, /VaultRequestTypeLimitReached/);
      assert.equal(reply.headers['retry-after'], sendsRetryAfter ? '2' : undefined);
      clock.time += 2000;
      assert.equal((await send(url)).status, 200);
    });
  }

  it('are gone with the vault, also on a connection that is still open', async () => {
    assert.equal((await send('secrets?api-version=7.4')).status, 200);
    site.azure.deleteVault('Contoso-kv');
    const reply = await send('secrets?api-version=7.4');
    assert.deepEqual([reply.status, errorOf(reply).code], [404, 'VaultNotFound']);
  });

  it('are all that there is in a vault here', async () => {
    assert.equal((await send('keys?api-version=7.4')).status, 404);
  });

  it('cannot be written without the permission, and with it the simulation says that it does not', async () => {
    const { client, contoso, azure } = site;
    const url = `${contoso.vaultUri}secrets/s?api-version=7.4`;
    const write = () => client.send(url, { method: 'PUT', headers: client.vaultToken, json: { value: 'x' } });
    const refused = await write();
    assert.deepEqual([refused.status, errorOf(refused).innererror?.code], [403, 'ForbiddenByRbac']);
    assert.match(errorOf(refused).message, /Action: 'Microsoft\.KeyVault\/vaults\/secrets\/setSecret\/action'/);
    const { id } = azure.vaultResource(contoso.vault) as { id: string };
    azure.assignRole({ objectId: contoso.application.objectId, scope: id, dataActions: ['*'] });
    assert.equal((await write()).status, 405);
  });

  it('are at hosts of their own cloud, with its audience in the challenge', async () => {
    const tenant = site.azure.addTenant({ cloud: 'AzureChinaCloud' });
    const subscription = site.azure.addSubscription({ tenant });
    site.azure.addVault({ subscription, resourceGroup: 'x', name: 'china-kv' });
    const { headers } = await site.client.send('https://china-kv.vault.azure.cn/secrets?api-version=7.4');
    assert.equal(
      headers['www-authenticate'],
      `Bearer authorization="https://login.partner.microsoftonline.cn/${tenant.id}", resource="https://vault.azure.cn"`,
    );
  });
});
