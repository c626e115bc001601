import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { retiredVersions } from '../../simulation/azure/arm/versions';

/** What users get or copy. A version of the vault's own interface is named nowhere else; 2016-10-01 is one of both. */
const shipped = ['tasks', 'docs', 'examples', 'scripts', 'README.md', 'overview.md', 'vss-extension.json'];
const text = /\.(ts|mjs|cjs|json|md|yml|bicep|sh)$/;

describe('the versions of the Key Vault control plane', () => {
  const files = execFileSync('git', ['ls-files', '--', ...shipped], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => text.test(file));

  it('that Azure retires on 2027-02-27 are named nowhere', () => {
    const found = files.flatMap((file) => {
      // Microsoft.Network has versions of its own.
      const content = readFileSync(file, 'utf8').replace(
        /(Microsoft\.Network\b.*|perimeterApiVersion = ')2025-05-01/g,
        '',
      );
      return retiredVersions.filter((version) => content.includes(version)).map((version) => `${file}: ${version}`);
    });
    assert.ok(files.length > 100, 'the files that are shipped were not found');
    assert.deepEqual(found, []);
  });

  it('is 2026-02-01 in the requests of KeyVaultAgentAccess and in the Bicep file', () => {
    const adapters = files.filter((file) => file.startsWith('tasks/keyvault-agent-access/adapters/'));
    assert.ok(adapters.some((file) => readFileSync(file, 'utf8').includes("'2026-02-01'")));
    assert.match(readFileSync('docs/key-vault-firewall-operator-assignment.bicep', 'utf8'), /vaults@2026-02-01'/);
  });

  it('decides which command-line tools the documentation asks for', () => {
    assert.match(readFileSync('docs/getting-started.md', 'utf8'), /Azure CLI 2\.90\.0 or later/);
    const page = readFileSync('docs/troubleshooting.md', 'utf8');
    assert.match(page, /Azure CLI 2\.90\.0.*Az\.KeyVault 6\.6\.0/);
    assert.match(page, /2027-02-27/);
  });
});
