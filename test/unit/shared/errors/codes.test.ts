import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes } from '../../../../tasks/shared/errors/codes';

const root = join(__dirname, '../../../..');
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const headings = [...page.matchAll(/^### (\S+)$/gm)].map(([, heading = '']) => heading);

const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));

/** The text below a heading, up to the next one. */
function sectionOf(code: string): string {
  return page.split(`\n### ${code}\n`)[1]?.split(/\n##+ /)[0] ?? '';
}

describe('docs/troubleshooting.md', () => {
  it('has each heading once, and one for each code', () => {
    assert.deepEqual([...headings].sort(), [...codes].sort());
  });

  for (const code of codes) {
    it(`shows for ${code} what the log says`, () => {
      assert.match(sectionOf(code), new RegExp(`\`\`\`\n[^\`]*${code}: `));
    });
  }

  it('links to headings that exist only', () => {
    for (const [, anchor = ''] of page.matchAll(/\]\(#([^)]+)\)/g)) {
      assert.ok(anchors.includes(anchor), `#${anchor}`);
    }
  });
});
