import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClientCertificate } from '../../simulation/azure/http/certificates';
import { openContoso, type ContosoSite } from '../../simulation/azure/contoso';
import { createAzureKeys, type AzureKeys } from '../../simulation/azure/http/keys';
import { openCli, signIn, type Cli, type CliOutcome } from './cli';

describe('the Azure CLI signs in to the simulated Azure', () => {
  let keys: AzureKeys;
  let site: ContosoSite;
  let cli: Cli;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    site = await openContoso({ keys });
    cli = await openCli(site.azure, await site.azure.connectFrom({ addresses: ['20.1.2.3'] }));
  });
  afterEach(async () => {
    await cli.close();
    await site.stop();
  });

  const logIn = (proof: readonly string[], changes: Readonly<Record<string, string>> = {}): Promise<CliOutcome> => {
    const { application, tenant } = site.contoso;
    const { clientId = application.clientId, tenantId = tenant.id } = changes;
    return cli.run('login', '--service-principal', '-u', clientId, '--tenant', tenantId, ...proof);
  };
  const subscription = () => ({
    cloudName: 'AzureCloud',
    homeTenantId: site.contoso.tenant.id,
    id: site.contoso.subscription.id,
    isDefault: true,
    managedByTenants: [],
    name: 'Contoso',
    state: 'Enabled',
    tenantId: site.contoso.tenant.id,
    user: { name: site.contoso.application.clientId, type: 'servicePrincipal' },
  });
  const assertSignedIn = async ({ status, stdout, stderr }: CliOutcome): Promise<void> => {
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), [subscription()]);
    const { cloudName, ...shown } = subscription();
    assert.deepEqual(await cli.ask('account', 'show'), { environmentName: cloudName, ...shown });
  };

  it('with a client secret', async () => {
    await assertSignedIn(await logIn(['-p', site.contoso.clientSecret]));
  });

  it("with a client secret, by the tenant's domain", async () => {
    await assertSignedIn(await logIn(['-p', site.contoso.clientSecret], { tenantId: 'contoso.example' }));
  });

  it('with a certificate', async () => {
    const { certificate, privateKey } = await createClientCertificate();
    const { application, tenant } = site.contoso;
    const other = site.azure.addApplication({ tenant, certificates: [certificate] });
    const scope = `/subscriptions/${site.contoso.subscription.id}`;
    site.azure.assignRole({ objectId: other.objectId, scope, actions: ['*/read'] });
    const file = join(cli.folder, 'certificate.pem');
    await writeFile(file, `${privateKey}\n${certificate}`);
    const { status, stdout, stderr } = await logIn(['--certificate', file], { clientId: other.clientId });
    assert.equal(status, 0, stderr);
    const user = { ...subscription().user, name: other.clientId };
    assert.deepEqual(JSON.parse(stdout), [{ ...subscription(), user }]);
    assert.notEqual(other.clientId, application.clientId);
  });

  it("with a pipeline's federated token", async () => {
    const { job, connection } = site.contoso;
    const plan = `_apis/distributedtask/hubs/${job.hub}/plans/${job.planId}/jobs/${job.jobId}/oidctoken`;
    const query = `api-version=7.1&serviceConnectionId=${connection.id}`;
    const reply = await site.client.send(`https://dev.azure.com/contoso/${job.projectId}/${plan}?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${job.token}` },
    });
    await assertSignedIn(await logIn(['--federated-token', (reply.json as { oidcToken: string }).oidcToken]));
  });

  it('and gets tokens for vaults, too', async () => {
    await signIn(cli, site.contoso.application, site.contoso.clientSecret);
    const token = await cli.ask('account', 'get-access-token', '--resource', 'https://vault.azure.net');
    const { tokenType, tenant } = token as Record<string, string>;
    assert.deepEqual([tokenType, tenant], ['Bearer', site.contoso.tenant.id]);
  });

  for (const [title, proof, changes, complaint] of [
    ['a wrong secret', 'not-a-real-password-9', {}, /^ERROR: AADSTS7000215: Invalid client secret provided\./],
    [
      'an application that is not there',
      'not-a-real-password-1',
      { clientId: '00000000-0000-4000-8000-000000000000' },
      /^ERROR: AADSTS700016: Application with identifier '00000000-0000-4000-8000-000000000000' was not found/,
    ],
    [
      'a tenant that is not there',
      'not-a-real-password-1',
      { tenantId: '00000000-0000-4000-8000-000000000000' },
      /Unable to get authority configuration for https:\/\/login\.microsoftonline\.com\/00000000-/,
    ],
  ] as const) {
    it(`and says of ${title} what the token service says`, async () => {
      const { status, stderr } = await logIn(['-p', proof], changes);
      assert.equal(status, 1);
      assert.match(stderr, complaint);
    });
  }

  it('and is refused with a federated token of another subject', async () => {
    const { status, stderr } = await logIn(['--federated-token', 'not.a.token']);
    assert.equal(status, 1);
    assert.match(stderr, /^ERROR: AADSTS50027: JWT token is invalid or malformed\./);
  });
});
