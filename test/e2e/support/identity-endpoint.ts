import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTunnelClient } from '../../../simulation/azure/http/tunnel-client';
import type { Outcome, TestBed } from './scenarios';

/**
 * The endpoint of a managed identity as App Service and Container Instances offer it to processes on the machine
 * (Microsoft Learn, "How to use managed identities for App Service": IDENTITY_ENDPOINT, IDENTITY_HEADER), which is also
 * what virtual machines offer at 169.254.169.254 (header `Metadata`).
 */
interface IdentityEndpoint {
  /** For the agent's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it listens on loopback. */
  readonly port: number;
  readonly requests: readonly { readonly resource: string; readonly clientId: string; readonly header: string }[];
  stop(): Promise<void>;
}

const header = 'not-a-real-identity-header';

/** Gives tokens of Contoso's application, to whoever asks for the identity `clientId` (or for the machine's own). */
export async function openIdentityEndpoint(testBed: TestBed, clientId = ''): Promise<IdentityEndpoint> {
  const { azure } = testBed;
  const requests: IdentityEndpoint['requests'][number][] = [];
  const network = await azure.connectFrom({ addresses: ['20.50.1.10'] });
  const client = createTunnelClient({ proxyUrl: network.proxyUrl, caFile: azure.caFile });
  const server = createServer((incoming, outgoing) => {
    const { searchParams } = new URL(incoming.url ?? '', 'http://localhost');
    const resource = searchParams.get('resource') ?? '';
    // Azure Machine Learning calls it by the name of an older version (Microsoft Learn, API version 2017-09-01).
    const asked = searchParams.get('client_id') ?? searchParams.get('clientid') ?? '';
    requests.push({
      resource,
      clientId: asked,
      header: String(incoming.headers['x-identity-header'] ?? incoming.headers.metadata),
    });
    const answer = asked === clientId ? requestToken(testBed, client, resource) : Promise.resolve(undefined);
    void answer.then((token) => {
      outgoing.writeHead(token === undefined ? 400 : 200, { 'content-type': 'application/json' });
      const unknown = { error: 'invalid_request', error_description: 'Identity not found' };
      outgoing.end(JSON.stringify(token === undefined ? unknown : assigned(resource, token)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It must not keep the test's process alive when a scenario ends without stopping it.
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    port,
    environment: machineWith({ IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: header }),
    requests,
    stop: async () => {
      client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * That the step asked for the machine's own identity, once. On a busy machine the endpoint may need more than the 5
 * seconds of an attempt; then the step says so in its log, and asks for the same again.
 */
export function assertAskedOnce({ requests }: IdentityEndpoint, { text }: Outcome): void {
  const retries = /(\d+) retr(?:y|ies), [\d.]+ s\./.exec(text)?.[1];
  assert.ok(retries !== undefined, text);
  // Which requests were repeated, the summary does not say: any of the step's may have been.
  assert.ok(requests.length >= 1 && requests.length <= 1 + Number(retries), text);
  for (const { clientId } of requests) assert.equal(clientId, '', text);
}

/** The environment of an agent on a machine with these variables. */
export function machineWith(variables: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...variables };
}

function assigned(resource: string, token: string) {
  const expires = Math.floor(Date.now() / 1000) + 3600;
  return { access_token: token, expires_on: String(expires), resource, token_type: 'Bearer' };
}

async function requestToken({ contoso }: TestBed, client: ReturnType<typeof createTunnelClient>, resource: string) {
  const form = {
    grant_type: 'client_credentials',
    client_id: contoso.application.clientId,
    client_secret: contoso.clientSecret,
    scope: `${resource}/.default`,
  };
  const url = `https://login.microsoftonline.com/${contoso.tenant.id}/oauth2/v2.0/token`;
  const { json } = await client.send(url, { method: 'POST', form });
  return (json as { access_token: string }).access_token;
}
