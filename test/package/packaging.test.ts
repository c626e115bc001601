import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { stageExtension } from '../../scripts/package/stage';
import { createVsix } from '../../scripts/package/tfx';
import { normalizeVsix, readVsix, unpackVsix } from '../../scripts/package/vsix';
import {
  readJson,
  readManifest,
  readTask,
  root,
  taskFolders,
  type TaskDefinition,
} from '../../scripts/package/definitions';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'packaging-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The smallest extension with one task that tfx takes, with parts of its task.json replaced. */
function stageOneTask(changes: Partial<TaskDefinition>): void {
  const task = 'tasks/keyvault-secrets';
  mkdirSync(path.join(folder, task, 'dist'), { recursive: true });
  for (const name of ['prejob.js', 'main.js']) writeFileSync(path.join(folder, task, 'dist', name), '');
  writeFileSync(path.join(folder, task, 'task.json'), JSON.stringify({ ...readTask(task), ...changes }));
  const { contributions, ...manifest } = readManifest();
  const small = { ...manifest, icons: {}, content: {}, files: [{ path: task }], contributions: [contributions[0]] };
  writeFileSync(path.join(folder, 'vss-extension.json'), JSON.stringify(small));
}

describe('packing with tfx', () => {
  it('makes a VSIX of an extension whose task is sound', async () => {
    stageOneTask({});
    await createVsix(folder, path.join(folder, 'sound.vsix'));
    assert.ok((await readVsix(path.join(folder, 'sound.vsix'))).has('tasks/keyvault-secrets/task.json'));
  });

  it('gives the same bytes for the same files, whenever it is done', async () => {
    stageOneTask({});
    const packTo = async (name: string) => {
      const vsix = path.join(folder, name);
      await createVsix(folder, vsix);
      await normalizeVsix(vsix);
      const bytes = readFileSync(vsix);
      rmSync(vsix);
      return bytes;
    };
    const first = await packTo('one.vsix');
    utimesSync(path.join(folder, 'vss-extension.json'), 1_000_000_000, 1_000_000_000);
    assert.ok(first.equals(await packTo('other.vsix')));
  });

  it('fails when tfx merely warns about a task.json that the service would refuse', async () => {
    stageOneTask({ friendlyName: 'x'.repeat(41) });
    await assert.rejects(createVsix(folder, path.join(folder, 'broken.vsix')), /friendlyName is a required string/);
  });

  it('fails when a handler starts a file that is not there', async () => {
    stageOneTask({ execution: { Node24: { target: 'dist/absent.js' } } });
    await assert.rejects(
      createVsix(folder, path.join(folder, 'broken.vsix')),
      /file that does not exist: dist\/absent\.js/,
    );
  });
});

describe('a packed VSIX', () => {
  it('has the same bytes whatever the order and the times of its files were', async () => {
    const text = strToU8('text');
    const [one, other] = ['one.vsix', 'other.vsix'].map((name) => path.join(folder, name)) as [string, string];
    writeFileSync(one, zipSync({ a: text, 'b/c': text }, { mtime: '2020-02-02' }));
    writeFileSync(other, zipSync({ 'b/c': text, a: text }, { mtime: '2021-03-03' }));
    assert.ok(!readFileSync(one).equals(readFileSync(other)), 'the test needs two different files');
    await normalizeVsix(one);
    await normalizeVsix(other);
    assert.ok(readFileSync(one).equals(readFileSync(other)));
    assert.deepEqual([...(await readVsix(one)).keys()], ['a', 'b/c']);
  });

  it('is not unpacked over files outside of the folder', async () => {
    const file = path.join(folder, 'hostile.vsix');
    writeFileSync(file, zipSync({ '../outside.txt': strToU8('text') }));
    await assert.rejects(unpackVsix(file, path.join(folder, 'inside')), /unsafe name '\.\.\/outside\.txt'/);
  });
});

describe('the development extension', () => {
  /** The two task.json as they would be packed. */
  async function stageTasks(development: boolean, build?: number): Promise<TaskDefinition[]> {
    const numbered = build === undefined ? {} : { build };
    await stageExtension(root, folder, { notices: 'notices', visibility: 'private', development, ...numbered });
    return taskFolders.map((task) => readTask(path.join(folder, task)));
  }

  it('has other task ids and other names in the classic editor, and is otherwise the same', async () => {
    const sources = taskFolders.map((task) => readTask(task));
    const staged = await stageTasks(true);
    const ids = [...sources, ...staged].map(({ id }) => id.toLowerCase());
    assert.equal(new Set(ids).size, 4, 'two extensions with a task of one id clash in an organization');
    for (const [index, task] of staged.entries()) {
      const source = sources[index]!;
      assert.equal(task.friendlyName, `${source.friendlyName} (dev)`);
      assert.ok(task.friendlyName.length <= 40);
      assert.deepEqual({ ...task, id: source.id, friendlyName: source.friendlyName }, source);
    }
  });

  it('has the number of its build as patch version, in the extension and in both tasks', async () => {
    const staged = await stageTasks(true, 4711);
    const expected = taskFolders.map((task) => ({ ...readTask(task).version, Patch: 4711 }));
    assert.deepEqual(
      staged.map(({ version }) => version),
      expected,
    );
    const { version } = readJson(path.join(folder, 'vss-extension.json')) as { version: string };
    assert.equal(version, readManifest().version.replace(/\d+$/, '4711'));
  });

  it('leaves the tasks of a release as their sources are', async () => {
    const sources = taskFolders.map((task) => readTask(task));
    assert.deepEqual(await stageTasks(false), sources);
  });

  it('is staged without what an earlier build has left in the folder', async () => {
    writeFileSync(path.join(folder, 'stale.txt'), '');
    await stageTasks(true);
    assert.equal(existsSync(path.join(folder, 'stale.txt')), false);
  });
});
