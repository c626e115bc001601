import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import type { AzureOptions } from '../azure';
import type { Reply } from '../http/tunnel-client';

describe('the versions of the simulated ARM', () => {
  let site: ContosoSite;
  const open = async (options?: AzureOptions): Promise<void> => {
    site = await openContoso(options);
  };
  afterEach(() => site.stop());

  const send = (version: string, method = 'GET', json?: object): Promise<Reply> => {
    const url = site.contoso.vaultUrl.replace('2026-02-01', version);
    const headers = site.client.armToken;
    return site.client.send(url, json === undefined ? { method, headers } : { method, headers, json });
  };
  const propertiesIn = (reply: Reply): Record<string, unknown> =>
    (reply.json as { properties: Record<string, unknown> }).properties;

  it('end with 2026-02-01, as Azure has it from 2027-02-27 on', async () => {
    await open();
    const reply = await send('2025-05-01');
    assert.equal(reply.status, 400);
    assert.match(reply.text, /NoRegisteredProviderFound.*The supported api-versions are '2026-02-01, /);
    assert.equal((await send('2026-02-01')).status, 200);
  });

  it('include the retired ones where a test asks for it, in which access policies are the default of PUT', async () => {
    await open({ acceptsRetiredVersions: true });
    const { tenant } = site.contoso;
    const properties = { tenantId: tenant.id, sku: { family: 'A', name: 'standard' }, accessPolicies: [] };
    const put = await send('2023-07-01', 'PUT', { location: 'westeurope', properties });
    assert.equal(propertiesIn(put).enableRbacAuthorization, false);
  });

  it('show token binding since 2026-03-01-preview; a vault that enforces it refuses a plain bearer token', async () => {
    await open();
    const tokenBindingParameters = { mode: 'Enforced', minimumTokenBindingStrength: 'NoValidation' };
    const networkAcls = { defaultAction: 'Allow' };
    site.azure.changeVault('contoso-kv', { properties: { networkAcls, tokenBindingParameters } });
    assert.ok(!('tokenBindingParameters' in propertiesIn(await send('2026-02-01'))));
    assert.deepEqual(propertiesIn(await send('2026-03-01-preview')).tokenBindingParameters, tokenBindingParameters);
    const url = `${site.contoso.vaultUri}secrets?api-version=7.4`;
    assert.equal((await site.client.send(url, { headers: site.client.vaultToken })).status, 401);
  });

  it('are not those of registering the provider, which Microsoft.Resources does', async () => {
    await open();
    const { subscription } = site.contoso;
    const url = `https://management.azure.com/subscriptions/${subscription.id}/providers/Microsoft.KeyVault/register`;
    const { text } = await site.client.send(`${url}?api-version=2022-12-01`, {
      method: 'POST',
      headers: site.client.armToken,
    });
    assert.match(text, /InvalidResourceType/, 'the simulation has no such operation, and does not take it for a vault');
  });

  it("answer with Azure's time, which need not be the machine's", async () => {
    await open({ clock: { now: () => Date.now() + 3_600_000, sleep: () => Promise.resolve() } });
    const { headers } = await send('2026-02-01');
    const ahead = Date.parse(String(headers.date)) - Date.now();
    assert.ok(ahead > 3_000_000 && ahead < 4_200_000, String(headers.date));
  });
});
