import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readAssumptions } from '../../scripts/live/assumptions';

const root = join(__dirname, '../..');
const assumptions = readAssumptions(join(root, 'docs/azure-assumptions.md'));

describe('docs/azure-assumptions.md', () => {
  it('has entries, each under a heading of its own', () => {
    assert.ok(assumptions.length >= 30);
    assert.equal(new Set(assumptions.map(({ id }) => id)).size, assumptions.length);
  });

  for (const { id, belief, source, ifWrong, opposite, liveCheck } of assumptions) {
    it(`says of ${id} where it comes from and what happens if it is wrong`, () => {
      assert.match(belief, /\.$/);
      assert.match(source, /\d{4}|^none/);
      assert.ok(ifWrong.length > 20);
    });

    it(`names a test of the opposite of ${id}, or says why there is none`, () => {
      if (opposite.startsWith('none, because ')) return;
      const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(opposite) ?? [];
      assert.ok(existsSync(join(root, file)), opposite);
      assert.ok(readFileSync(join(root, file), 'utf8').includes(title), `${file} has no '${title}'`);
    });

    it(`says of ${id} whether the live check verifies it, or why not`, () => {
      assert.match(liveCheck, /^(yes$|no, because .{10,})/);
    });
  }
});
