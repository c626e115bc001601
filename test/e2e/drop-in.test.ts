// cspell:ignore secretdemo sqlpassword
import assert from 'node:assert/strict';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import { assertSucceeded, seedSecrets, variablesSet } from './support/secrets-step';

/*
 * Pipelines in the shapes that Microsoft's documentation of AzureKeyVault@2 shows (task reference "azure-key-vault-v2";
 * how-to pages "Use Azure Key Vault secrets in Azure Pipelines", "Query and use Azure Key Vault secrets in your
 * pipelines", "Access a private key vault from your pipeline"), and in those that teams have written for years. Only the
 * task's name is ours.
 */

const secrets = {
  secretDemo: 'not-a-real-demo-1',
  'your-secret-name': 'not-a-real-secret-2',
  SQLPassword: 'not-a-real-password-3',
};

async function run(testBed: TestBed, pipeline: string): Promise<Outcome> {
  seedSecrets(testBed, secrets);
  const outcome = await testBed.run(pipeline);
  assertSucceeded(outcome);
  assert.ok(!/not-a-real-(?:demo|secret|password)/.test(outcome.text), outcome.text);
  return outcome;
}

/** A step with as few inputs as it can have; others can be added. */
const plainStep = `
steps:
- task: KeyVaultSecrets@1
  inputs:
    azureSubscription: contoso-federated
    KeyVaultName: contoso-kv
`;

describeScenarios('A pipeline of AzureKeyVault@2 with another task name', {
  'reads one secret by its name, as the tutorial does': async (testBed) => {
    const outcome = await run(
      testBed,
      `
trigger:
- main

pool:
  vmImage: ubuntu-latest

steps:
- task: KeyVaultSecrets@1
  inputs:
    azureSubscription: 'contoso-federated'
    KeyVaultName: 'contoso-kv'
    SecretsFilter: 'secretDemo'
    RunAsPreJob: false

- script: 'echo $(secretDemo) > secret.txt && wc -c < secret.txt'
`,
    );
    assert.deepEqual(variablesSet(outcome), { secretDemo: secrets.secretDemo });
    assert.match(outcome.text, /^ *18$/m);
  },

  'reads everything for *, before a step that uses a name with dashes': async (testBed) => {
    const outcome = await run(
      testBed,
      `
steps:
- task: KeyVaultSecrets@1
  displayName: Azure Key Vault
  inputs:
    azureSubscription: 'contoso-federated'
    KeyVaultName: contoso-kv
    SecretsFilter: '*'
    RunAsPreJob: false

- bash: |
    test "$SECRET" = not-a-real-secret-2 && echo "is here"
  env:
    SECRET: $(your-secret-name)
`,
    );
    assert.deepEqual(variablesSet(outcome), secrets);
    assert.match(outcome.text, /^is here$/m);
  },

  'reads everything with only connection and vault': async (testBed) => {
    assert.deepEqual(variablesSet(await run(testBed, plainStep)), secrets);
  },

  'makes secrets available to the whole job by RunAsPreJob': async (testBed) => {
    const outcome = await run(
      testBed,
      `
steps:
- script: test "$(SQLPassword)" = not-a-real-password-3 && echo "was there"
- task: KeyVaultSecrets@1
  inputs:
    azureSubscription: contoso-federated
    KeyVaultName: contoso-kv
    SecretsFilter: SQLPassword,secretDemo
    RunAsPreJob: true
`,
    );
    assert.match(outcome.text, /^was there$/m);
    assert.deepEqual(variablesSet(outcome), { SQLPassword: secrets.SQLPassword, secretDemo: secrets.secretDemo });
  },

  'accepts lists with spaces, empty entries and other case, and variables in every input': async (testBed) => {
    const outcome = await run(
      testBed,
      `
variables:
  connection: contoso-federated
  environment: kv
  prefix: secret
steps:
- task: KeyVaultSecrets@1
  inputs:
    azureSubscription: $(connection)
    KeyVaultName: contoso-$(environment)
    SecretsFilter: ' $(prefix)Demo , sqlpassword,, '
    RunAsPreJob: 'False'
`,
    );
    const set = Object.entries(variablesSet(outcome)).map(([name, value]) => [name.toLowerCase(), value]);
    assert.deepEqual(Object.fromEntries(set), { secretdemo: secrets.secretDemo, sqlpassword: secrets.SQLPassword });
    assert.equal(Object.entries(outcome.variables).find(([name]) => /^sqlpassword$/i.test(name))?.[1].secret, true);
  },

  'sets a pinned version under both of its names': async (testBed) => {
    const version = '0123456789abcdef0123456789abcdef';
    testBed.azure.setSecret(testBed.contoso.vault, {
      name: 'SQLPassword',
      value: 'not-a-real-old-4',
      version,
      created: 1,
    });
    const outcome = await run(testBed, `${plainStep}    SecretsFilter: SQLPassword/${version}\n`);
    assert.deepEqual(variablesSet(outcome), {
      SQLPassword: 'not-a-real-old-4',
      [`SQLPassword/${version}`]: 'not-a-real-old-4',
    });
  },
});

const spellings = [
  ['azureSubscription', 'KeyVaultName', 'SecretsFilter', 'RunAsPreJob'],
  ['ConnectedServiceName', 'KeyVaultName', 'SecretsFilter', 'RunAsPreJob'],
  ['connectedServiceName', 'keyVaultName', 'secretsFilter', 'runAsPreJob'],
  ['AZURESUBSCRIPTION', 'keyvaultname', 'SECRETSFILTER', 'runasprejob'],
  ['azureSubscription', 'keyVault', 'secrets', 'runAsPreJob'],
] as const;

describeScenarios('The inputs of KeyVaultSecrets', {
  'have the names and aliases that AzureKeyVault@2 has, and their own, in any spelling': async (testBed) => {
    seedSecrets(testBed, secrets);
    const steps = spellings.map(
      ([connection, vault, filter, preJob], index) => `
- task: KeyVaultSecrets@1
  inputs:
    ${connection}: contoso-federated
    ${vault}: contoso-kv
    ${filter}: secretDemo
    ${preJob}: ${index % 2 === 0 ? 'true' : 'false'}
- bash: test "$DEMO" = not-a-real-demo-1 && echo "spelling ${index} works"
  env:
    DEMO: $(secretDemo)`,
    );
    for (const [index, step] of steps.entries()) {
      const outcome = await testBed.run(`steps:${step}\n`);
      assertSucceeded(outcome);
      assert.match(outcome.text, new RegExp(`^spelling ${index} works$`, 'm'));
      assert.equal(outcome.text.includes("this step runs before the job's first step"), index % 2 === 0);
    }
  },
});
