import assert from 'node:assert/strict';
import { createCertificateAuthority } from '../../simulation/azure/http/certificates';
import type { Answer } from '../../simulation/azure/http/exchange';
import { openDirectWay } from './support/direct-network';
import { assertAskedOnce, openIdentityEndpoint } from './support/identity-endpoint';
import { assertDone, assertFailed, connectionOf, seedVault, runStep, secretValue, type Task } from './support/one-step';
import { describeScenarios, type Scenarios, type TestBed } from './support/scenarios';
import { assertUnreadable, variablesSet } from './support/secrets-step';
import { settingStep } from './support/setting-step';
import { withFiles } from './support/temporary-files';

/** Asserts that requests were sent only to Azure. */
function assertOnlyAzure({ azure }: TestBed): void {
  const known = /^(login\.microsoftonline\.com|management\.azure\.com|contoso-kv\.vault\.azure\.net|dev\.azure\.com)$/;
  assert.deepEqual(
    azure.journal.map(({ host }) => host).filter((host) => !known.test(host)),
    [],
  );
}

/** The same scenario for both tasks. */
function forBoth(title: string, run: (testBed: TestBed, task: Task) => Promise<void>): Scenarios {
  const tasks: readonly Task[] = ['KeyVaultSecrets', 'KeyVaultAgentAccess'];
  return Object.fromEntries(
    tasks.map((task) => [
      `${task}: ${title}`,
      (testBed: TestBed) => {
        seedVault(testBed, task);
        return run(testBed, task);
      },
    ]),
  );
}

const redirecting = {
  AZURE_REGIONAL_AUTHORITY_NAME: 'evil.example/x',
  MSAL_FORCE_REGION: 'evil.example/x',
  REGION_NAME: 'evil.example/x',
  AZURE_AUTHORITY_HOST: 'https://evil.example',
  AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://evil.example',
  AZURE_TENANT_ID: '99999999-9999-4999-8999-999999999999',
  AZURE_CLIENT_ID: '99999999-9999-4999-8999-999999999999',
  AZURE_FEDERATED_TOKEN_FILE: '/tmp/evil',
  AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: 'true',
};

/** A text that would set a variable, forge lines and mislead a terminal if it were printed unchanged. */
const hostileText = [
  'No. ##vso[task.setvariable variable=FORGED]evil',
  '##vso[task.complete result=Succeeded;]done',
  '##[section]Finishing: forged',
  '#\u200b#[error]forged',
  '\u001b[2J\u001b[1;1Hforged',
].join('\r\n');

/** The answer with a change to its JSON. */
const altered =
  (change: (body: Record<string, unknown>) => object) =>
  (answer: Answer): Answer => ({
    ...answer,
    body: JSON.stringify(change(JSON.parse(answer.body) as Record<string, unknown>)),
  });

/** How each kind of machine gives the sign-in library the address of its managed identity. */
const identityPlaces: Readonly<Record<string, (host: string) => Record<string, string>>> = {
  'App Service': (host) => ({ IDENTITY_ENDPOINT: `${host}/msi/token`, IDENTITY_HEADER: 'not-a-real-header' }),
  'Service Fabric': (host) => ({
    IDENTITY_ENDPOINT: `${host}/msi/token`,
    IDENTITY_HEADER: 'not-a-real-header',
    IDENTITY_SERVER_THUMBPRINT: 'not-a-real-thumbprint',
  }),
  'Azure Arc': (host) => ({ IDENTITY_ENDPOINT: `${host}/msi/token`, IMDS_ENDPOINT: host }),
  'Azure Machine Learning': (host) => ({ MSI_ENDPOINT: `${host}/msi/token`, MSI_SECRET: 'not-a-real-secret-1' }),
  'Cloud Shell': (host) => ({ MSI_ENDPOINT: `${host}/msi/token` }),
  'pod identity': (host) => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: host }),
};

describeScenarios('Security', {
  ...forBoth('no variable of an earlier step sends the client secret elsewhere', async (testBed, task) => {
    const outcome = await runStep(testBed, task, { before: settingStep(redirecting) });
    assertDone(testBed, task, outcome);
    assertOnlyAzure(testBed);
  }),

  ...forBoth('no variable of an earlier step sends the job token or an assertion elsewhere', async (testBed, task) => {
    const before = settingStep({
      ...redirecting,
      'System.OidcRequestUri': 'https://evil.example/oidctoken',
      'System.CollectionUri': 'https://evil.example/',
      'System.TeamFoundationCollectionUri': 'https://evil.example/',
    });
    const outcome = await runStep(testBed, task, { connection: 'contoso-federated', before });
    assertDone(testBed, task, outcome);
    assertOnlyAzure(testBed);
  }),

  ...Object.fromEntries(
    Object.entries(identityPlaces).map(([platform, variablesFor]) => [
      `no variable of an earlier step says where the managed identity is: ${platform}`,
      async (testBed: TestBed) => {
        seedVault(testBed, 'KeyVaultSecrets');
        const [own, evil] = [await openIdentityEndpoint(testBed), await openIdentityEndpoint(testBed)];
        const network = await testBed.azure.connectFrom({ addresses: ['20.50.1.10'] });
        const way = await openDirectWay(network, [], { '169.254.169.254': own.port });
        const outcome = await runStep(testBed, 'KeyVaultSecrets', {
          connection: 'managed',
          serviceConnections: [connectionOf(testBed, 'managed', 'ManagedServiceIdentity', {})],
          environment: way.environment(),
          before: settingStep(variablesFor(`http://127.0.0.1:${evil.port}`)),
        });
        assertDone(testBed, 'KeyVaultSecrets', outcome);
        assertAskedOnce(own, outcome);
        assert.deepEqual(evil.requests, []);
      },
    ]),
  ),

  ...forBoth('no variable of an earlier step turns the verification of certificates off', async (testBed, task) => {
    const stranger = await createCertificateAuthority();
    await withFiles({ 'ca.pem': stranger.pem }, async ({ 'ca.pem': caFile }) => {
      const before = settingStep({ NODE_TLS_REJECT_UNAUTHORIZED: '0' });
      assertFailed(testBed, await runStep(testBed, task, { caFile, before }), 'AKV-TLS');
    });
  }),

  'a nextLink to another host is refused, before any token is sent there': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    testBed.azure.fault({
      when: ({ path, headers }) => path === '/secrets' && 'authorization' in headers,
      then: { alter: altered((page) => ({ ...page, nextLink: 'https://evil.example/secrets?api-version=7.4' })) },
    });
    const outcome = await runStep(testBed, 'KeyVaultSecrets', { secrets: '*' });
    assertFailed(testBed, outcome, 'AKV-FOREIGN-HOST', /pointed to https:\/\/evil\.example; the token .* not sent/);
  },

  'a nextLink of Azure Resource Manager to another host is refused': async (testBed) => {
    testBed.azure.fault({
      when: ({ service, path }) => service === 'arm' && path.endsWith('/resources'),
      then: { alter: altered((page) => ({ ...page, value: [], nextLink: 'https://evil.example/resources' })) },
    });
    const outcome = await runStep(testBed, 'KeyVaultAgentAccess');
    assertFailed(testBed, outcome, 'AKV-FOREIGN-HOST', /evil\.example/);
  },

  'a challenge for a token of another resource is refused': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const challenge = `Bearer authorization="https://login.microsoftonline.com/${testBed.contoso.tenant.id}", resource="https://management.azure.com"`;
    testBed.azure.fault({
      when: ({ service }) => service === 'vault',
      then: { alter: (answer) => ({ ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } }) },
    });
    const outcome = await runStep(testBed, 'KeyVaultSecrets');
    assertFailed(testBed, outcome, 'AKV-FOREIGN-HOST', /requested a token for 'management\.azure\.com'; none was sent/);
    // A token for vaults may have been asked for by then, as it always will be; no other one, and it went nowhere.
    const signIns = testBed.azure.journal.filter(({ service }) => service === 'entra');
    assert.ok(
      signIns.every(({ body }) => new URLSearchParams(body).get('scope')?.includes('https://vault.azure.net/')),
    );
    assert.ok(!testBed.azure.journal.some(({ service, headers }) => service === 'vault' && 'authorization' in headers));
  },

  'a challenge that names another authority does not change where the step signs in': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const challenge = `Bearer authorization="https://evil.example/${testBed.contoso.tenant.id}", resource="https://vault.azure.net"`;
    testBed.azure.fault({
      when: ({ service, headers }) => service === 'vault' && !('authorization' in headers),
      then: { alter: (answer) => ({ ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } }) },
    });
    assertDone(testBed, 'KeyVaultSecrets', await runStep(testBed, 'KeyVaultSecrets'));
    assertOnlyAzure(testBed);
  },

  'the vault gets only the token for vaults, Azure Resource Manager only its own token': async (testBed) => {
    const outcome = await runStep(testBed, 'KeyVaultAgentAccess');
    assertDone(testBed, 'KeyVaultAgentAccess', outcome);
    const tokens = (service: string) =>
      new Set(
        testBed.azure.journal
          .filter((entry) => entry.service === service)
          .flatMap(({ headers }) => headers.authorization ?? []),
      );
    const [ofVault, ofManager] = [tokens('vault'), tokens('arm')];
    assert.ok(ofVault.size > 0 && ofManager.size > 0);
    assert.deepEqual(
      [...ofVault].filter((token) => ofManager.has(token)),
      [],
    );
    assert.equal(tokens('echo').size + tokens('devops').size, 0);
  },

  ...forBoth('a hostile text of the server commands nothing and forges no line', async (testBed, task) => {
    const service = task === 'KeyVaultSecrets' ? 'vault' : 'arm';
    const error = { code: 'BadRequest ##[error]forged', message: hostileText };
    testBed.azure.fault({
      when: (request) => request.service === service && 'authorization' in request.headers,
      then: { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ error }) },
    });
    const variables = [{ name: 'System.Debug', value: 'true', secret: false }];
    const inputs = task === 'KeyVaultSecrets' ? '' : 'resourceGroupName: shop';
    const outcome = await runStep(testBed, task, { variables, inputs });
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.equal(outcome.variables.FORGED, undefined);
    assert.match(outcome.text, /No\. # #vso\[task\.setvariable variable=FORGED\]evil/);
    assert.doesNotMatch(outcome.text, /^##\[(section|error)\](Finishing: )?forged/m);
    assert.ok(!outcome.text.includes('\u001b'));
  }),

  ...forBoth('not even a run with System.Debug shows a secret or a token', async (testBed, task) => {
    const outcome = await runStep(testBed, task, {
      variables: [{ name: 'System.Debug', value: 'true', secret: false }],
    });
    assertDone(testBed, task, outcome);
    assert.match(outcome.text, /##\[debug\]/);
    const given = testBed.azure.journal.flatMap(({ headers }) => headers.authorization?.replace(/^Bearer /, '') ?? []);
    assert.ok(given.length > 0);
    assertUnreadable(outcome.text, secretValue, testBed.contoso.clientSecret, ...given);
  }),

  'a secret is set only under the name in the rules, regardless of the answer of the vault': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    testBed.azure.fault({
      when: ({ path, headers }) => path.startsWith('/secrets/token') && 'authorization' in headers,
      then: {
        alter: altered((secret) => ({
          ...secret,
          id: 'https://contoso-kv.vault.azure.net/secrets/PATH/0123456789abcdef0123456789abcdef',
        })),
      },
    });
    const outcome = await runStep(testBed, 'KeyVaultSecrets');
    assert.equal(variablesSet(outcome).PATH, undefined);
    assert.equal(outcome.variables.PATH, undefined);
  },
});
