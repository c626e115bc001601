import assert from 'node:assert/strict';
import type { ServiceConnection } from '../../simulation/agent/run-options';
import { leastActions } from '../../simulation/azure/contoso';
import type { CloudName } from '../../simulation/azure/clouds';
import { openDirectWay } from './support/direct-network';
import { openIdentityEndpoint } from './support/identity-endpoint';
import {
  addApplication,
  assertDone,
  connectByCertificate,
  connectionOf,
  seedVault,
  runStep,
  secretValue,
  stepOf,
  type StepOptions,
  type Task,
} from './support/one-step';
import { describeScenarios, type TestBed } from './support/scenarios';
import { variablesSet } from './support/secrets-step';

/** Both tasks, one after the other, do their work with the service connection. */
async function assertBothWork(
  testBed: TestBed,
  connection: ServiceConnection,
  options: StepOptions = {},
): Promise<void> {
  const given = { ...options, connection: connection.name, serviceConnections: [connection] };
  const opened = await runStep(testBed, 'KeyVaultAgentAccess', given);
  assertDone(testBed, 'KeyVaultAgentAccess', opened);
  seedVault(testBed, 'KeyVaultSecrets');
  const read = await runStep(testBed, 'KeyVaultSecrets', given);
  assertDone(testBed, 'KeyVaultSecrets', read);
  const identity =
    connection.parameters.serviceprincipalid === undefined
      ? /managed identity|as application/
      : /as application \*\*\*/;
  assert.match(read.text, identity);
}

/** Contoso's branch in another cloud, and what a connection to it is like. */
function settleIn(testBed: TestBed, cloud: CloudName, url: string): { connection: ServiceConnection; vault: string } {
  const { azure } = testBed;
  const tenant = azure.addTenant({ cloud });
  const subscription = azure.addSubscription({ tenant });
  const application = azure.addApplication({ tenant, secrets: [{ value: 'not-a-real-password-2' }] });
  const vault = 'contoso-abroad';
  const networkAcls = { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] };
  const { id } = azure.addVault({ subscription, resourceGroup: 'shop', name: vault, properties: { networkAcls } });
  azure.assignRole({ objectId: application.objectId, scope: id, ...leastActions });
  const parameters = {
    tenantid: tenant.id,
    serviceprincipalid: application.clientId,
    serviceprincipalkey: 'not-a-real-password-2',
  };
  const data = { environment: cloud, subscriptionid: subscription.id };
  return { connection: { ...connectionOf(testBed, 'abroad', 'ServicePrincipal', parameters, data), url }, vault };
}

/** A scenario that does the work of both tasks in a cloud, and speaks to hosts of that cloud only. */
function worksIn(cloud: CloudName, hosts: RegExp) {
  return async (testBed: TestBed) => {
    const { connection, vault } = settleIn(testBed, cloud, 'https://management.example/');
    const options = { connection: connection.name, serviceConnections: [connection], vault };
    const opened = await runStep(testBed, 'KeyVaultAgentAccess', options);
    assertDone(testBed, 'KeyVaultAgentAccess', opened);
    seedVault(testBed, 'KeyVaultSecrets', vault);
    const read = await runStep(testBed, 'KeyVaultSecrets', options);
    assertDone(testBed, 'KeyVaultSecrets', read);
    assert.match(read.text, new RegExp(`\\(${cloud}\\)`));
    const strangers = testBed.azure.journal.map(({ host }) => host).filter((host) => !hosts.test(host));
    assert.deepEqual(strangers, []);
  };
}

/** A managed identity's endpoint on the agent's machine, for as long as the work takes. */
async function withIdentity(testBed: TestBed, clientId: string, task: Task) {
  const endpoint = await openIdentityEndpoint(testBed, clientId);
  try {
    const data = clientId === '' ? {} : { msiclientId: clientId };
    const connection = connectionOf(testBed, 'managed', 'ManagedServiceIdentity', {}, data);
    seedVault(testBed, task);
    const options = { connection: 'managed', serviceConnections: [connection], environment: endpoint.environment };
    const outcome = await runStep(testBed, task, options);
    assertDone(testBed, task, outcome);
    return { outcome, requests: endpoint.requests };
  } finally {
    await endpoint.stop();
  }
}

const userAssigned = 'b1ffcd00-0d1c-4f09-8c7e-7cc0ce491b22';

describeScenarios('Service connections', {
  'a certificate signs both tasks in': async (testBed) => {
    await assertBothWork(testBed, await connectByCertificate(testBed));
  },

  'a certificate saved on one line signs in as well': async (testBed) => {
    const connection = await connectByCertificate(testBed, ({ certificate, privateKey }) =>
      `${privateKey}\n${certificate}`.replaceAll('\n', ' '),
    );
    seedVault(testBed, 'KeyVaultSecrets');
    const options = { connection: connection.name, serviceConnections: [connection] };
    assertDone(testBed, 'KeyVaultSecrets', await runStep(testBed, 'KeyVaultSecrets', options));
  },

  'a federated connection with the issuer of Microsoft Entra signs both tasks in': async (testBed) => {
    const issuer = `https://login.microsoftonline.com/${testBed.contoso.tenant.id}/v2.0`;
    const subject = '/eid1/c/pub/t/not-a-real-tenant/a/not-a-real-organization/sc/contoso/connection';
    const audience = 'api://AzureADTokenExchange';
    const { clientId } = addApplication(testBed, { federatedCredentials: [{ issuer, subject, audience }] });
    const connection = connectionOf(testBed, 'by-entra', 'WorkloadIdentityFederation', {
      serviceprincipalid: clientId,
    });
    testBed.azure.addServiceConnection({ organization: 'contoso', id: connection.id, issuer, subject });
    await assertBothWork(testBed, connection);
  },

  'a federated connection works in a classic release, which has another hub': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const { job } = testBed.contoso;
    const token = 'not-a-real-release-token-1';
    testBed.azure.addJob({ ...job, hub: 'release', token });
    const outcome = await runStep(testBed, 'KeyVaultSecrets', {
      connection: 'contoso-federated',
      hostType: 'release',
      systemConnection: { url: 'https://dev.azure.com/contoso/', accessToken: token },
      // What the server gives a release; an agent that gets nothing is as good.
      variables: [{ name: 'System.OidcRequestUri', value: '', secret: false }],
    });
    assertDone(testBed, 'KeyVaultSecrets', outcome);
    assert.ok(testBed.azure.journal.some(({ path }) => path.includes('/hubs/release/')));
  },

  'an assertion that expired in transit is requested again': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const expired = {
      error: 'invalid_client',
      error_description: 'AADSTS700024: Client assertion is not within its valid time range.',
    };
    testBed.azure.fault({
      when: ({ service }) => service === 'entra',
      times: 1,
      then: { status: 401, headers: { 'content-type': 'application/json' }, body: JSON.stringify(expired) },
    });
    const outcome = await runStep(testBed, 'KeyVaultSecrets', { connection: 'contoso-federated' });
    assertDone(testBed, 'KeyVaultSecrets', outcome);
    assert.equal(testBed.azure.journal.filter(({ path }) => path.endsWith('/oidctoken')).length, 2);
  },

  'the post-job step signs in again, with its own assertion': async (testBed) => {
    const outcome = await runStep(testBed, 'KeyVaultAgentAccess', { connection: 'contoso-federated' });
    assertDone(testBed, 'KeyVaultAgentAccess', outcome);
    assert.equal(testBed.azure.journal.filter(({ path }) => path.endsWith('/oidctoken')).length, 2);
  },

  'the system-assigned managed identity reads secrets, and its request uses no proxy': async (testBed) => {
    const { outcome, requests } = await withIdentity(testBed, '', 'KeyVaultSecrets');
    assert.match(outcome.text, /as the machine's system-assigned managed identity/);
    assert.deepEqual(requests, [
      { resource: 'https://vault.azure.net', clientId: '', header: 'not-a-real-identity-header' },
    ]);
  },

  'the system-assigned managed identity opens a firewall': async (testBed) => {
    const { requests } = await withIdentity(testBed, '', 'KeyVaultAgentAccess');
    assert.deepEqual([...new Set(requests.map(({ resource }) => resource))].sort(), [
      'https://management.azure.com',
      'https://vault.azure.net',
    ]);
  },

  'a user-assigned managed identity is asked for by its client id': async (testBed) => {
    const { outcome, requests } = await withIdentity(testBed, userAssigned, 'KeyVaultSecrets');
    assert.match(outcome.text, new RegExp(`as the managed identity ${userAssigned}`));
    assert.deepEqual([...new Set(requests.map(({ clientId }) => clientId))], [userAssigned]);
  },

  'the managed identity of a virtual machine is requested at its own address': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const endpoint = await openIdentityEndpoint(testBed);
    const network = await testBed.azure.connectFrom({ addresses: ['20.50.1.10'] });
    const way = await openDirectWay(network, [], { '169.254.169.254': endpoint.port });
    const outcome = await runStep(testBed, 'KeyVaultSecrets', {
      connection: 'managed',
      serviceConnections: [connectionOf(testBed, 'managed', 'ManagedServiceIdentity', {})],
      environment: way.environment(),
    });
    assertDone(testBed, 'KeyVaultSecrets', outcome);
    assert.deepEqual(endpoint.requests, [{ resource: 'https://vault.azure.net', clientId: '', header: 'true' }]);
  },

  'US Government: both tasks connect only to its hosts': worksIn(
    'AzureUSGovernment',
    /^(login\.microsoftonline\.us|management\.usgovcloudapi\.net|contoso-abroad\.vault\.usgovcloudapi\.net)$/,
  ),

  'China: both tasks connect only to its hosts': worksIn(
    'AzureChinaCloud',
    /^(login\.partner\.microsoftonline\.cn|management\.chinacloudapi\.cn|contoso-abroad\.vault\.azure\.cn)$/,
  ),

  'the connection is found by an id in upper case': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const id = '3F2504E0-4F89-41D3-9A0C-0305E82C3301';
    const outcome = await testBed.run(stepOf('KeyVaultSecrets', { connection: id }));
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(variablesSet(outcome), { token: secretValue });
  },
});
