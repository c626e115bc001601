import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes } from '../../../../tasks/shared/errors/codes';
import { armDenials, vaultDenials } from '../../../fixtures/denials';
import { foreignWords } from '../../../fixtures/foreign-words';

/** What is published of a failure: the words, where they are, and the codes under which the tasks report it. */
interface Published {
  readonly words: string;
  readonly source: string;
  readonly expected: readonly string[];
}

interface Row extends Published {
  readonly pattern: RegExp;
}

const page = readFileSync(join(__dirname, '../../../../docs/troubleshooting.md'), 'utf8');
const table = page.split('\n## What Azure says\n')[1]?.split('\n## ')[0] ?? '';
const rows = [...table.matchAll(/^\| `(.+)` \| (.+) \| (.+) \|$/gm)].map(
  ([, words = '', links = '', source = '']): Row => ({
    words,
    pattern: new RegExp(words.split('…').map(escape).join('.*')),
    expected: [...links.matchAll(/\[(AKV-[A-Z-]+)\]/g)].map(([, code = '']) => code),
    source: /\]\((.+)\)/.exec(source)?.[1] ?? source,
  }),
);

const published: readonly Published[] = [
  ...[...vaultDenials, ...armDenials].flatMap(({ source, message, expected }) =>
    source === undefined ? [] : [{ source, words: message.replace(/\s+/g, ' '), expected: [expected] }],
  ),
  ...foreignWords,
];

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isRowOf({ pattern, source, expected }: Row, one: Published): boolean {
  return pattern.test(one.words) && source === one.source && expected.join() === one.expected.join();
}

describe('the table of what Azure says', () => {
  it('has a row with its source for all words that were published', () => {
    const missing = published.filter((one) => !rows.some((row) => isRowOf(row, one)));
    assert.deepEqual(missing, []);
  });

  it('has no row that the tasks would report under another code', () => {
    assert.ok(rows.length > 30);
    assert.deepEqual(
      rows.filter((row) => !published.some((one) => isRowOf(row, one))).map(({ words }) => words),
      [],
    );
  });

  it('links to codes that exist', () => {
    for (const { expected, words } of rows) {
      assert.ok(expected.length > 0, words);
      for (const code of expected) assert.ok((codes as readonly string[]).includes(code), code);
    }
  });

  it('has each sentence once', () => {
    assert.deepEqual(
      [...new Set(rows.map(({ words }) => words))],
      rows.map(({ words }) => words),
    );
  });
});
