import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createCertificateAuthority, createClientCertificate } from '../../simulation/azure/http/certificates';
import { openDirectWay } from './support/direct-network';
import { machineWith } from './support/identity-endpoint';
import { assertDone, assertFailed, seedVault, runStep, type StepOptions, type Task } from './support/one-step';
import { describeScenarios, type Scenarios, type TestBed } from './support/scenarios';
import { withFiles } from './support/temporary-files';

const bothTasks: readonly Task[] = ['KeyVaultSecrets', 'KeyVaultAgentAccess'];
const vaultHost = 'contoso-kv.vault.azure.net';
const proxyAddress = '20.50.1.10';
const directAddress = '20.60.1.10';

/** The same scenario for both tasks. */
function forBoth(title: string, run: (testBed: TestBed, task: Task) => Promise<void>): Scenarios {
  return Object.fromEntries(
    bothTasks.map((task) => [
      `${task}: ${title}`,
      (testBed: TestBed) => {
        seedVault(testBed, task);
        return run(testBed, task);
      },
    ]),
  );
}

/** Runs the task with a proxy for most hosts and a direct way to the vault. */
async function runDirectly(testBed: TestBed, task: Task, options: (proxyUrl: string) => StepOptions, failing = {}) {
  seedVault(testBed, task);
  const proxy = await testBed.azure.connectFrom({ addresses: [proxyAddress] });
  const behind = await testBed.azure.connectFrom({ addresses: [directAddress] });
  const way = await openDirectWay(behind, Object.keys(failing).length === 0 ? [vaultHost] : [], failing);
  try {
    const { environment = {}, ...given } = options(proxy.proxyUrl);
    return await runStep(testBed, task, { ...given, environment: way.environment(environment) });
  } finally {
    await way.stop();
  }
}

/** From which addresses a host was reached. */
function addressesTowards({ azure }: TestBed, service: string): readonly string[] {
  return [...new Set(azure.journal.filter((entry) => entry.service === service).map(({ client }) => client.address))];
}

/** A proxy that inspects TLS, and lets only those through who show a certificate. */
const withCertificate = { demandsCertificate: true };
const unused = { url: 'http://127.0.0.1:9' };

describeScenarios('Network', {
  ...forBoth(
    "signs in to the agent's proxy with a name and a password of all kinds of characters",
    async (testBed, task) => {
      const credentials = { username: String.raw`do\main user`, password: 'p@ss:w/ord%' };
      const { proxyUrl } = await testBed.azure.connectFrom({ addresses: [proxyAddress], credentials });
      const outcome = await runStep(testBed, task, { proxy: { url: proxyUrl, ...credentials } });
      assertDone(testBed, task, outcome);
      assert.doesNotMatch(outcome.text, /p@ss|p%40ss/);
    },
  ),

  ...forBoth('says that the proxy requires authentication', async (testBed, task) => {
    const credentials = { username: 'someone', password: 'not-a-real-password-3' };
    const { proxyUrl } = await testBed.azure.connectFrom({ addresses: [proxyAddress], credentials });
    const guess = 'not-a-real-guess-1';
    const outcome = await runStep(testBed, task, { proxy: { url: proxyUrl, username: 'someone', password: guess } });
    assertFailed(testBed, outcome, 'AKV-PROXY', /requires authentication to reach \S+ \(HTTP 407\)[^]*--proxypassword/);
    assert.doesNotMatch(outcome.text, /not-a-real-guess-1/);
  }),

  ...forBoth('says that the proxy is down', async (testBed, task) => {
    const outcome = await runStep(testBed, task, { proxy: unused, inputs: 'timeoutInSeconds: 10' });
    assertFailed(testBed, outcome, 'AKV-NETWORK', /ECONNREFUSED/);
  }),

  ...forBoth(
    'says that a proxy opens TLS connections with an untrusted certificate authority',
    async (testBed, task) => {
      const stranger = await createCertificateAuthority();
      await withFiles({ 'ca.pem': stranger.pem }, async ({ 'ca.pem': caFile }) => {
        const outcome = await runStep(testBed, task, { caFile });
        assertFailed(testBed, outcome, 'AKV-TLS', /does not trust[^]*--sslcacert[^]*NODE_EXTRA_CA_CERTS/);
      });
    },
  ),

  ...forBoth('never loosens TLS, also when the agent is configured to', async (testBed, task) => {
    const outcome = await runStep(testBed, task, { caFile: '', skipCertificateValidation: true });
    assertFailed(testBed, outcome, 'AKV-TLS', /This agent does not trust/);
  }),

  "trusts NODE_EXTRA_CA_CERTS together with the agent's own authority": async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const stranger = await createCertificateAuthority();
    await withFiles({ 'ca.pem': stranger.pem }, async ({ 'ca.pem': caFile }) => {
      const environment = machineWith({ NODE_EXTRA_CA_CERTS: testBed.azure.caFile });
      const options = { caFile, environment };
      assertDone(testBed, 'KeyVaultSecrets', await runStep(testBed, 'KeyVaultSecrets', options));
    });
  },

  'trusts NODE_EXTRA_CA_CERTS of a pipeline variable when the agent has no authority of its own': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const variables = [{ name: 'NODE_EXTRA_CA_CERTS', value: testBed.azure.caFile, secret: false }];
    assertDone(testBed, 'KeyVaultSecrets', await runStep(testBed, 'KeyVaultSecrets', { caFile: '', variables }));
  },

  "says which of the agent's certificate files cannot be read": async (testBed) => {
    const outcome = await runStep(testBed, 'KeyVaultSecrets', { caFile: '/absent/ca.pem' });
    assertFailed(testBed, outcome, 'AKV-TLS', /'\/absent\/ca\.pem' cannot be read: ENOENT/);
  },

  ...forBoth("shows the agent's client certificate to whoever asks for one", async (testBed, task) => {
    const { certificate, privateKey } = await createClientCertificate();
    await withFiles({ 'cert.pem': certificate, 'key.pem': privateKey }, async (paths) => {
      const clientCertificate = { certificate: paths['cert.pem'], key: paths['key.pem'], archive: '' };
      assertDone(testBed, task, await runStep(testBed, task, { clientCertificate, network: withCertificate }));
    });
    const { fingerprint256 } = new X509Certificate(certificate);
    assert.deepEqual([...new Set(testBed.azure.journal.map(({ client }) => client.certificate))], [fingerprint256]);
  }),

  ...forBoth('says that a client certificate is asked for when the agent has none', async (testBed, task) => {
    const outcome = await runStep(testBed, task, { network: withCertificate });
    assertFailed(
      testBed,
      outcome,
      'AKV-TLS',
      /CERTIFICATE_REQUIRED[^]*requires a client certificate[^]*--sslclientcert /,
    );
  }),

  "says when the key of the agent's client certificate does not belong to it": async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const [one, other] = await Promise.all([createClientCertificate(), createClientCertificate()]);
    await withFiles({ 'cert.pem': one.certificate, 'other.pem': other.privateKey }, async (paths) => {
      const clientCertificate = { certificate: paths['cert.pem'], key: paths['other.pem'], archive: '' };
      const outcome = await runStep(testBed, 'KeyVaultSecrets', { clientCertificate });
      assertFailed(testBed, outcome, 'AKV-TLS', /agent's certificates cannot be used: .*key values mismatch/);
    });
  },

  "uses the environment's proxy when the agent has none": async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const { proxyUrl } = await testBed.azure.connectFrom({ addresses: [proxyAddress] });
    const environment = machineWith({ HTTPS_PROXY: proxyUrl });
    assertDone(
      testBed,
      'KeyVaultSecrets',
      await runStep(testBed, 'KeyVaultSecrets', { proxy: { url: '' }, environment }),
    );
  },

  "goes directly, by IPv4, to what the agent's bypass list matches": async (testBed) => {
    const outcome = await runDirectly(testBed, 'KeyVaultSecrets', (url) => ({
      proxy: { url, bypass: [String.raw`.*\.vault\.azure\.net`, '*.not.an.expression'] },
    }));
    assertDone(testBed, 'KeyVaultSecrets', outcome);
    assert.deepEqual(addressesTowards(testBed, 'vault'), [directAddress]);
    assert.deepEqual(addressesTowards(testBed, 'entra'), [proxyAddress]);
  },

  'connects directly to the hosts in NO_PROXY, if the agent has a proxy': async (testBed) => {
    const outcome = await runDirectly(testBed, 'KeyVaultSecrets', (url) => ({
      proxy: { url },
      environment: { NO_PROXY: 'localhost,.vault.azure.net' },
    }));
    assertDone(testBed, 'KeyVaultSecrets', outcome);
    assert.deepEqual(addressesTowards(testBed, 'vault'), [directAddress]);
  },

  'connects directly to the hosts in NO_PROXY, if the environment has a proxy': async (testBed) => {
    const outcome = await runDirectly(testBed, 'KeyVaultSecrets', (url) => ({
      proxy: { url: '' },
      environment: { HTTPS_PROXY: url, NO_PROXY: vaultHost },
    }));
    assertDone(testBed, 'KeyVaultSecrets', outcome);
    assert.deepEqual(addressesTowards(testBed, 'vault'), [directAddress]);
  },

  ...forBoth('says at once that there is no such vault when DNS does not know it', async (testBed, task) => {
    const outcome = await runDirectly(testBed, task, (url) => ({ proxy: { url, bypass: ['vault\\.azure'] } }), {
      [vaultHost]: 'ENOTFOUND',
    });
    assertFailed(
      testBed,
      outcome,
      'AKV-HOST-NOT-FOUND',
      /no vault 'contoso-kv' in this cloud[^]*az keyvault recover --name contoso-kv/,
    );
    assert.doesNotMatch(outcome.text, /attempt 3/);
  }),

  ...forBoth('tries again when DNS is not ready, and says so in the end', async (testBed, task) => {
    const outcome = await runDirectly(
      testBed,
      task,
      (url) => ({ proxy: { url, bypass: ['vault\\.azure'] }, inputs: 'timeoutInSeconds: 20' }),
      { [vaultHost]: 'EAI_AGAIN' },
    );
    assertFailed(testBed, outcome, 'AKV-NETWORK', /EAI_AGAIN.*attempt 3[^]*EAI_AGAIN/);
  }),

  'retries if DNS does not resolve Azure Resource Manager, and reports it at the end': async (testBed) => {
    const outcome = await runDirectly(
      testBed,
      'KeyVaultAgentAccess',
      (url) => ({ proxy: { url, bypass: ['management'] }, inputs: 'timeoutInSeconds: 20' }),
      { 'management.azure.com': 'EAI_AGAIN' },
    );
    assertFailed(testBed, outcome, 'AKV-NETWORK', /management\.azure\.com: EAI_AGAIN.*attempt 3[^]*EAI_AGAIN/);
  },

  'KeyVaultAgentAccess: reports that a rule already allows the agent, if a proxy hides its address': async (
    testBed,
  ) => {
    const ipRules = [{ value: '20.50.1.10/32' }];
    testBed.azure.changeVault(testBed.contoso.vault, {
      properties: { networkAcls: { defaultAction: 'Deny', ipRules } },
    });
    const before = testBed.vaultJson();
    const network = { stripResponseHeaders: ['x-ms-keyvault-network-info'] };
    const outcome = await runStep(testBed, 'KeyVaultAgentAccess', { network });
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.match(
      outcome.text,
      /AKV-ADDRESS-UNKNOWN: .*already accepts this agent, by a rule that another job may remove/,
    );
    assert.match(outcome.text, /'ipAddresses'[^]*'allowPublicIpLookup: true'/);
    assert.equal(testBed.vaultJson(), before);
  },

  ...forBoth('names the vault when the proxy does not find it', async (testBed, task) => {
    const vault = task === 'KeyVaultSecrets' ? 'contoso-vk' : 'contoso-kv';
    if (task === 'KeyVaultAgentAccess') {
      testBed.azure.deleteVault('contoso-kv');
    }
    const outcome = await runStep(testBed, task, { vault });
    const code = task === 'KeyVaultSecrets' ? 'AKV-PROXY' : 'AKV-ARM-NOT-FOUND';
    assert.equal(outcome.result, 'Failed');
    assert.match(
      outcome.text,
      new RegExp(`##\\[error\\]${code}: [^]*'${vault}'[^]*az keyvault recover --name ${vault} `),
    );
  }),
});
