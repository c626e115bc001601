import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLineSplitter } from './line-splitter';

function split(...chunks: (string | Buffer)[]): string[] {
  const splitter = createLineSplitter();
  const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)));
  return [...lines, ...splitter.end()];
}

describe('the line splitter of the local agent', () => {
  const cases: readonly [title: string, chunks: (string | Buffer)[], lines: string[]][] = [
    ['cuts at LF, CR LF and a lone CR', ['a\nb\r\nc\rd\n'], ['a', 'b', 'c', 'd']],
    ['keeps empty lines', ['\n\r\r\n'], ['', '', '']],
    ['takes CR LF as one even when it comes in two pieces', ['a\r', '\nb\n'], ['a', 'b']],
    ['takes a lone CR at the end of a piece for a line break', ['a\r', 'b\n'], ['a', 'b']],
    ['delivers a last line without a break', ['a\nb'], ['a', 'b']],
    ['delivers nothing after a last break', ['a\r'], ['a']],
    [
      'joins a character that comes in two pieces',
      [Buffer.from('é').subarray(0, 1), Buffer.from('é\n').subarray(1)],
      ['é'],
    ],
  ];
  for (const [title, chunks, lines] of cases) {
    it(title, () => {
      assert.deepEqual(split(...chunks), lines);
    });
  }

  it('does not depend on how the bytes are cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\r', '\n') });
    fc.assert(
      fc.property(text, fc.nat(), (whole, cut) => {
        const bytes = Buffer.from(whole);
        const position = cut % (bytes.length + 1);
        assert.deepEqual(split(bytes.subarray(0, position), bytes.subarray(position)), split(bytes));
      }),
    );
  });
});
