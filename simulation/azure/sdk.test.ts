import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createClientCertificate } from './http/certificates';
import { openContoso } from './contoso';
import type { ContosoSite } from './contoso';
import type { SdkResult, SdkSession } from './sdk-session';

describe("Microsoft's libraries on the simulated Azure", () => {
  let site: ContosoSite;
  let proxyUrl: string;
  beforeEach(async () => {
    site = await openContoso();
    for (let index = 0; index < 30; index += 1) site.azure.setSecret('contoso-kv', { name: `s${index}`, value: 'x' });
    site.azure.setSecret('contoso-kv', { name: 'db-password', value: 'not-a-real-password-2' });
    ({ proxyUrl } = await site.azure.connectFrom({ addresses: ['20.1.2.3'] }));
  });
  afterEach(() => site.stop());

  const run = async (login: SdkSession['login'], clientId = site.contoso.application.clientId): Promise<SdkResult> => {
    const { tenant, subscription, vaultUri } = site.contoso;
    const session: SdkSession = { tenantId: tenant.id, clientId, subscriptionId: subscription.id, vaultUri, login };
    const env = {
      ...process.env,
      HTTPS_PROXY: proxyUrl,
      NODE_EXTRA_CA_CERTS: site.azure.caFile,
      SDK_SESSION: JSON.stringify(session),
    };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--require', 'tsx/cjs', join(__dirname, 'sdk-session.ts')],
      { env },
    );
    return JSON.parse(stdout) as SdkResult;
  };
  const assertWorked = (result: SdkResult): void => {
    assert.match(result.denied, /^Client address is not authorized.*\s+Client address: 20\.1\.2\.3\s/);
    assert.deepEqual(result.ipRules, ['20.1.2.3/32']);
    assert.deepEqual([result.names.length, result.value], [31, 'not-a-real-password-2']);
    assert.match(result.missing, /A secret with \(name\/id\) none was not found/);
    assert.deepEqual(result.vaults, ['contoso-kv']);
  };

  it('log in with a secret, are denied, open the firewall, list and read', async () => {
    assertWorked(await run({ secret: site.contoso.clientSecret }));
  });

  it('log in with a certificate', async () => {
    const { certificate, privateKey } = await createClientCertificate();
    const { clientId, objectId } = site.azure.addApplication({
      tenant: site.contoso.tenant,
      certificates: [certificate],
    });
    const scope = new URL(site.contoso.vaultUrl).pathname;
    site.azure.assignRole({ objectId, scope, actions: ['*'], dataActions: ['*'] });
    assertWorked(await run({ certificate: `${certificate}\n${privateKey}` }, clientId));
  });

  it('log in with the assertion of a service connection', async () => {
    const { job, connection } = site.contoso;
    const path = `${job.projectId}/_apis/distributedtask/hubs/${job.hub}/plans/${job.planId}/jobs/${job.jobId}/oidctoken`;
    const url = `https://dev.azure.com/contoso/${path}?api-version=7.1&serviceConnectionId=${connection.id}`;
    const reply = await site.client.send(url, { method: 'POST', headers: { authorization: `Bearer ${job.token}` } });
    assertWorked(await run({ assertion: (reply.json as { oidcToken: string }).oidcToken }));
  });
});
