import assert from 'node:assert/strict';
import { createInputReader } from '../../../../tasks/shared/inputs/reader';
import { parseVault, readVaults, vaultUrl, type VaultReference } from '../../../../tasks/shared/inputs/vault-reference';
import { findCloud } from '../../../../tasks/shared/sign-in/cloud';

function read(text: string) {
  const reader = createInputReader({ text: () => text });
  const vaults = readVaults(reader, parseVault);
  return { vaults, problems: reader.problems };
}

describe('the input keyVault', () => {
  const good: readonly (readonly [string, VaultReference])[] = [
    ['app-kv', { name: 'app-kv' }],
    ['App-KV-2', { name: 'app-kv-2' }],
    ['abc', { name: 'abc' }],
    ['a23456789012345678901234', { name: 'a23456789012345678901234' }],
    ['https://app-kv.vault.azure.net', { name: 'app-kv', suffix: 'vault.azure.net' }],
    ['https://app-kv.vault.azure.net/', { name: 'app-kv', suffix: 'vault.azure.net' }],
    ['HTTPS://App-KV.Vault.Azure.CN/', { name: 'app-kv', suffix: 'vault.azure.cn' }],
    ['https://app-kv.vault.usgovcloudapi.net', { name: 'app-kv', suffix: 'vault.usgovcloudapi.net' }],
  ];
  for (const [text, vault] of good) {
    it(`takes ${text}`, () => {
      assert.deepEqual(read(text), { vaults: [vault], problems: [] });
    });
  }

  for (const text of ['kv', '1kv', 'app--kv', 'app-kv-', 'app_kv', 'a234567890123456789012345', 'app kv']) {
    it(`quotes '${text}', which is no name of a vault`, () => {
      assert.match(
        read(text).problems.join(),
        new RegExp(`^Input 'keyVault': '${text}' is not the name of a vault\\.`),
      );
    });
  }

  const urls: Record<string, RegExp> = {
    'http://app-kv.vault.azure.net': /does not start with https/,
    'https://app-kv.vault.azure.net/secrets/x':
      /has more than a host\. Did you mean 'https:\/\/app-kv\.vault\.azure\.net'/,
    'https://app-kv.vault.azure.net/?x': /has more than a host/,
    'https://me:not-a-real-password-1@app-kv.vault.azure.net': /cannot hold a user name or password/,
    'https://foo.evil.example/':
      /'https:\/\/foo\.evil\.example\/' is not the URL of a vault\. It must be https:\/\/<name>\.vault\.azure\.net or/,
    'https://app-kv.vault.azure.net.evil.example': /is not the URL of a vault/,
    'https://app-kv.evil.vault.azure.net': /is not the URL of a vault/,
    'https://app-kv.vault.azure.net:8443': /is not the URL of a vault/,
    'https://kv.vault.azure.net': /is not the URL of a vault/,
    'https://app-kv': /is not the URL of a vault/,
    'https://': /is not a URL/,
    'app-kv.vault.azure.net': /Did you mean 'https:\/\/app-kv\.vault\.azure\.net'/,
  };
  for (const [text, says] of Object.entries(urls)) {
    it(`does not take '${text}'`, () => {
      const { problems, vaults } = read(text);
      assert.deepEqual(vaults, []);
      assert.match(problems.join(), says);
      assert.doesNotMatch(problems.join(), /not-a-real-password/);
    });
  }

  it('uses a vault that is named twice once, with the address if one of them is a URL', () => {
    assert.deepEqual(read('app-kv, other-kv, https://APP-KV.vault.azure.net/').vaults, [
      { name: 'app-kv', suffix: 'vault.azure.net' },
      { name: 'other-kv' },
    ]);
  });

  it('does not take two vaults of one name in two clouds', () => {
    assert.match(
      read('https://app-kv.vault.azure.net, https://app-kv.vault.azure.cn').problems.join(),
      /two vaults are named 'app-kv'/,
    );
  });

  it('is required', () => {
    assert.match(read('').problems.join(), /^Input 'keyVault': is empty\. Give the vault's name/);
  });
});

describe('vaultUrl', () => {
  const cloud = findCloud('AzureChinaCloud');

  it('is where the cloud of the service connection has the vault', () => {
    assert.ok(cloud !== undefined);
    assert.equal(vaultUrl({ name: 'app-kv' }, cloud), 'https://app-kv.vault.azure.cn');
    assert.equal(vaultUrl({ name: 'app-kv', suffix: 'vault.azure.cn' }, cloud), 'https://app-kv.vault.azure.cn');
  });

  it('is refused for a vault of another cloud', () => {
    assert.ok(cloud !== undefined);
    assert.throws(() => vaultUrl({ name: 'app-kv', suffix: 'vault.azure.net' }, cloud), {
      message:
        /^AKV-CONNECTION: 'app-kv' is at app-kv\.vault\.azure\.net, which is not in AzureChinaCloud; no token is sent there\./,
    });
  });
});
