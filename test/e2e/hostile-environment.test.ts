import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDirectWay } from './support/direct-network';
import { assertAskedOnce, machineWith, openIdentityEndpoint } from './support/identity-endpoint';
import { assertDone, assertFailed, connectionOf, seedVault, runStep, stepOf, type Task } from './support/one-step';
import { describeScenarios, type Outcome, type Scenarios, type TestBed } from './support/scenarios';
import { variablesSet } from './support/secrets-step';
import { settingStep } from './support/setting-step';
import { openSpyingProxy } from './support/spying-proxy';
import { rulesOf } from './support/vault-state';

/* What a step of the job can do to the two tasks by nothing but its output, which may be that of foreign code. */

const attacker = '6.6.6.6';
const agentAddress = '20.50.1.10';
const azureHosts = ['contoso-kv.vault.azure.net', 'login.microsoftonline.com', 'management.azure.com', 'dev.azure.com'];

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

/** Every network that a rule of the vault was ever written for. */
function networksWritten({ azure }: TestBed): string[] {
  const bodies = azure.journal.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
  return [...new Set(bodies.flatMap((body) => body.match(/\d+\.\d+\.\d+\.\d+\/\d+/g) ?? []))];
}

/** From which addresses vaults were reached. */
function addressesTowardsVaults({ azure }: TestBed): string[] {
  return [...new Set(azure.journal.filter(({ service }) => service === 'vault').map(({ client }) => client.address))];
}

/** An agent without a proxy: the hosts of Azure are reached directly, from the agent's own address. */
async function withoutProxy<T>(
  testBed: TestBed,
  work: (machine: (variables?: Readonly<Record<string, string>>) => Record<string, string>) => Promise<T>,
): Promise<T> {
  const network = await testBed.azure.connectFrom({ addresses: [agentAddress] });
  const way = await openDirectWay(network, azureHosts);
  try {
    return await work((variables = {}) => way.environment(variables));
  } finally {
    await way.stop();
    await network.stop();
  }
}

/** The agent's folder, with files in the sources of the build. */
async function withSources<T>(
  files: Readonly<Record<string, string>>,
  work: (agent: string) => Promise<T>,
): Promise<T> {
  const agent = await mkdtemp(join(tmpdir(), 'agent-of-a-test-'));
  try {
    await mkdir(join(agent, '_work/1/s'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(agent, '_work/1/s', name), text);
    return await work(agent);
  } finally {
    await rm(agent, { recursive: true, force: true });
  }
}

const caFileOf = ({ azure }: TestBed) => readFile(azure.caFile, 'utf8');
const noProxy = { url: '' };

/** Agents before 5.277.0 write variables over inputs and service connections. */
const agentVersions = ['5.278.0', '4.260.0'];

/** Asserts that the step was refused because of a variable of this name, on agents of all versions. */
async function assertRefused(testBed: TestBed, task: Task, code: string, name: string, value: string): Promise<void> {
  for (const agentVersion of agentVersions) {
    for (const preserveCase of [false, true]) {
      const outcome = await runStep(testBed, task, {
        before: settingStep({ [name]: value }, { preserveCase }),
        agentVersion,
      });
      assertFailed(testBed, outcome, code, new RegExp(`is named ${name.toUpperCase()}`, 'i'));
      assert.deepEqual(testBed.azure.journal, []);
    }
  }
}

/** Inputs under other names than the agent's, and fields that the service connection does not have. */
const inputs: Scenarios = {
  ...forBoth('a variable in the place of an input is refused', async (testBed, task) => {
    const input = task === 'KeyVaultSecrets' ? 'INPUT_variablePrefix' : 'INPUT_ipAddresses';
    await assertRefused(testBed, task, 'AKV-INPUT', input, task === 'KeyVaultSecrets' ? 'EVIL_' : attacker);
    await assertRefused(testBed, task, 'AKV-INPUT', 'INPUT_runAsPreJob', 'true');
  }),

  ...forBoth('a variable in the place of the service connection is refused', async (testBed, task) => {
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    await assertRefused(testBed, task, 'AKV-CONNECTION', `ENDPOINT_AUTH_${id}`, '{}');
    await assertRefused(testBed, task, 'AKV-CONNECTION', `ENDPOINT_DATA_${id}`, '{"environment":"AzureChinaCloud"}');
    await assertRefused(testBed, task, 'AKV-CONNECTION', 'ENDPOINT_URL_SYSTEMVSSCONNECTION', 'https://evil.example/');
  }),

  ...forBoth('no variable takes the place of a field of the service connection', async (testBed, task) => {
    const evil = '99999999-9999-4999-8999-999999999999';
    const fields = (id: string) => ({
      [`ENDPOINT_AUTH_SCHEME_${id}`]: 'ManagedServiceIdentity',
      [`ENDPOINT_AUTH_PARAMETER_${id}_TENANTID`]: evil,
      [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALID`]: evil,
      [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALCERTIFICATE`]: 'x',
      [`ENDPOINT_DATA_${id}_ENVIRONMENT`]: 'AzureChinaCloud',
    });
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const before = settingStep(fields(id.toUpperCase())) + settingStep(fields(id), { preserveCase: true });
    for (const agentVersion of agentVersions) {
      assertDone(testBed, task, await runStep(testBed, task, { before, agentVersion }));
    }
  }),

  ...forBoth("no variable takes the place of the job's own token", async (testBed, task) => {
    const before = settingStep(
      { ENDPOINT_AUTH_PARAMETER_SystemVssConnection_ACCESSTOKEN: 'not-a-real-forged-token' },
      { preserveCase: true },
    );
    assertDone(testBed, task, await runStep(testBed, task, { connection: 'contoso-federated', before }));
  }),
};

const otherIdentity = '77777777-7777-4777-8777-777777777777';

/** Variables by which the sign-in library would ask for another identity than the machine's own. */
const identityChoices: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AZURE_CLIENT_ID and a federated token': {
    AZURE_CLIENT_ID: otherIdentity,
    AZURE_TENANT_ID: otherIdentity,
    AZURE_FEDERATED_TOKEN_FILE: '/proc/self/environ',
  },
  DEFAULT_IDENTITY_CLIENT_ID: { DEFAULT_IDENTITY_CLIENT_ID: otherIdentity },
};

/** A managed identity connection without client id, on a machine that has several identities. */
const identity: Scenarios = {
  ...Object.fromEntries(
    Object.entries(identityChoices).map(([name, variables]) => [
      `KeyVaultSecrets: no variable chooses another managed identity: ${name}`,
      (testBed: TestBed) => assertOwnIdentity(testBed, () => settingStep(variables)),
    ]),
  ),

  'KeyVaultSecrets: no variable adds a client id to a managed identity connection': (testBed) =>
    assertOwnIdentity(
      testBed,
      (id) =>
        settingStep({ [`ENDPOINT_DATA_${id.toUpperCase()}_MSICLIENTID`]: otherIdentity }) +
        settingStep({ [`ENDPOINT_DATA_${id}_MSICLIENTID`]: otherIdentity }, { preserveCase: true }),
    ),
};

/** On a compute of Azure Machine Learning, whose endpoint the library asks for the identity of a variable. */
async function assertOwnIdentity(testBed: TestBed, before: (connectionId: string) => string): Promise<void> {
  seedVault(testBed, 'KeyVaultSecrets');
  const own = await openIdentityEndpoint(testBed);
  const managed = connectionOf(testBed, 'managed', 'ManagedServiceIdentity', {});
  const outcome = await runStep(testBed, 'KeyVaultSecrets', {
    connection: 'managed',
    serviceConnections: [managed],
    environment: machineWith({
      MSI_ENDPOINT: `http://127.0.0.1:${own.port}/msi/token`,
      MSI_SECRET: 'not-a-real-secret-1',
    }),
    before: before(managed.id),
  });
  assertDone(testBed, 'KeyVaultSecrets', outcome);
  assertAskedOnce(own, outcome);
}

/** Variables that lead the tasks to someone else's proxy. */
const proxies: Scenarios = {
  ...Object.fromEntries(
    ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'Agent.ProxyUrl'].map((name) => [
      `KeyVaultAgentAccess: ${name} does not open the firewall for the address of a foreign proxy`,
      async (testBed: TestBed) => {
        const evil = await testBed.azure.connectFrom({ addresses: [attacker] });
        const before = settingStep({ [name]: evil.proxyUrl }, { preserveCase: name === 'https_proxy' });
        const outcome = await withoutProxy(testBed, (machine) =>
          runStep(testBed, 'KeyVaultAgentAccess', { proxy: noProxy, environment: machine(), before }),
        );
        assert.deepEqual(networksWritten(testBed), [], outcome.text);
        assertFailed(testBed, outcome, 'AKV-PROXY', /proxy: none/);
      },
    ]),
  ),

  'KeyVaultAgentAccess: connects directly with proxy: none, whatever the variables say': async (testBed) => {
    const evil = await testBed.azure.connectFrom({ addresses: [attacker] });
    const before = settingStep({ HTTPS_PROXY: evil.proxyUrl, 'Agent.ProxyUrl': evil.proxyUrl });
    const outcome = await withoutProxy(testBed, (machine) =>
      runStep(testBed, 'KeyVaultAgentAccess', {
        proxy: noProxy,
        environment: machine(),
        before,
        inputs: 'proxy: none',
      }),
    );
    assertDone(testBed, 'KeyVaultAgentAccess', outcome);
    assert.deepEqual(addressesTowardsVaults(testBed), [agentAddress]);
  },

  ...forBoth('uses the proxy that the agent was configured with, whatever the variables say', async (testBed, task) => {
    const evil = await testBed.azure.connectFrom({ addresses: [attacker] });
    const before = settingStep({
      'Agent.ProxyUrl': evil.proxyUrl,
      HTTPS_PROXY: evil.proxyUrl,
      NO_PROXY: 'direct.example',
    });
    const outcome = await runStep(testBed, task, { before });
    assertDone(testBed, task, outcome);
    assert.deepEqual(addressesTowardsVaults(testBed), [agentAddress]);
    assert.match(outcome.text, /##\[warning\].*Agent\.ProxyUrl/);
  }),

  ...forBoth("the password of the agent's proxy goes to no other host", async (testBed, task) => {
    const credentials = { username: 'someone', password: 'not-a-real-password-4' };
    const own = await testBed.azure.connectFrom({ addresses: [agentAddress], credentials });
    const elsewhere = await testBed.azure.connectFrom({ addresses: [attacker] });
    const spy = await openSpyingProxy(elsewhere.proxyUrl);
    for (const fromEnvironment of [false, true]) {
      await runStep(testBed, task, {
        proxy: { url: own.proxyUrl, ...credentials, fromEnvironment },
        before: settingStep({ 'Agent.ProxyUrl': spy.url }),
      });
    }
    assert.doesNotMatch(spy.requests.join('\n'), /Proxy-Authorization/i);
    await spy.stop();
  }),

  ...forBoth('the password goes to the proxy that the step itself names', async (testBed, task) => {
    const credentials = { username: 'someone', password: 'not-a-real-password-5' };
    const own = await testBed.azure.connectFrom({ addresses: [agentAddress], credentials });
    const outcome = await runStep(testBed, task, {
      proxy: { url: own.proxyUrl, ...credentials, fromEnvironment: true },
      before: settingStep({ 'Agent.ProxyUrl': 'http://127.0.0.1:9' }),
      inputs: `proxy: ${own.proxyUrl}`,
    });
    assertDone(testBed, task, outcome);
  }),
};

/** Certificate authorities that a step, or whoever writes the sources, brings along. */
const authoritiesBy = (name: 'NODE_EXTRA_CA_CERTS' | 'Agent.CAInfo'): Scenarios => ({
  ...forBoth(`${name} in the sources is refused`, async (testBed, task) => {
    await withSources({ 'ca.pem': await caFileOf(testBed) }, async (agent) => {
      const before = settingStep({ [name]: join(agent, '_work/1/s/ca.pem') });
      const outcome = await runStep(testBed, task, { caFile: '', workFolder: join(agent, '_work'), before });
      assertFailed(testBed, outcome, 'AKV-TLS', /ca\.pem' is not used: it is in the agent's work folder/);
    });
  }),

  ...forBoth(`${name} is not read out of the environment itself`, async (testBed, task) => {
    const before = settingStep({ [name]: '/proc/self/environ', PAYLOAD: `\n${await caFileOf(testBed)}` });
    const outcome = await runStep(testBed, task, { caFile: '', before });
    assertFailed(testBed, outcome, 'AKV-TLS', /environ' is not used: it is not an ordinary file/);
  }),
});

/** What keeps the post-job step from closing. */
const closing: Scenarios = Object.fromEntries(
  Object.entries({
    HTTPS_PROXY: 'http://127.0.0.1:9',
    'Agent.ProxyUrl': 'http://127.0.0.1:9',
    NO_PROXY: '*',
    'Agent.ProxyBypassList': '[".*"]',
    'Agent.CAInfo': '/absent/ca.pem',
    NODE_EXTRA_CA_CERTS: '/absent/ca.pem',
    'Agent.ClientCert': '/absent/cert.pem',
    'System.OidcRequestUri': 'https://dev.azure.com/evil/x',
    'System.TeamProjectId': 'evil',
    'System.PlanId': 'evil',
  }).flatMap(([name, value]) =>
    (['with the proxy of the agent', 'without a proxy'] as const).map((way) => [
      `KeyVaultAgentAccess: closes ${way}, though ${name} was overwritten after opening`,
      async (testBed: TestBed) => {
        const pipeline = `${stepOf('KeyVaultAgentAccess', { connection: 'contoso-federated' })}${settingStep({ [name]: value })}\n`;
        const run = (options: Parameters<TestBed['run']>[1]): Promise<Outcome> => testBed.run(pipeline, options);
        const outcome = await (way === 'without a proxy'
          ? withoutProxy(testBed, (machine) => run({ proxy: noProxy, environment: machine() }))
          : run({}));
        assert.equal(outcome.result, 'Succeeded', outcome.text);
        assert.deepEqual(rulesOf(testBed), []);
        assert.match(outcome.text, /20\.50\.1\.10\/32 removed/);
      },
    ]),
  ),
);

const folders: Scenarios = Object.fromEntries(
  [false, true].map((preserveCase) => [
    `KeyVaultSecrets: no variable chooses where secret files go${preserveCase ? ', also not by hiding the one that says it' : ''}`,
    async (testBed: TestBed) => {
      seedVault(testBed, 'KeyVaultSecrets');
      await withSources({}, async (agent) => {
        const outcome = await runStep(testBed, 'KeyVaultSecrets', {
          workFolder: join(agent, '_work'),
          secrets: 'token | file -> TOKEN_FILE',
          before: settingStep({ 'Agent.TempDirectory': join(agent, '_work/1/s') }, { preserveCase }),
        });
        assert.equal(outcome.result, 'Succeeded', outcome.text);
        const path = variablesSet(outcome).TOKEN_FILE ?? '';
        assert.ok(path.startsWith(join(agent, '_work/_temp/')), path);
      });
    },
  ]),
);

const vaults: Scenarios = {
  ...forBoth('a vault outside of the cloud is refused', async (testBed, task) => {
    const outcome = await runStep(testBed, task, { vault: 'https://contoso-kv.evil.example/' });
    assertFailed(testBed, outcome, 'AKV-INPUT', /'keyVault'.*contoso-kv\.evil\.example.*vault\.azure\.net/);
    assert.deepEqual(testBed.azure.journal, []);
  }),
};

describeScenarios('A hostile environment', {
  ...inputs,
  ...identity,
  ...proxies,
  ...authoritiesBy('NODE_EXTRA_CA_CERTS'),
  ...authoritiesBy('Agent.CAInfo'),
  ...closing,
  ...folders,
  ...vaults,
});
