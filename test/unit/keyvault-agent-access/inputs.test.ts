import assert from 'node:assert/strict';
import { readInputs, timeoutForPerimeter } from '../../../tasks/keyvault-agent-access/inputs';
import { parseProfileId } from '../../../tasks/keyvault-agent-access/perimeter/profile-id';
import { DiagnosedError } from '../../../tasks/shared/errors/diagnosis';
import { profileId } from './perimeter/fake-profile';

const read = (texts: Readonly<Record<string, string>>) =>
  readInputs({ text: (name) => ({ keyVaultName: 'app-kv', ...texts })[name] ?? '' });

function problemsOf(texts: Readonly<Record<string, string>>): string {
  try {
    read(texts);
  } catch (error) {
    assert.ok(error instanceof DiagnosedError);
    assert.equal(error.diagnosis.code, 'AKV-INPUT');
    return error.diagnosis.summary;
  }
  throw new Error('The inputs were taken.');
}

describe('inputs', () => {
  it('has the defaults that task.json documents', () => {
    assert.deepEqual(read({}), {
      action: 'allow',
      vaults: [{ name: 'app-kv' }],
      resourceGroup: '',
      networks: [],
      allowPublicIpLookup: false,
      leased: true,
      leaseMinutes: 390,
      profiles: [],
      waitForAccess: true,
      timeoutInSeconds: 300,
    });
  });

  it('takes everything that a user can set', () => {
    const inputs = read({
      action: 'SWEEP',
      keyVaultName: 'app-kv, https://other-kv.vault.azure.net/\r\nthird-kv,',
      resourceGroupName: 'app-rg',
      ipAddresses: '20.1.2.3\n20.5.0.9/28, 20.1.2.4/32',
      allowPublicIpLookup: 'True',
      coordination: 'NONE',
      leaseMinutes: '60',
      perimeterProfile: `app-kv: ${profileId}`,
      waitForAccess: 'FALSE',
      timeoutInSeconds: '900',
    });
    assert.deepEqual(inputs, {
      action: 'sweep',
      vaults: [{ name: 'app-kv' }, { name: 'other-kv' }, { name: 'third-kv' }],
      resourceGroup: 'app-rg',
      networks: ['20.1.2.3/32', '20.5.0.0/28', '20.1.2.4/32'],
      allowPublicIpLookup: true,
      leased: false,
      leaseMinutes: 60,
      profiles: [{ vault: 'app-kv', profile: parseProfileId(profileId) }],
      waitForAccess: false,
      timeoutInSeconds: 900,
    });
  });

  it('give a perimeter 900 seconds unless the user has set another time', () => {
    const limits = ['', '300', '10', '1200'].map((timeoutInSeconds) => timeoutForPerimeter(read({ timeoutInSeconds })));
    assert.deepEqual(limits, [900, 900, 10, 1200]);
  });

  it('names every wrong profile', () => {
    assert.match(
      problemsOf({ perimeterProfile: 'shop' }),
      /Input 'perimeterProfile': 'shop' is not the resource ID of a/,
    );
    const strange = problemsOf({ perimeterProfile: `other-kv: ${profileId}` });
    assert.match(strange, /Input 'perimeterProfile': 'other-kv' is not a vault of this step/);
  });

  it('cannot be changed afterwards', () => {
    assert.ok(Object.isFrozen(read({})));
  });

  it('takes a vault that is named twice once', () => {
    assert.deepEqual(read({ keyVaultName: 'app-kv, other-kv, https://APP-KV.vault.azure.net/' }).vaults, [
      { name: 'APP-KV' },
      { name: 'other-kv' },
    ]);
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['keyVaultName', 'a_b', "'a_b' is no vault name"],
    ['keyVaultName', 'app-kv, x', "'x' is no vault name"],
    ['keyVaultName', ' , ', "' , ' names nothing."],
    ['keyVaultName', '$(vault)', "the variable 'vault' is not defined in '$(vault)'."],
    ['keyVaultName', 'kv-$(env)-1', "the variable 'env' is not defined in 'kv-$(env)-1'."],
    ['action', 'open', "'open' is none of: allow, sweep."],
    ['ipAddresses', '20.1.2', "'20.1.2' is no IPv4 address or CIDR range"],
    ['ipAddresses', '20.1.2.3, 2001:db8::1', "'2001:db8::1' is no IPv4 address or CIDR range"],
    ['ipAddresses', '10.1.2.3', "'10.1.2.3' is not public"],
    ['ipAddresses', '0.0.0.0/0', "'0.0.0.0/0' is not public"],
    ['ipAddresses', ',', "',' names nothing."],
    ['allowPublicIpLookup', 'yes', "'yes' is neither true nor false."],
    ['waitForAccess', '1', "'1' is neither true nor false."],
    ['coordination', 'locks', "'locks' is none of: vaultTags, none."],
    ['leaseMinutes', '0', "'0' is not a whole number from 1 to 43200."],
    ['leaseMinutes', '43201', "'43201' is not a whole number from 1 to 43200."],
    ['leaseMinutes', '1e3', "'1e3' is not a whole number"],
    ['timeoutInSeconds', '9', "'9' is not a whole number from 10 to 86400."],
    ['timeoutInSeconds', '-30', "'-30' is not a whole number"],
    ['timeoutInSeconds', '30.5', "'30.5' is not a whole number"],
  ];
  for (const [name, text, problem] of mistakes) {
    it(`quotes '${text}' as a mistake in ${name}`, () => {
      const summary = problemsOf({ [name]: text });
      assert.equal(summary.split('\n').length, 1);
      assert.ok(summary.startsWith(`Input '${name}': ${problem}`), summary);
    });
  }

  it('requires a vault', () => {
    assert.equal(
      problemsOf({ keyVaultName: '' }),
      "Input 'keyVaultName': a vault is required: its name, https:// URL or resource id.",
    );
  });

  it('names all mistakes at once', () => {
    const summary = problemsOf({ action: 'shut', leaseMinutes: 'long', waitForAccess: 'maybe' });
    assert.deepEqual(
      summary.split('\n').map((line) => /Input '(\w+)'/.exec(line)?.[1]),
      ['action', 'leaseMinutes', 'waitForAccess'],
    );
  });
});
