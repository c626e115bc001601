import assert from 'node:assert/strict';
import { findBreaks, recordContract, type Contract } from '../../scripts/release/contract';
import {
  readJson,
  readTask,
  taskFolders,
  type TaskDefinition,
  type TaskInput,
} from '../../scripts/package/definitions';

const released = readJson('test/package/released-inputs.json') as Contract;
const secrets = readTask('tasks/keyvault-secrets');
const access = readTask('tasks/keyvault-agent-access');

/** KeyVaultSecrets with one of its inputs replaced; undefined takes it out. */
function changeInput(name: string, change: (input: TaskInput) => TaskInput | undefined): TaskDefinition {
  return { ...secrets, inputs: secrets.inputs.flatMap((input) => (input.name === name ? change(input) : input) ?? []) };
}

/** What breaks when the two tasks, as they are, are followed by these. */
function breaksOf(...changed: readonly TaskDefinition[]): string[] {
  return findBreaks(recordContract([secrets, access]), recordContract(changed));
}

describe('what the last release promised to pipelines', () => {
  it('is kept: no input, alias, option, default or output variable is gone', () => {
    assert.deepEqual(findBreaks(released, recordContract(taskFolders.map(readTask))), []);
  });

  it('covers both tasks', () => {
    assert.deepEqual(Object.keys(released), ['KeyVaultAgentAccess@1', 'KeyVaultSecrets@1']);
  });
});

describe('a task that would break pipelines', () => {
  const input = (name: string) => `KeyVaultSecrets@1: input '${name}'`;
  const cases: Record<string, [TaskDefinition, string]> = {
    'has lost an input': [changeInput('tagFilter', () => undefined), `${input('tagFilter')} is gone`],
    'has renamed an input': [
      changeInput('tagFilter', (one) => ({ ...one, name: 'tags' })),
      `${input('tagFilter')} is gone`,
    ],
    'has lost an alias': [
      changeInput('keyVaultName', (one) => ({ ...one, aliases: [] })),
      `${input('keyVaultName')} has lost its alias 'keyVault'`,
    ],
    'has another default': [
      changeInput('includeCertificates', (one) => ({ ...one, defaultValue: false })),
      `${input('includeCertificates')} has changed its default from 'true' to 'false'`,
    ],
    'has another type': [
      changeInput('dryRun', (one) => ({ ...one, type: 'string' })),
      `${input('dryRun')} has changed its type from 'boolean' to 'string'`,
    ],
    'has lost an option': [
      changeInput('missingSecrets', (one) => ({ ...one, options: { fail: 'Fail', warn: 'Warn' } })),
      `${input('missingSecrets')} has lost its option 'ignore'`,
    ],
    'demands what was optional': [
      changeInput('variablePrefix', (one) => ({ ...one, required: true })),
      `${input('variablePrefix')} has become required`,
    ],
    'demands something new': [
      { ...secrets, inputs: [...secrets.inputs, { name: 'region', type: 'string', label: 'Region', required: true }] },
      "KeyVaultSecrets@1: the new input 'region' is required",
    ],
    'has another id': [{ ...secrets, id: access.id }, 'KeyVaultSecrets@1 has another id'],
    'has another major version': [
      { ...secrets, version: { ...secrets.version, Major: 2 } },
      'KeyVaultSecrets@1 is gone',
    ],
  };
  for (const [title, [changed, problem]] of Object.entries(cases)) {
    it(`is found when it ${title}`, () => {
      assert.deepEqual(breaksOf(changed, access), [problem]);
    });
  }

  it('is found when it has lost an output variable', () => {
    const breaks = breaksOf(secrets, { ...access, outputVariables: [] });
    assert.deepEqual(
      breaks,
      ['agentIpAddress', 'summaryFile'].map((name) => `KeyVaultAgentAccess@1 has lost its output variable '${name}'`),
    );
  });

  it('is not one that has got an optional input, another option or another alias', () => {
    const grown = changeInput('keyVaultName', (one) => ({ ...one, aliases: ['keyVault', 'vault'] }));
    const region = { name: 'region', type: 'string', label: 'Region' };
    assert.deepEqual(breaksOf({ ...grown, inputs: [...grown.inputs, region] }, access), []);
  });
});
