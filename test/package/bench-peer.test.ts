import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPeer } from '../../scripts/bench/peer';

describe('the built task that the benchmark compares with', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-peer-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = (path: string | undefined) => readPeer(path, { kind: '24' });
  const writeTask = (rest: object) => {
    const task = { id: 'x', name: 'Peer', version: { Major: 2, Minor: 1, Patch: 0 }, ...rest };
    return writeFile(join(folder, 'task.json'), JSON.stringify(task));
  };
  const execution = { Node24: { target: 'out/run.js' } };

  it('is read from its folder', async () => {
    await writeTask({ execution });
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'out', 'run.js'), '');
    const { name, major, version } = read(folder);
    assert.deepEqual([name, major, version], ['Peer', 2, '2.1.0']);
  });

  it('has to be named', () => {
    assert.throws(() => read(undefined), { message: /npm run bench -- peer FOLDER/ });
  });

  it('has to be there', () => {
    const path = join(folder, 'none');
    assert.throws(() => read(path), { message: `There is no folder '${path}'.` });
  });

  it('has to be a task', () => {
    assert.throws(() => read(folder), {
      message: /^The folder '.*' is no built task: there is no task\.json in it\.$/,
    });
  });

  it('has to have a step to run', async () => {
    await writeTask({ prejobexecution: execution });
    assert.throws(() => read(folder), { message: /^The task in '.*' has no 'execution' in its task\.json\.$/ });
  });

  it('has to be built', async () => {
    await writeTask({ execution });
    assert.throws(() => read(folder), {
      message: /^The task in '.*' is not built: there is no out\/run\.js in it\.$/,
    });
  });
});
