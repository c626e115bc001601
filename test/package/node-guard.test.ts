import assert from 'node:assert/strict';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { findVsix, readVsix } from '../../scripts/package/vsix';

class Exit extends Error {}

interface Run {
  readonly output: string;
  readonly loaded: readonly string[];
}

/** Runs the file that the agent starts as if on that Node, with everything that it would load only noted. */
function runEntry(source: string, node: string): Run {
  const output: string[] = [];
  const loaded: string[] = [];
  const fs = { writeSync: (_descriptor: number, text: string) => output.push(text) };
  const exit = (): never => {
    throw new Exit();
  };
  try {
    runInNewContext(source, {
      process: { versions: { node }, exit },
      require: (name: string) => (name === 'fs' ? fs : loaded.push(name)),
    });
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  }
  return { output: output.join(''), loaded };
}

describe('the files that the agent starts', () => {
  let entries: Map<string, string>;

  before(async () => {
    const files = [...(await readVsix(findVsix()))].filter(([name]) => /dist\/\w+job\.js$|dist\/main\.js$/.test(name));
    entries = new Map(files.map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
    assert.equal(entries.size, 5);
  });

  for (const node of ['6.17.1', '10.24.1', '16.20.2', '19.9.0']) {
    it(`fail at once on Node ${node}, say so, and do not load the bundle`, () => {
      for (const [name, source] of entries) {
        const { output, loaded } = runEntry(source, node);
        const [issue, result, ...rest] = output.split('\n');
        assert.match(issue!, /^##vso\[task\.logissue type=error\]AKV-NODE: This task needs Node 20 or newer/, name);
        assert.ok(issue!.includes(`Node ${node}`), name);
        assert.match(result!, /^##vso\[task\.complete result=Failed;\]AKV-NODE: /, name);
        assert.deepEqual(rest, ['']);
        assert.deepEqual(loaded, [], name);
      }
    });
  }

  for (const node of ['20.20.2', '24.21.0', '100.0.0']) {
    it(`run their own phase on Node ${node}, and print nothing before it`, () => {
      for (const [name, source] of entries) {
        const phase = path.basename(name, '.js');
        assert.deepEqual(runEntry(source, node), { output: '', loaded: [`./phase-${phase}.js`] }, name);
      }
    });
  }
});
