import assert from 'node:assert/strict';
import { readInputs, timeoutForPerimeter } from '../../../../tasks/keyvault-agent-access/inputs/inputs';
import { parseProfileId } from '../../../../tasks/keyvault-agent-access/resource-ids/profile-id';
import { resourceId } from '../vault-fixture';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { profileId } from '../perimeter/fake-profile';

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
      everyVault: false,
      resourceGroup: '',
      networks: [],
      allowPublicIpLookup: false,
      leased: true,
      leaseMinutes: 390,
      profiles: [],
      waitForAccess: true,
      proxy: 'agent',
      timeoutInSeconds: 300,
    });
  });

  it('reads everything that a user can set', () => {
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
      proxy: 'None',
      timeoutInSeconds: '900',
    });
    assert.deepEqual(inputs, {
      action: 'sweep',
      vaults: [{ name: 'app-kv' }, { name: 'other-kv', suffix: 'vault.azure.net' }, { name: 'third-kv' }],
      everyVault: false,
      resourceGroup: 'app-rg',
      networks: ['20.1.2.3/32', '20.5.0.0/28', '20.1.2.4/32'],
      allowPublicIpLookup: true,
      leased: false,
      leaseMinutes: 60,
      profiles: [{ vault: 'app-kv', profile: parseProfileId(profileId) }],
      waitForAccess: false,
      proxy: 'none',
      timeoutInSeconds: 900,
    });
  });

  it("takes '*' for every vault with a lease, to sweep only", () => {
    const { everyVault, profiles, vaults } = read({
      action: 'sweep',
      keyVaultName: '*',
      perimeterProfile: `${profileId}\n${profileId}2`,
    });
    assert.deepEqual([everyVault, vaults, profiles.length], [true, [], 2]);
    for (const action of ['allow', 'check']) {
      assert.match(problemsOf({ action, keyVaultName: '*' }), /Input 'keyVault': '\*' is every vault with a lease/);
    }
    assert.match(problemsOf({ action: 'sweep', keyVaultName: 'app-kv, *' }), /'\*' is not the name of a vault/);
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
      { name: 'app-kv', suffix: 'vault.azure.net' },
      { name: 'other-kv' },
    ]);
  });

  it('takes the full resource id of a vault', () => {
    assert.deepEqual(read({ keyVaultName: resourceId }).vaults, [{ name: 'app-kv', resourceId }]);
    const other = resourceId.replace('Microsoft.KeyVault', 'microsoft.keyvault');
    assert.deepEqual(read({ keyVaultName: other }).vaults, [{ name: 'app-kv', resourceId: other }]);
  });

  for (const text of [`${resourceId}/secrets/x`, resourceId.replace('vaults', 'managedHSMs'), '/subscriptions/x']) {
    it(`quotes '${text}', which is no resource id of a vault`, () => {
      assert.ok(
        problemsOf({ keyVaultName: text }).includes(`Input 'keyVault': '${text}' is not the resource id of a vault.`),
      );
    });
  }

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['keyVaultName', 'app-kv, x', "'x' is not the name of a vault"],
    ['action', 'open', "'open' is not valid; allowed: allow, check, sweep."],
    ['ipAddresses', '20.1.2', "'20.1.2' is not an IPv4 address or CIDR range"],
    ['ipAddresses', '20.1.2.3, 2001:db8::1', "'2001:db8::1' is not an IPv4 address or CIDR range"],
    ['ipAddresses', '10.1.2.3', "'10.1.2.3' is not public"],
    ['ipAddresses', '0.0.0.0/0', "'0.0.0.0/0' is not public"],
    ['ipAddresses', ',', "',' is empty."],
    ['coordination', 'locks', "'locks' is not valid; allowed: vaultTags, none."],
    ['leaseMinutes', '43201', "'43201' is not valid; allowed: a whole number from 1 to 43200."],
    ['timeoutInSeconds', '9', "'9' is not valid; allowed: a whole number from 10 to 86400."],
  ];
  for (const [name, text, problem] of mistakes) {
    it(`quotes '${text}' as a mistake in ${name}`, () => {
      const [, line = '', ...more] = problemsOf({ [name]: text }).split('\n');
      assert.deepEqual(more, []);
      assert.ok(line.startsWith(`  Input '${name === 'keyVaultName' ? 'keyVault' : name}': ${problem}`), line);
    });
  }

  it('names all mistakes at once', () => {
    const summary = problemsOf({ action: 'shut', leaseMinutes: 'long', waitForAccess: 'maybe' });
    assert.deepEqual(
      summary
        .split('\n')
        .slice(1)
        .map((line) => /Input '(\w+)'/.exec(line)?.[1]),
      ['action', 'leaseMinutes', 'waitForAccess'],
    );
  });
});
