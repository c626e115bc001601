import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { get } from 'node:http';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createTunnelClient } from './tunnel-client';
import type { TunnelClient } from './tunnel-client';

describe('the way to the simulated Azure', () => {
  let site: ContosoSite;
  const clients: TunnelClient[] = [];

  const connect = async (egress: Parameters<ContosoSite['azure']['connectFrom']>[0]): Promise<TunnelClient> => {
    const { proxyUrl } = await site.azure.connectFrom(egress);
    const { credentials } = egress;
    const client = createTunnelClient({
      proxyUrl,
      caFile: site.azure.caFile,
      ...(credentials === undefined ? {} : { credentials }),
    });
    clients.push(client);
    return client;
  };

  before(async () => {
    site = await openContoso();
  });
  after(async () => {
    for (const client of clients) client.close();
    await site.stop();
  });

  it('shows each host a certificate of its own that the CA file vouches for', async () => {
    const client = await connect({ addresses: ['20.0.0.1'] });
    const hosts = [
      'https://login.microsoftonline.us/',
      'https://management.chinacloudapi.cn/',
      'https://contoso-kv.vault.azure.net/',
    ];
    for (const host of hosts) assert.ok((await client.send(host)).status > 0);
  });

  it('passes no request on before the time that connecting takes is over', async () => {
    const slow = await site.azure.connectFrom({ addresses: ['20.0.0.60'], connecting: 600_000 });
    const waiting = createTunnelClient({ proxyUrl: slow.proxyUrl, caFile: site.azure.caFile });
    const refused = assert.rejects(waiting.send('https://api.ipify.org/'));
    const quick = await connect({ addresses: ['20.0.0.61'], connecting: 1 });
    await quick.send('https://api.ipify.org/');
    await slow.stop();
    await refused;
    waiting.close();
    const seen = site.azure.journal.map(({ client: { address } }) => address);
    assert.deepEqual([seen.includes('20.0.0.60'), seen.includes('20.0.0.61')], [false, true]);
  });

  it('keeps a connection for the next request', async () => {
    const client = await connect({ addresses: ['20.0.0.2'] });
    await client.send('https://api.ipify.org/');
    await client.send('https://api.ipify.org/');
    const seen = site.azure.journal
      .filter((entry) => entry.client.address === '20.0.0.2')
      .map(({ connection }) => connection);
    assert.equal(seen.length, 2);
    assert.equal(seen[0], seen[1]);
  });

  it('keeps an idle connection for longer than the tasks ever wait between two requests', async () => {
    const client = await connect({ addresses: ['20.0.0.2'] });
    const { headers } = await client.send('https://api.ipify.org/');
    assert.equal(headers['keep-alive'], 'timeout=120');
  });

  it('lets new connections to a host come from the addresses in turn', async () => {
    const { proxyUrl } = await site.azure.connectFrom({ addresses: ['20.0.0.3', '20.0.0.4'] });
    const addresses: string[] = [];
    for (let visit = 0; visit < 3; visit += 1) {
      const client = createTunnelClient({ proxyUrl, caFile: site.azure.caFile });
      addresses.push((await client.send('https://api.ipify.org/')).text);
      client.close();
    }
    assert.deepEqual(addresses, ['20.0.0.3', '20.0.0.4', '20.0.0.3']);
  });

  it('may show one host another address than the rest', async () => {
    const client = await connect({
      addresses: ['20.0.0.5'],
      addressesTowards: { 'checkip.amazonaws.com': ['20.0.0.6'] },
    });
    assert.equal((await client.send('https://api.ipify.org/')).text, '20.0.0.5');
    assert.equal((await client.send('https://checkip.amazonaws.com/')).text, '20.0.0.6\n');
  });

  it('asks for the proxy password and takes the right one', async () => {
    const credentials = { username: 'do\\main', password: 'not:a@real/password%1' };
    const client = await connect({ addresses: ['20.0.0.7'], credentials });
    assert.equal((await client.send('https://api.ipify.org/')).text, '20.0.0.7');
    const { proxyUrl } = await site.azure.connectFrom({ addresses: ['20.0.0.7'], credentials });
    const stranger = createTunnelClient({ proxyUrl, caFile: site.azure.caFile });
    await assert.rejects(stranger.send('https://api.ipify.org/'), /CONNECT api.ipify.org with 407/);
  });

  for (const host of ['no-such-vault.vault.azure.net', 'example.com', 'contoso-kv.vault.azure.cn']) {
    it(`does not know ${host}`, async () => {
      const client = await connect({ addresses: ['20.0.0.8'] });
      await assert.rejects(client.send(`https://${host}/`), new RegExp(`CONNECT ${host} with 502`));
    });
  }

  it('answers plain HTTP in absolute form, such as for the instance metadata service, with 502', async () => {
    const { proxyUrl } = await site.azure.connectFrom({ addresses: ['20.0.0.9'] });
    const status = await new Promise((resolve, reject) => {
      const path = 'http://169.254.169.254/metadata/identity/oauth2/token';
      get(proxyUrl, { path, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    assert.equal(status, 502);
  });

  it('removes response headers when configured to', async () => {
    const client = await connect({ addresses: ['20.0.0.10'], stripResponseHeaders: ['x-ms-keyvault-network-info'] });
    const { headers } = await client.send(`${site.contoso.vaultUri}healthstatus`);
    assert.equal(headers['x-ms-keyvault-network-info'], undefined);
    assert.equal(headers['x-ms-keyvault-region'], 'westeurope');
  });

  it('does not let a client talk to one host under the name of another', async () => {
    const client = await connect({ addresses: ['20.0.0.11'] });
    const reply = await client.send('https://api.ipify.org/', { headers: { host: 'management.azure.com' } });
    assert.equal(reply.status, 421);
  });

  it('removes the CA file when it stops', async () => {
    const other = await openContoso();
    assert.ok(existsSync(other.azure.caFile));
    await other.stop();
    assert.ok(!existsSync(other.azure.caFile));
  });
});
