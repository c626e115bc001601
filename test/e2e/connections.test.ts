import assert from 'node:assert/strict';
import type { ServiceConnection } from '../../simulation/agent/run-options';
import { leastActions } from '../../simulation/azure/contoso';
import type { CloudName } from '../../simulation/azure/clouds';
import { openDirectWay } from './support/direct-way';
import { openIdentityEndpoint } from './support/identity-endpoint';
import {
  addApplication,
  assertDone,
  connectByCertificate,
  connectionOf,
  furnish,
  runStep,
  secretValue,
  stepOf,
  type StepOptions,
  type Task,
} from './support/one-step';
import { describeScenarios, type Stage } from './support/scenarios';
import { variablesSet } from './support/secrets-step';

/** Both tasks, one after the other, do their work with the service connection. */
async function assertBothWork(stage: Stage, connection: ServiceConnection, options: StepOptions = {}): Promise<void> {
  const given = { ...options, connection: connection.name, serviceConnections: [connection] };
  const opened = await runStep(stage, 'KeyVaultAgentAccess', given);
  assertDone(stage, 'KeyVaultAgentAccess', opened);
  furnish(stage, 'KeyVaultSecrets');
  const read = await runStep(stage, 'KeyVaultSecrets', given);
  assertDone(stage, 'KeyVaultSecrets', read);
  const identity =
    connection.parameters.serviceprincipalid === undefined
      ? /managed identity|as application/
      : /as application \*\*\*/;
  assert.match(read.text, identity);
}

/** Contoso's branch in another cloud, and what a connection to it is like. */
function settleIn(stage: Stage, cloud: CloudName, url: string): { connection: ServiceConnection; vault: string } {
  const { azure } = stage;
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
  return { connection: { ...connectionOf(stage, 'abroad', 'ServicePrincipal', parameters, data), url }, vault };
}

/** A scenario that does the work of both tasks in a cloud, and speaks to hosts of that cloud only. */
function worksIn(cloud: CloudName, hosts: RegExp) {
  return async (stage: Stage) => {
    const { connection, vault } = settleIn(stage, cloud, 'https://management.example/');
    const options = { connection: connection.name, serviceConnections: [connection], vault };
    const opened = await runStep(stage, 'KeyVaultAgentAccess', options);
    assertDone(stage, 'KeyVaultAgentAccess', opened);
    furnish(stage, 'KeyVaultSecrets', vault);
    const read = await runStep(stage, 'KeyVaultSecrets', options);
    assertDone(stage, 'KeyVaultSecrets', read);
    assert.match(read.text, new RegExp(`\\(${cloud}\\)`));
    const strangers = stage.azure.journal.map(({ host }) => host).filter((host) => !hosts.test(host));
    assert.deepEqual(strangers, []);
  };
}

/** A managed identity's endpoint on the agent's machine, for as long as the work takes. */
async function withIdentity(stage: Stage, clientId: string, task: Task) {
  const endpoint = await openIdentityEndpoint(stage, clientId);
  try {
    const data = clientId === '' ? {} : { msiclientId: clientId };
    const connection = connectionOf(stage, 'managed', 'ManagedServiceIdentity', {}, data);
    furnish(stage, task);
    const options = { connection: 'managed', serviceConnections: [connection], environment: endpoint.environment };
    const outcome = await runStep(stage, task, options);
    assertDone(stage, task, outcome);
    return { outcome, requests: endpoint.requests };
  } finally {
    await endpoint.stop();
  }
}

const userAssigned = 'b1ffcd00-0d1c-4f09-8c7e-7cc0ce491b22';

describeScenarios('Service connections', {
  'a certificate signs both tasks in': async (stage) => {
    await assertBothWork(stage, await connectByCertificate(stage));
  },

  'a certificate saved on one line signs in as well': async (stage) => {
    const connection = await connectByCertificate(stage, ({ certificate, privateKey }) =>
      `${privateKey}\n${certificate}`.replaceAll('\n', ' '),
    );
    furnish(stage, 'KeyVaultSecrets');
    const options = { connection: connection.name, serviceConnections: [connection] };
    assertDone(stage, 'KeyVaultSecrets', await runStep(stage, 'KeyVaultSecrets', options));
  },

  'a federated connection with the issuer of Microsoft Entra signs both tasks in': async (stage) => {
    const issuer = `https://login.microsoftonline.com/${stage.contoso.tenant.id}/v2.0`;
    const subject = '/eid1/c/pub/t/not-a-real-tenant/a/not-a-real-organization/sc/contoso/connection';
    const audience = 'api://AzureADTokenExchange';
    const { clientId } = addApplication(stage, { federatedCredentials: [{ issuer, subject, audience }] });
    const connection = connectionOf(stage, 'by-entra', 'WorkloadIdentityFederation', {
      serviceprincipalid: clientId,
    });
    stage.azure.addServiceConnection({ organization: 'contoso', id: connection.id, issuer, subject });
    await assertBothWork(stage, connection);
  },

  'a federated connection works in a classic release, which has another hub': async (stage) => {
    furnish(stage, 'KeyVaultSecrets');
    const { job } = stage.contoso;
    const token = 'not-a-real-release-token-1';
    stage.azure.addJob({ ...job, hub: 'release', token });
    const outcome = await runStep(stage, 'KeyVaultSecrets', {
      connection: 'contoso-federated',
      hostType: 'release',
      systemConnection: { url: 'https://dev.azure.com/contoso/', accessToken: token },
      // What the server gives a release; an agent that gets nothing is as good.
      variables: [{ name: 'System.OidcRequestUri', value: '', secret: false }],
    });
    assertDone(stage, 'KeyVaultSecrets', outcome);
    assert.ok(stage.azure.journal.some(({ path }) => path.includes('/hubs/release/')));
  },

  'an assertion that has expired on the way is asked for anew': async (stage) => {
    furnish(stage, 'KeyVaultSecrets');
    const expired = {
      error: 'invalid_client',
      error_description: 'AADSTS700024: Client assertion is not within its valid time range.',
    };
    stage.azure.fault({
      when: ({ service }) => service === 'entra',
      times: 1,
      then: { status: 401, headers: { 'content-type': 'application/json' }, body: JSON.stringify(expired) },
    });
    const outcome = await runStep(stage, 'KeyVaultSecrets', { connection: 'contoso-federated' });
    assertDone(stage, 'KeyVaultSecrets', outcome);
    assert.equal(stage.azure.journal.filter(({ path }) => path.endsWith('/oidctoken')).length, 2);
  },

  'the step that closes signs in by itself, with an assertion of its own': async (stage) => {
    const outcome = await runStep(stage, 'KeyVaultAgentAccess', { connection: 'contoso-federated' });
    assertDone(stage, 'KeyVaultAgentAccess', outcome);
    assert.equal(stage.azure.journal.filter(({ path }) => path.endsWith('/oidctoken')).length, 2);
  },

  'the system-assigned managed identity reads secrets, and no proxy sees it asked for': async (stage) => {
    const { outcome, requests } = await withIdentity(stage, '', 'KeyVaultSecrets');
    assert.match(outcome.text, /as the machine's system-assigned managed identity/);
    assert.deepEqual(requests, [
      { resource: 'https://vault.azure.net', clientId: '', header: 'not-a-real-identity-header' },
    ]);
  },

  'the system-assigned managed identity opens a firewall': async (stage) => {
    const { requests } = await withIdentity(stage, '', 'KeyVaultAgentAccess');
    assert.deepEqual([...new Set(requests.map(({ resource }) => resource))].sort(), [
      'https://management.azure.com',
      'https://vault.azure.net',
    ]);
  },

  'a user-assigned managed identity is asked for by its client id': async (stage) => {
    const { outcome, requests } = await withIdentity(stage, userAssigned, 'KeyVaultSecrets');
    assert.match(outcome.text, new RegExp(`as the managed identity ${userAssigned}`));
    assert.deepEqual([...new Set(requests.map(({ clientId }) => clientId))], [userAssigned]);
  },

  'a virtual machine is asked at its own address for its managed identity': async (stage) => {
    furnish(stage, 'KeyVaultSecrets');
    const endpoint = await openIdentityEndpoint(stage);
    const network = await stage.azure.connectFrom({ addresses: ['20.50.1.10'] });
    const way = await openDirectWay(network, [], { '169.254.169.254': endpoint.port });
    const outcome = await runStep(stage, 'KeyVaultSecrets', {
      connection: 'managed',
      serviceConnections: [connectionOf(stage, 'managed', 'ManagedServiceIdentity', {})],
      environment: way.environment(),
    });
    assertDone(stage, 'KeyVaultSecrets', outcome);
    assert.deepEqual(endpoint.requests, [{ resource: 'https://vault.azure.net', clientId: '', header: 'true' }]);
  },

  'US Government: both tasks speak to its hosts only': worksIn(
    'AzureUSGovernment',
    /^(login\.microsoftonline\.us|management\.usgovcloudapi\.net|contoso-abroad\.vault\.usgovcloudapi\.net)$/,
  ),

  'China: both tasks speak to its hosts only': worksIn(
    'AzureChinaCloud',
    /^(login\.partner\.microsoftonline\.cn|management\.chinacloudapi\.cn|contoso-abroad\.vault\.azure\.cn)$/,
  ),

  'the connection is found by an id in upper case': async (stage) => {
    furnish(stage, 'KeyVaultSecrets');
    const id = '3F2504E0-4F89-41D3-9A0C-0305E82C3301';
    const outcome = await stage.run(stepOf('KeyVaultSecrets', { connection: id }));
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(variablesSet(outcome), { token: secretValue });
  },
});
