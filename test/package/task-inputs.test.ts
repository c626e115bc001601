import assert from 'node:assert/strict';
import { readTask } from '../../scripts/package/definitions';

/** Name, type and default of every input: what a pipeline that is already written relies on. */
function tabulateInputs(folder: string): Record<string, string> {
  const rows = readTask(folder).inputs.map(({ name, type, defaultValue }) => [name, `${type} ${String(defaultValue)}`]);
  return Object.fromEntries(rows) as Record<string, string>;
}

function listOptions(folder: string, input: string): string[] {
  return Object.keys(readTask(folder).inputs.find(({ name }) => name === input)?.options ?? {});
}

describe('the inputs of KeyVaultSecrets@1', () => {
  const folder = 'tasks/keyvault-secrets';

  it('are these, with these defaults', () => {
    assert.deepEqual(tabulateInputs(folder), {
      connectedServiceName: 'connectedService:AzureRM ',
      keyVaultName: 'pickList ',
      secretsFilter: 'multiLine *',
      runAsPreJob: 'boolean false',
      variableNaming: 'pickList asIs',
      variablePrefix: 'string ',
      outputVariables: 'boolean false',
      tagFilter: 'multiLine ',
      includeCertificates: 'boolean true',
      secretsFile: 'string ',
      secretsFileFormat: 'pickList auto',
      missingSecrets: 'pickList fail',
      expiredSecrets: 'pickList auto',
      expiryWarningDays: 'int 14',
      publishSummary: 'boolean false',
      dryRun: 'boolean false',
      proxy: 'pickList agent',
      timeoutInSeconds: 'int 300',
    });
  });

  it('include every input of AzureKeyVault@2 by the name or alias that its documentation uses', () => {
    const known = readTask(folder).inputs.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    const lower = new Set(known.map((name) => name.toLowerCase()));
    for (const name of ['ConnectedServiceName', 'azureSubscription', 'KeyVaultName', 'SecretsFilter', 'RunAsPreJob']) {
      assert.ok(lower.has(name.toLowerCase()), name);
    }
  });

  it('offer these choices', () => {
    assert.deepEqual(listOptions(folder, 'variableNaming'), ['asIs', 'underscore', 'upperUnderscore', 'dotted']);
    assert.deepEqual(listOptions(folder, 'secretsFileFormat'), [
      ...['auto', 'env', 'dotenv', 'json', 'nestedJson', 'yaml', 'nestedYaml'],
    ]);
    assert.deepEqual(listOptions(folder, 'missingSecrets'), ['fail', 'warn', 'ignore']);
    assert.deepEqual(listOptions(folder, 'expiredSecrets'), ['auto', 'use', 'skip', 'warn', 'fail']);
  });

  it('require the connection, the vault and the secrets, and nothing else', () => {
    const required = readTask(folder).inputs.filter((input) => input.required === true);
    assert.deepEqual(
      required.map(({ name }) => name),
      ['connectedServiceName', 'keyVaultName', 'secretsFilter'],
    );
  });

  it('go with a task that may upload its summary and set any variable', () => {
    assert.equal(readTask(folder).restrictions, undefined);
    assert.equal(readTask(folder).outputVariables, undefined, 'a declared output variable is never set as $(name)');
  });
});

describe('the inputs of KeyVaultAgentAccess@1', () => {
  const folder = 'tasks/keyvault-agent-access';

  it('are these, with these defaults', () => {
    assert.deepEqual(tabulateInputs(folder), {
      connectedServiceName: 'connectedService:AzureRM ',
      keyVaultName: 'pickList ',
      action: 'pickList allow',
      runAsPreJob: 'boolean false',
      ipAddresses: 'multiLine ',
      allowPublicIpLookup: 'boolean false',
      coordination: 'pickList vaultTags',
      leaseMinutes: 'int 390',
      resourceGroupName: 'string ',
      perimeterProfile: 'multiLine ',
      waitForAccess: 'boolean true',
      proxy: 'pickList agent',
      timeoutInSeconds: 'int 300',
    });
  });

  it('offer these choices', () => {
    assert.deepEqual(listOptions(folder, 'action'), ['allow', 'check', 'sweep']);
    assert.deepEqual(listOptions(folder, 'coordination'), ['vaultTags', 'none']);
  });

  it('require the connection and the vault, and nothing else', () => {
    const required = readTask(folder).inputs.filter((input) => input.required === true);
    assert.deepEqual(
      required.map(({ name }) => name),
      ['connectedServiceName', 'keyVaultName'],
    );
  });

  it('go with a task that can set its output variables and no other, whatever it is made to print', () => {
    const { outputVariables, restrictions } = readTask(folder);
    assert.deepEqual(
      outputVariables?.map(({ name }) => name),
      ['agentIpAddress', 'summaryFile'],
    );
    assert.deepEqual(restrictions, {
      commands: { mode: 'restricted' },
      settableVariables: { allowed: ['agentIpAddress', 'summaryFile'] },
    });
  });

  it('close the firewall in a phase of its own after the job', () => {
    assert.equal(readTask(folder).postjobexecution?.Node24?.target, 'dist/postjob.js');
  });
});
