import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/package/definitions';

const words = readFileSync(path.join(root, 'cspell-words.txt'), 'utf8').trimEnd().split('\n');

/** Folders with what others wrote, or what a build has made. */
const skipped = /^(node_modules|dist|out|coverage|images|\.git)$/;

function readTexts(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (skipped.test(entry.name) || /^(cspell-words\.txt|package-lock\.json)$/.test(entry.name)) return [];
    return entry.isDirectory() ? readTexts(file) : [readFileSync(file, 'utf8').toLowerCase()];
  });
}

describe('the word list of the spelling check', () => {
  it('is sorted, without duplicates', () => {
    assert.deepEqual(words, [...new Set(words)].sort());
  });

  it('has only words that are still used', () => {
    const text = readTexts(root).join('\n');
    assert.deepEqual(
      words.filter((word) => !text.includes(word)),
      [],
    );
  });
});
