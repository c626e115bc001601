import assert from 'node:assert/strict';
import { createInputReader, type InputReader } from '../../../../tasks/shared/inputs/reader';

const bounds = { fallback: 7, least: 1, most: 100 };

/** What is read of an input with this text, and what is wrong with it. */
function read<T>(
  text: string,
  get: (reader: InputReader) => T,
): { readonly value: T; readonly problems: readonly string[] } {
  const reader = createInputReader({ text: () => text });
  const value = get(reader);
  return { value, problems: reader.problems };
}

describe('the reader of inputs', () => {
  const good: Record<string, [string, (reader: InputReader) => unknown, unknown]> = {
    'a word in any case': ['SWEEP', (reader) => reader.choice('x', ['allow', 'sweep']), 'sweep'],
    'no word': ['', (reader) => reader.choice('x', ['allow', 'sweep']), 'allow'],
    true: ['True', (reader) => reader.truth('x', false), true],
    false: ['FALSE', (reader) => reader.truth('x', true), false],
    'no truth': ['', (reader) => reader.truth('x', true), true],
    'a number': ['42', (reader) => reader.count('x', bounds), 42],
    'no number': ['', (reader) => reader.count('x', bounds), 7],
    'a list by commas and lines': [
      'a, b\r\n\nc,',
      (reader) => reader.list('x', (value) => ({ value })),
      ['a', 'b', 'c'],
    ],
    'no list': ['', (reader) => reader.list('x', (value) => ({ value })), []],
    'a text': ['a b', (reader) => reader.text('x'), 'a b'],
  };
  for (const [title, [text, get, value]] of Object.entries(good)) {
    it(`reads ${title}`, () => {
      assert.deepEqual(read(text, get), { value, problems: [] });
    });
  }

  const number = 'a whole number from 1 to 100';
  const bad: Record<string, [string, (reader: InputReader) => unknown, unknown, string]> = {
    'another word': [
      'open',
      (reader) => reader.choice('x', ['allow', 'sweep']),
      'allow',
      "'open' is not valid; allowed: allow, sweep.",
    ],
    'yes for true': ['yes', (reader) => reader.truth('x', true), true, "'yes' is not valid; allowed: true, false."],
    '1 for true': ['1', (reader) => reader.truth('x', false), false, "'1' is not valid; allowed: true, false."],
    'a number too small': ['0', (reader) => reader.count('x', bounds), 7, `'0' is not valid; allowed: ${number}.`],
    'a number too large': ['101', (reader) => reader.count('x', bounds), 7, `'101' is not valid; allowed: ${number}.`],
    'a fraction': ['3.5', (reader) => reader.count('x', bounds), 7, `'3.5' is not valid; allowed: ${number}.`],
    'a power': ['1e1', (reader) => reader.count('x', bounds), 7, `'1e1' is not valid; allowed: ${number}.`],
    'a negative number': ['-3', (reader) => reader.count('x', bounds), 7, `'-3' is not valid; allowed: ${number}.`],
    'a list of nothing': [' , ', (reader) => reader.list('x', (value) => ({ value })), [], "' , ' is empty."],
    'a variable that is not there': [
      '$(a.b)',
      (reader) => reader.truth('x', true),
      true,
      "variable 'a.b' is not defined, so '$(a.b)' is still in the text.",
    ],
    'one inside of a text': [
      'kv-$(env)-1',
      (reader) => reader.text('x'),
      '',
      "variable 'env' is not defined, so '$(env)' is still in the text.",
    ],
  };
  for (const [title, [text, get, value, problem]] of Object.entries(bad)) {
    it(`quotes ${title}, and goes on with the default`, () => {
      assert.deepEqual(read(text, get), { value, problems: [`Input 'x': ${problem}`] });
    });
  }

  it('names an input as users write it', () => {
    const names = ['connectedServiceName', 'keyVaultName', 'secretsFilter'].map((name) => {
      const reader = createInputReader({ text: () => 'x' });
      reader.truth(name, true);
      return /'(.*?)'/.exec(reader.problems[0] ?? '')?.[1];
    });
    assert.deepEqual(names, ['azureSubscription', 'keyVault', 'secrets']);
  });
});
