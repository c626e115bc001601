import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const promises = [...page.matchAll(/^- `(test\/[^`]+)`: (.+)$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

describe('docs/security.md', () => {
  it('names tests', () => {
    assert.ok(promises.length > 20);
  });

  for (const { file, title } of promises) {
    it(`names a test that is there: ${title}`, () => {
      assert.ok(existsSync(join(root, file)), file);
      if (!title.startsWith('every row')) {
        assert.ok(readFileSync(join(root, file), 'utf8').includes(title), `${file} has no '${title}'`);
      }
    });
  }
});
