import assert from 'node:assert/strict';
import { createVault } from '../../../../tasks/keyvault-secrets/adapters/azure-vault';
import { answer, fakeServer, silence, type Reply } from '../../shared/fake-azure';

const url = 'https://contoso-kv.vault.azure.net';
const version = '0123456789abcdef0123456789abcdef';
const { signal } = new AbortController();

/** The vault behind a server that demands no token. */
function open(...script: readonly [Reply, ...Reply[]]) {
  const server = fakeServer(...script);
  const credential = { getToken: () => Promise.resolve(null) };
  const parts = { name: 'contoso-kv', url, credential, client: server.client, userAgent: 'x', failureContext: {} };
  return { server, vault: createVault(parts) };
}

/** The answer for a secret of this name. */
const secret = (name: string) => answer(200, { id: `${url}/secrets/${name}/${version}`, value: 'not-a-real-value-1' });

describe('createVault', () => {
  it('lists the versions of a secret by such a name', async () => {
    const versions: (string | undefined)[] = [];
    const { vault } = open(answer(200, { value: [{ id: `${url}/secrets/versions/${version}` }] }));
    for await (const one of vault.listVersions('versions', signal)) versions.push(one.version);
    assert.deepEqual(versions, [version]);
  });

  it('stops a listing whose next page does not arrive, when the signal is aborted', async () => {
    const stop = new AbortController();
    const reason = new Error('a read was refused');
    const nextLink = `${url}/secrets?$skiptoken=2`;
    const { vault } = open(answer(200, { value: [{ id: `${url}/secrets/a` }], nextLink }), silence);
    await assert.rejects(async () => {
      for await (const { name } of vault.list(stop.signal)) {
        assert.equal(name, 'a');
        stop.abort(reason);
      }
    }, reason);
  });

  for (const name of ['versions', 'secrets']) {
    it(`reads a secret by the name of '${name}', which is also a word of the vault's addresses`, async () => {
      for (const request of [{ name }, { name, version }]) {
        const outcome = await open(secret(name)).vault.read(request, signal);
        assert.equal(outcome.kind === 'found' && outcome.secret.value, 'not-a-real-value-1');
      }
    });
  }
});
