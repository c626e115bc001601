import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const headings = [...page.matchAll(/^### (\S+)$/gm)].map(([, heading = '']) => heading);

const inTasks = readdirSync(join(root, 'tasks'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('dist'))
  .map((file) => join(root, 'tasks', file));
const source = [...inTasks, join(root, 'scripts/package/node-guard.ts')]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const codes = [...new Set(source.match(/\bAKV-[A-Z]+(?:-[A-Z]+)*\b/g))].sort();

/** The text below a heading, up to the next one. */
function sectionOf(code: string): string {
  return page.split(`\n### ${code}\n`)[1]?.split(/\n##+ /)[0] ?? '';
}

describe('docs/troubleshooting.md', () => {
  it('has each heading once, and one for each code in the source', () => {
    assert.deepEqual([...headings].sort(), codes);
  });

  for (const code of codes) {
    it(`shows for ${code} what the log says`, () => {
      assert.match(sectionOf(code), new RegExp(`\`\`\`\n[^\`]*${code}: `));
    });
  }

  it('links to headings that exist only', () => {
    for (const [, anchor = ''] of page.matchAll(/\]\(#([^)]+)\)/g)) {
      assert.ok(headings.map((heading) => heading.toLowerCase()).includes(anchor), `#${anchor}`);
    }
  });
});
