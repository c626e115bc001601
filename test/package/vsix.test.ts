import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findVsix, readVsix, unpackVsix } from '../../scripts/package/vsix';
import { readJson, readManifest, readTask, taskFolders } from '../../scripts/package/definitions';

const KiB = 1024;

describe('the extension manifest', () => {
  const manifest = readManifest();

  it('has the version of both tasks, because an agent keeps a task by its version', () => {
    for (const folder of taskFolders) {
      const { Major, Minor, Patch } = readTask(folder).version;
      assert.equal(`${Major}.${Minor}.${Patch}`, manifest.version, folder);
    }
    assert.equal((readJson('package.json') as { version: string }).version, manifest.version);
  });

  it('contributes exactly the two tasks', () => {
    assert.deepEqual(
      manifest.contributions.map(({ properties }) => properties.name),
      taskFolders,
    );
  });

  it('keeps its description to the 200 characters that the Marketplace allows', () => {
    assert.ok(manifest.description.length <= 200);
  });

  it('is public, and its development form is a private extension of another id', () => {
    const development = readJson('overrides.dev.json') as { id: string; name: string; public: boolean };
    assert.equal(manifest.public, true);
    assert.equal(development.public, false);
    assert.notEqual(development.id, manifest.id);
    assert.equal(development.name, `${manifest.name} (development)`);
  });
});

describe('the packed extension', () => {
  let files: Map<string, Uint8Array>;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'vsix-'));
    files = await readVsix(findVsix());
    await unpackVsix(findVsix(), folder);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('holds exactly these files: no sources, no source maps, no tests', () => {
    // What phases share, and what they load late, is in files that the bundler names.
    const named = [...files.keys()].filter((name) => !/\/dist\/[\w-]+-[A-Z0-9]{8}\.js$/.test(name));
    assert.deepEqual(named.sort(), [
      'LICENSE',
      'THIRD-PARTY-NOTICES.txt',
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension.vsomanifest',
      'images/extension-icon.png',
      'images/firewall.png',
      'images/keyvault-agent-access-form.png',
      'images/keyvault-secrets-form.png',
      'images/log.png',
      'overview.md',
      'tasks/keyvault-agent-access/dist/main.js',
      'tasks/keyvault-agent-access/dist/phase-main.js',
      'tasks/keyvault-agent-access/dist/phase-postjob.js',
      'tasks/keyvault-agent-access/dist/phase-prejob.js',
      'tasks/keyvault-agent-access/dist/postjob.js',
      'tasks/keyvault-agent-access/dist/prejob.js',
      'tasks/keyvault-agent-access/icon.png',
      'tasks/keyvault-agent-access/task.json',
      'tasks/keyvault-secrets/dist/main.js',
      'tasks/keyvault-secrets/dist/phase-main.js',
      'tasks/keyvault-secrets/dist/phase-prejob.js',
      'tasks/keyvault-secrets/dist/prejob.js',
      'tasks/keyvault-secrets/icon.png',
      'tasks/keyvault-secrets/task.json',
    ]);
  });

  it('holds every file that a handler of a task starts', () => {
    for (const task of taskFolders) {
      const { prejobexecution, execution, postjobexecution } = readTask(task);
      const handlers = [prejobexecution, execution, postjobexecution].flatMap((phase) => Object.values(phase ?? {}));
      for (const { target } of handlers) assert.ok(existsSync(path.join(folder, task, target)), `${task}/${target}`);
    }
  });

  it('stays small: at most 1 MiB in all, 700 KiB of code a task, 32 KiB an icon, 300 KiB a picture', () => {
    assert.ok(statSync(findVsix()).size <= 1024 * KiB);
    for (const task of taskFolders) {
      const scripts = [...files].filter(([name]) => name.startsWith(`${task}/`) && name.endsWith('.js'));
      const code = scripts.reduce((sum, [, { length }]) => sum + length, 0);
      assert.ok(code <= 700 * KiB, `${task} has ${code} bytes of code`);
    }
    for (const [name, { length }] of files) {
      if (name.endsWith('.png'))
        assert.ok(length <= (name.includes('icon') ? 32 : 300) * KiB, `${name} has ${length} bytes`);
    }
  });

  it('says nothing about the machine that built it', () => {
    for (const [name, bytes] of files) {
      const text = Buffer.from(bytes).toString('latin1');
      assert.ok(!text.includes(path.resolve('.')) && !text.includes('sourceMappingURL=data'), name);
    }
  });

  it('carries the license of every library in its bundles', () => {
    const notices = Buffer.from(files.get('THIRD-PARTY-NOTICES.txt')!).toString();
    for (const name of ['@azure/identity', '@azure/msal-node', 'azure-pipelines-task-lib']) {
      assert.match(notices, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\nLicense: MIT\\n\\n.*Copyright`, 'ms'), name);
    }
  });
});
