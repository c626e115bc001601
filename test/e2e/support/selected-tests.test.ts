import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const mocha = createRequire(__filename).resolve('mocha/bin/mocha.js');
const suite = path.resolve(__dirname, '../../fixtures/suite-of-three.ts');

/** What `findSelectedTests` says in a run of mocha with these arguments. */
async function selectedWith(...args: readonly string[]): Promise<string | undefined> {
  const common = [mocha, '--no-config', '--require', 'tsx/cjs', '--reporter', 'spec'];
  const { stdout } = await promisify(execFile)(process.execPath, [...common, ...args, suite]);
  return /^selected: (.*)$/m.exec(stdout)?.[1];
}

describe('the tests that a run selects', () => {
  const cases: Readonly<Record<string, readonly [args: readonly string[], selected: string]>> = {
    'are all but pending ones without a filter': [[], 'one two three'],
    'are those that --grep matches': [['--grep', '(one|three)$'], 'one three'],
    'are those that --fgrep names, in parallel workers too': [['--parallel', '--fgrep', 'suite two'], 'two'],
    'are the others with --invert': [['--grep', 'two', '--invert'], 'one three'],
  };
  for (const [title, [args, selected]] of Object.entries(cases)) {
    it(title, async () => {
      assert.equal(await selectedWith(...args), selected);
    });
  }
});
