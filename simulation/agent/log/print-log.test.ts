import assert from 'node:assert/strict';
import { createLineRenderer, renderLine } from './print-log';

describe('the printed log of the local agent', () => {
  const cases: readonly [line: string, plain: string, colored: string][] = [
    ['##[error]bad', '##[error]bad', '\u001b[31m##[error]bad\u001b[0m'],
    ['##[warning]hm', '##[warning]hm', '\u001b[33m##[warning]hm\u001b[0m'],
    ['##[section]Starting: x', 'Starting: x', '\u001b[32mStarting: x\u001b[0m'],
    ['##[command]ls', 'ls', '\u001b[36mls\u001b[0m'],
    ['##[debug]d', '##[debug]d', '\u001b[35m##[debug]d\u001b[0m'],
    ['text ##[error]', 'text ##[error]', 'text ##[error]'],
    ['##[other]x', '##[other]x', '##[other]x'],
  ];
  for (const [line, plain, colored] of cases) {
    it(`shows '${line}' with and without colors`, () => {
      assert.equal(renderLine(line, { colors: false, grouped: false }), plain);
      assert.equal(renderLine(line, { colors: true, grouped: false }), colored);
    });
  }

  it('indents what is in a group and hides its end', () => {
    const lines = ['a', '##[group]Title', 'b', '##[warning]c', '##[endgroup]', 'd'].map(createLineRenderer(false));
    assert.deepEqual(lines, ['a', '▼ Title', '  b', '  ##[warning]c', undefined, 'd']);
  });

  it('ends a group that was left open with the next section', () => {
    const lines = ['##[group]Title', 'b', '##[section]Finishing: x', 'c'].map(createLineRenderer(false));
    assert.deepEqual(lines, ['▼ Title', '  b', 'Finishing: x', 'c']);
  });
});
