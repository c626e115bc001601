import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closeUnreleased, newestRelease } from '../../scripts/release/changelog';
import { prepareRelease } from '../../scripts/release/prepare-release';
import { refuseVersion } from '../../scripts/release/version';
import { readTask, root, taskFolders } from '../../scripts/package/definitions';

const sources = [
  'package.json',
  'package-lock.json',
  'vss-extension.json',
  'CHANGELOG.md',
  'test/package/released-inputs.json',
  ...taskFolders.map((task) => `${task}/task.json`),
];
const changelog = '# Changelog\n\n## Unreleased\n\n### Fixed\n\n- A thing.\n';

describe('npm run release', () => {
  let folder: string;
  const at = (name: string) => path.join(folder, name);
  const readAll = () => new Map(sources.map((name) => [name, readFileSync(at(name), 'utf8')]));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'release-'));
    for (const name of sources) cpSync(path.join(root, name), at(name));
    writeFileSync(at('CHANGELOG.md'), changelog);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('writes the version into the package, its lock file, the extension and both tasks', async () => {
    await prepareRelease(folder, '1.98.7', '2026-01-31');
    const texts = readAll();
    const parse = (name: string) => JSON.parse(texts.get(name)!) as { version: unknown };
    assert.equal(parse('package.json').version, '1.98.7');
    assert.equal(parse('vss-extension.json').version, '1.98.7');
    assert.equal(parse('package-lock.json').version, '1.98.7');
    const lock = parse('package-lock.json') as unknown as { packages: { '': { version: string } } };
    assert.equal(lock.packages[''].version, '1.98.7');
    for (const task of taskFolders) {
      assert.deepEqual(parse(`${task}/task.json`).version, { Major: 1, Minor: 98, Patch: 7 });
    }
  });

  it('changes nothing else in these files', async () => {
    const before = readAll();
    await prepareRelease(folder, '1.98.7', '2026-01-31');
    for (const [name, text] of readAll()) {
      if (name === 'CHANGELOG.md' || name.startsWith('test/')) continue;
      const lines = before.get(name)!.split('\n');
      const changed = text.split('\n').filter((line, index) => line !== lines[index]);
      assert.equal(changed.length, name === 'package-lock.json' ? 2 : 1, name);
      for (const line of changed) assert.match(line, /"version": /, name);
    }
  });

  it('moves the notes in the changelog under the version and the date', async () => {
    await prepareRelease(folder, '1.98.7', '2026-01-31');
    const moved = '# Changelog\n\n## Unreleased\n\n## 1.98.7 - 2026-01-31\n\n### Fixed\n\n- A thing.\n';
    assert.equal(readAll().get('CHANGELOG.md'), moved);
  });

  it('records an input that is new, so that the next release cannot lose it', async () => {
    const file = at('tasks/keyvault-secrets/task.json');
    const task = readTask('tasks/keyvault-secrets');
    writeFileSync(file, JSON.stringify({ ...task, inputs: [...task.inputs, { name: 'region', type: 'string' }] }));
    await prepareRelease(folder, '1.98.7', '2026-01-31');
    writeFileSync(file, JSON.stringify(task));
    writeFileSync(at('CHANGELOG.md'), changelog);
    await assert.rejects(
      prepareRelease(folder, '1.98.8', '2026-02-01'),
      /Released pipelines would break:\nKeyVaultSecrets@1: input 'region' is gone/,
    );
  });

  it('writes nothing at all when it refuses', async () => {
    writeFileSync(at('CHANGELOG.md'), '# Changelog\n\n## Unreleased\n');
    const before = readAll();
    await assert.rejects(prepareRelease(folder, '1.98.7', '2026-01-31'), /nothing under '## Unreleased'/);
    assert.deepEqual(readAll(), before);
  });
});

describe('the version of a release', () => {
  const known = { current: '1.4.2', newest: '1.4.2' };
  for (const version of ['1.4.3', '1.5.0', '1.10.0']) {
    it(`${version} may follow 1.4.2`, () => {
      refuseVersion(version, known);
    });
  }
  for (const version of ['1.4.2', '1.4.1', '1.3.9', '1.0.10']) {
    it(`${version} may not follow 1.4.2`, () => {
      assert.throws(() => {
        refuseVersion(version, known);
      }, /does not come after the newest release in CHANGELOG\.md, 1\.4\.2/);
    });
  }
  for (const version of ['', '1.5', 'v1.5.0', '1.5.0-rc.1', '1.05.0']) {
    it(`is not '${version}'`, () => {
      assert.throws(
        () => {
          refuseVersion(version, known);
        },
        new RegExp(`The version '${version}' is not of the form 1\\.2\\.3`),
      );
    });
  }

  it('is never of another major version, which would take the task from pipelines that name it', () => {
    assert.throws(() => {
      refuseVersion('2.0.0', known);
    }, /a new major version of a task is a new folder/);
  });

  it('may be the current one when nothing has been released yet', () => {
    refuseVersion('1.0.0', { current: '1.0.0', newest: undefined });
  });
});

describe('a changelog', () => {
  const older =
    '# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.1.0 - 2026-01-02\n\n- Old.\n\n## 1.0.0 - 2026-01-01\n\n- First.\n';

  it('keeps its older releases when a new one is closed', () => {
    const closed = closeUnreleased(older, '1.2.0', '2026-01-03');
    assert.equal(closed, older.replace('## Unreleased\n', '## Unreleased\n\n## 1.2.0 - 2026-01-03\n'));
  });

  it('tells the newest release, and none before the first', () => {
    assert.equal(newestRelease(older), '1.1.0');
    assert.equal(newestRelease(changelog), undefined);
  });

  it('without the heading is refused', () => {
    assert.throws(() => closeUnreleased('# Changelog\n', '1.0.0', '2026-01-01'), /has no heading '## Unreleased'/);
  });
});
