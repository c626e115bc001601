import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/package/definitions';

const pages = [...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`), ...readdirSync(root)].filter(
  (name) => name.endsWith('.md'),
);

function readPage(page: string): string {
  return readFileSync(path.join(root, page), 'utf8');
}

/** The fragment that GitHub gives to a heading: lower case, dashes for blanks, no other punctuation. */
function fragmentOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function fragmentsOf(page: string): string[] {
  return [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => fragmentOf(heading!));
}

/** The links of a page to other files of the repository, and to headings, as written. */
function linksOf(page: string): string[] {
  const text = readPage(page).replace(/^```[^]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^\w+:/.test(target));
}

describe('the documentation', () => {
  for (const page of pages) {
    it(`${page} links to files and headings that exist`, () => {
      for (const link of linksOf(page)) {
        const [file = '', fragment] = link.split('#');
        const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
        assert.ok(existsSync(path.join(root, target)), `${link}: no such file`);
        if (fragment !== undefined) assert.ok(fragmentsOf(target).includes(fragment), `${link}: no such heading`);
      }
    });
  }

  it('is where the help links of both tasks and of every error lead', () => {
    for (const page of ['docs/key-vault-secrets.md', 'docs/key-vault-agent-access.md', 'docs/troubleshooting.md']) {
      assert.ok(pages.includes(page), page);
    }
  });
});
