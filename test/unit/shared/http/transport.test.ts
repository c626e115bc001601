import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { NetworkSettings } from '../../../../tasks/shared/http/proxy';
import { createTransport } from '../../../../tasks/shared/http/transport';
import { createClientCertificate, type ClientCertificate } from '../../../../simulation/azure/http/certificates';

const direct: NetworkSettings = { bypass: [], noProxy: '' };

/** Asks the server once and returns its answer; the certificate of a test's server has no name to check. */
function ask(server: Server, network: Partial<NetworkSettings>): Promise<string> {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const transport = createTransport({ ...direct, ...network });
  return new Promise((resolve, reject) => {
    request(url, { agent: transport(url, true), checkServerIdentity: () => undefined }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    })
      .once('error', reject)
      .end();
  });
}

describe('createTransport', () => {
  let server: Server;
  let own: ClientCertificate;

  before(async () => {
    own = await createClientCertificate();
    const options = { key: own.privateKey, cert: own.certificate, ca: [own.certificate], requestCert: true };
    server = createServer({ ...options, rejectUnauthorized: false }, ({ socket }, response) => {
      response.end('authorized' in socket && socket.authorized === true ? 'I know you' : 'Who are you?');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  after(() => {
    server.close();
  });

  it("shows the agent's client certificate to a server that asks for one", async () => {
    const clientCertificate = { cert: own.certificate, key: own.privateKey };
    assert.equal(await ask(server, { authorities: [own.certificate], clientCertificate }), 'I know you');
  });

  it('shows none when the agent has none', async () => {
    assert.equal(await ask(server, { authorities: [own.certificate] }), 'Who are you?');
  });

  it('trusts no server beyond the authorities it was given', async () => {
    await assert.rejects(ask(server, {}), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('keeps one pool of connections, and gives a fresh one to who asks for it', () => {
    const transport = createTransport(direct);
    const pool = transport('https://a.example/', false);
    assert.equal(transport('https://b.example/', false), pool);
    assert.notEqual(transport('https://a.example/', true), pool);
  });

  it("never sends unencrypted requests through a proxy: it is for the machine's own identity endpoint", () => {
    const transport = createTransport({ ...direct, proxy: { url: 'http://proxy.example:8080' } });
    assert.equal(transport('http://169.254.169.254/metadata', false).constructor.name, 'Agent');
    assert.equal(transport('https://contoso-kv.vault.azure.net/', false).constructor.name, 'HttpsProxyAgent');
  });
});
