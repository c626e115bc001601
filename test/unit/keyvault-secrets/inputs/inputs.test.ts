import assert from 'node:assert/strict';
import { DiagnosedError, type Diagnosis } from '../../../../tasks/shared/errors/diagnosis';
import { readInputs } from '../../../../tasks/keyvault-secrets/inputs/inputs';
import type { SecretsInputs } from '../../../../tasks/keyvault-secrets/settings';

function read(texts: Readonly<Record<string, string>>): SecretsInputs {
  return readInputs({ text: (name) => texts[name] ?? '' });
}

function diagnosisOf(texts: Readonly<Record<string, string>>): Diagnosis {
  try {
    read(texts);
  } catch (error) {
    assert.ok(error instanceof DiagnosedError);
    return error.diagnosis;
  }
  return assert.fail('nothing was thrown');
}

/** The sentences of a mistake in one plain input. */
function problemsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  const { code, summary } = diagnosisOf({ keyVaultName: 'my-kv', ...texts });
  assert.equal(code, 'AKV-INPUT');
  return summary
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

describe('inputs of KeyVaultSecrets', () => {
  it('have the documented defaults when they are empty', () => {
    const { secretsFilter, ...inputs } = read({ keyVaultName: 'my-kv' });
    assert.deepEqual(inputs, {
      keyVaultName: [{ name: 'my-kv' }],
      variableNaming: 'asIs',
      variablePrefix: '',
      tagFilter: [],
      includeCertificates: true,
      missingSecrets: 'fail',
      expiredSecrets: 'auto',
      expiryWarningDays: 14,
      outputVariables: false,
      secretsFile: undefined,
      publishSummary: false,
      dryRun: false,
      proxy: 'agent',
      timeoutInSeconds: 300,
    });
    assert.deepEqual(
      secretsFilter.rules.map(({ text }) => text),
      ['*'],
    );
  });

  it('are read without regard to the case of fixed words', () => {
    const inputs = read({
      keyVaultName: 'kv1',
      variableNaming: 'UPPERUNDERSCORE',
      dryRun: 'TRUE',
      includeCertificates: 'False',
    });
    assert.equal(inputs.variableNaming, 'upperUnderscore');
    assert.equal(inputs.dryRun, true);
    assert.equal(inputs.includeCertificates, false);
  });

  it('cannot be changed afterwards', () => {
    assert.ok(Object.isFrozen(read({ keyVaultName: 'my-kv' })));
  });

  it('name vaults by name or URL, separated by comma or line, each once', () => {
    const { keyVaultName } = read({ keyVaultName: 'My-KV, https://Shared.vault.azure.cn/\n my-kv' });
    assert.deepEqual(keyVaultName, [{ name: 'my-kv' }, { name: 'shared', suffix: 'vault.azure.cn' }]);
  });

  it('read tag conditions line by line', () => {
    const { tagFilter } = read({ keyVaultName: 'my-kv', tagFilter: 'env=prod\n owner \nenv != dev=x\nnote=' });
    assert.deepEqual(tagFilter, [
      { tag: 'env', test: 'equals', value: 'prod' },
      { tag: 'owner', test: 'exists', value: '' },
      { tag: 'env', test: 'differs', value: 'dev=x' },
      { tag: 'note', test: 'equals', value: '' },
    ]);
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['variableNaming', 'camel', "'camel' is not valid; allowed: asIs, underscore, upperUnderscore, dotted."],
    ['missingSecrets', 'no', "'no' is not valid; allowed: fail, warn, ignore."],
    ['expiredSecrets', 'no', "'no' is not valid; allowed: auto, use, skip, warn, fail."],
    ['expiryWarningDays', '-1', "'-1' is not valid; allowed: a whole number from 0 to 3650."],
    ['timeoutInSeconds', '0', "'0' is not valid; allowed: a whole number from 1 to 86400."],
    ['variablePrefix', 'a b', "'a b' cannot begin a name. Allowed: letters, digits, dot, dash and underscore."],
    ['variablePrefix', '$(prefix)', "variable 'prefix' is not defined, so '$(prefix)' is still in the text."],
    ['tagFilter', '=x', "'=x' is not a condition. Allowed: tag, tag=value, tag!=value."],
    [
      'proxy',
      'proxy.example',
      "'proxy.example' is not valid; allowed: agent, none, or the proxy's address without user name and path, for example http://proxy.contoso.example:8080.",
    ],
  ];
  for (const [input, text, problem] of mistakes) {
    it(`explain ${input} ${text === '' ? '(empty)' : text}`, () => {
      assert.deepEqual(problemsOf({ [input]: text }), [`Input '${input}': ${problem}`]);
    });
  }

  it('report the mistakes of all inputs and of the rules at once', () => {
    const { code, summary } = diagnosisOf({
      keyVaultName: 'my-kv',
      dryRun: 'maybe',
      missingSecrets: 'x',
      secretsFilter: 'a_b',
    });
    assert.equal(code, 'AKV-INPUT');
    assert.match(
      summary,
      /^2 inputs are not valid; nothing was read or changed\.\n {2}Input 'missingSecrets'.*\n {2}Input 'dryRun'.*\nInput 'secrets' has 1 mistake/,
    );
    assert.match(summary, /line 1, column 2/);
  });

  it('do not blame the rules for a wrong list of vaults', () => {
    const { summary } = diagnosisOf({ keyVaultName: 'k, my-kv', secretsFilter: 'other-kv:x' });
    assert.match(summary, /^1 input is not valid/);
    assert.doesNotMatch(summary, /secretsFilter/);
  });

  it('have a code of their own for rules that alone are wrong', () => {
    const { code, summary } = diagnosisOf({ keyVaultName: 'my-kv', secretsFilter: 'a => B\nother-kv:x' });
    assert.equal(code, 'AKV-RULES');
    assert.match(summary, /^Input 'secrets' has 2 mistakes; nothing was read\./);
  });
});
