import assert from 'node:assert/strict';
import { onlyHost } from '../../../../tasks/shared/http/only-host';
import { answer, fakeServer, request } from '../fake-azure';

const good = answer(200);

describe('onlyHost', () => {
  const host = 'contoso-kv.vault.azure.net';

  it('lets requests to its host through, whatever the case of the name', async () => {
    const server = fakeServer(good);
    await onlyHost(server.client, host).sendRequest(request('https://CONTOSO-KV.vault.azure.net/secrets'));
    assert.equal(server.requests.length, 1);
  });

  for (const url of [
    'https://evil.example/secrets',
    'https://contoso-kv.vault.azure.net.evil.example/secrets',
    'https://contoso-kv.vault.azure.net@evil.example/secrets',
    'https://contoso-kv.vault.azure.net:8443/secrets',
    'https://other-kv.vault.azure.net/secrets',
    'http://contoso-kv.vault.azure.net/secrets',
  ]) {
    it(`sends no token to ${url}`, async () => {
      const server = fakeServer(good);
      await assert.rejects(onlyHost(server.client, host).sendRequest(request(url)), {
        name: 'DiagnosedError',
        message: /^AKV-FOREIGN-HOST: A response from contoso-kv\.vault\.azure\.net pointed to /,
      });
      assert.equal(server.requests.length, 0);
    });
  }
});
