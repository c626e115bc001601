import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leastActions } from '../../simulation/azure/contoso';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import { rulesOf, tagsOf } from './support/vault-state';

const access = (inputs = '') => `
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv${inputs} }
`;
const job = (work: string, inputs = '') => `
steps:${access(inputs)}
  - bash: ${work}
    displayName: Work
`;
const sweep = `steps:${access(', action: sweep')}`;

/** Runs a job whose machine dies: main is killed when its rule exists, and no post-job step runs. */
function runDoomed(testBed: TestBed, pipeline: string, address: string): Promise<Outcome> {
  return testBed.run(pipeline, {
    network: { addresses: [address] as const },
    onProcess: (_step, phase, child) => {
      if (phase === 'post') {
        child.kill('SIGKILL');
      }
      if (phase !== 'main' || !child.spawnargs.some((argument) => argument.endsWith('main.js'))) {
        return;
      }
      const timer = setInterval(() => {
        if (rulesOf(testBed).includes(`${address}/32`)) {
          child.kill('SIGKILL');
        }
      }, 5);
      child.once('exit', () => {
        clearInterval(timer);
      });
    },
  });
}

describeScenarios('KeyVaultAgentAccess with other jobs at the same time', {
  'keeps a shared address open until the last of its jobs has ended': async (testBed) => {
    const before = testBed.vaultJson();
    const network = { addresses: ['20.60.0.1'] as const };
    const folder = await mkdtemp(join(tmpdir(), 'key-vault-signal-'));
    const shortHasEnded = join(folder, 'ended');
    const long = testBed.run(job(`until test -e ${shortHasEnded}; do sleep 0.1; done`), { network });
    const short = await testBed.run(job('echo short'), { network });
    assert.equal(short.result, 'Succeeded', short.text);
    assert.match(short.text, /20\.60\.0\.1\/32 kept: still in use by others/);
    assert.deepEqual(rulesOf(testBed), ['20.60.0.1/32']);
    await writeFile(shortHasEnded, '');
    assert.equal((await long).result, 'Succeeded', (await long).text);
    await rm(folder, { recursive: true });
    assert.equal(testBed.vaultJson(), before);
  },

  'keeps the rule of a killed job until its lease expires, and then sweeps it': async (testBed) => {
    testBed.azure.changeVault(testBed.contoso.vault, {
      properties: { networkAcls: { ipRules: [{ value: '198.51.100.0/24' }] } },
    });
    const before = testBed.vaultJson();
    await runDoomed(testBed, job('echo never'), '20.60.0.2');
    assert.deepEqual(rulesOf(testBed), ['198.51.100.0/24', '20.60.0.2/32']);
    const early = await testBed.run(sweep);
    assert.match(early.text, /no expired lease/);
    assert.deepEqual(rulesOf(testBed), ['198.51.100.0/24', '20.60.0.2/32']);
    testBed.azure.passTime(7 * 3_600_000);
    const late = await testBed.run(sweep);
    assert.equal(late.result, 'Succeeded', late.text);
    assert.match(late.text, /removed expired rules of jobs that did not clean up: 20\.60\.0\.2\/32/);
    assert.equal(testBed.vaultJson(), before);
  },

  'works without leases if the tags are full, with a warning': async (testBed) => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`tag${index}`, 'kept']));
    testBed.azure.changeVault(testBed.contoso.vault, { tags });
    const before = testBed.vaultJson();
    const result = await testBed.run(job('echo work'));
    assert.equal(result.result, 'Succeeded', result.text);
    assert.match(result.text, /##\[warning\]The tags of 'contoso-kv' cannot hold a lease/);
    assert.equal(testBed.vaultJson(), before);
  },

  'does not change the tags with coordination: none': async (testBed) => {
    const before = testBed.vaultJson();
    let during: Record<string, string> | undefined;
    const result = await testBed.run(job('echo work', ', coordination: none'), {
      onLine: (line) => {
        during = line === 'work' ? tagsOf(testBed) : during;
      },
    });
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(during, {});
    assert.equal(testBed.vaultJson(), before);
  },

  'reports exactly what remains open, and how to close it, if Azure refuses to close': async (testBed) => {
    const result = await testBed.run(job('echo work'), {
      onLine: (line) => {
        if (line === 'work') {
          testBed.contoso.revokeRole();
        }
      },
    });
    assert.equal(result.result, 'SucceededWithIssues', result.text);
    assert.match(
      result.text,
      /##\[warning\][\s\S]*AKV-ARM-ACCESS[\s\S]*To remove the rule: az keyvault network-rule remove --name contoso-kv --resource-group shop --subscription 22222222-2222-4222-8222-222222222222 --ip-address 20\.50\.1\.10\/32/,
    );
  },

  'treats a vault that was deleted during the job as closed': async (testBed) => {
    const result = await testBed.run(job('echo work'), {
      onLine: (line) => {
        if (line === 'work') {
          testBed.azure.deleteVault(testBed.contoso.vault);
        }
      },
    });
    assert.equal(result.result, 'Succeeded', result.text);
    assert.match(result.text, /contoso-kv no longer exists; nothing to remove/);
  },

  'serves several steps of one job on one vault': async (testBed) => {
    const before = testBed.vaultJson();
    const result = await testBed.run(`steps:${access()}${access(', runAsPreJob: true')}
  - bash: echo work
`);
    assert.equal(result.result, 'Succeeded', result.text);
    assert.equal(testBed.vaultJson(), before);
  },

  'opens several vaults in one step, by name, by URL and by resource id, and closes all of them': async (testBed) => {
    const { azure, contoso } = testBed;
    const networkAcls = {
      bypass: 'AzureServices',
      defaultAction: 'Deny',
      ipRules: [{ value: '198.51.100.0/24' }],
      virtualNetworkRules: [],
    };
    const others = ['contoso-kv-two', 'contoso-kv-three'].map((name) =>
      azure.addVault({ subscription: contoso.subscription, resourceGroup: 'shop', name, properties: { networkAcls } }),
    );
    others.forEach(({ id }) =>
      azure.assignRole({ objectId: contoso.application.objectId, scope: id, ...leastActions }),
    );
    const names = [contoso.vault, ...others.map(({ name }) => name)];
    const look = () => names.map((name) => JSON.stringify({ ...azure.vaultResource(name), systemData: undefined }));
    const before = look();
    let during: string[] = [];
    const result = await testBed.run(
      `
steps:
  - task: KeyVaultAgentAccess@1
    inputs:
      azureSubscription: contoso-federated
      keyVault: |
        contoso-kv
        https://contoso-kv-two.vault.azure.net/
        ${others[1]!.id}
  - bash: echo work
`,
      {
        onLine: (line) => {
          during = line === 'work' ? look() : during;
        },
      },
    );
    assert.equal(result.result, 'Succeeded', result.text);
    assert.ok(during.every((vault) => vault.includes('20.50.1.10/32')) && during.length === 3, 'all three are open');
    assert.deepEqual(look(), before);
  },

  'continues a failed attempt of the same step, and closes once': async (testBed) => {
    const before = testBed.vaultJson();
    let kills = 0;
    const result = await testBed.run(
      `
steps:
  - task: KeyVaultAgentAccess@1
    retryCountOnTaskFailure: 2
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv }
  - bash: echo work
`,
      {
        waits: { retry: 1 },
        onProcess: (_step, phase, child) => {
          if (phase === 'main' && kills === 0 && child.spawnargs.some((argument) => argument.endsWith('main.js'))) {
            kills += 1;
            const timer = setInterval(() => {
              if (rulesOf(testBed).length > 0) {
                child.kill('SIGKILL');
              }
            }, 5);
            child.once('exit', () => {
              clearInterval(timer);
            });
          }
        },
      },
    );
    assert.equal(result.result, 'Succeeded', result.text);
    const patches = testBed.azure.journal.filter(({ method }) => method === 'PATCH');
    assert.equal(patches.length, 2, 'the second attempt finds the lease of the first and adds none of its own');
    assert.equal(testBed.vaultJson(), before);
  },
});
