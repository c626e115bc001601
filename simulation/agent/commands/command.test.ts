import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeText, parseCommand, unescapeText } from './command';

function parsed(line: string, decodePercents = true) {
  const command = parseCommand(line, decodePercents);
  return command && { ...command, properties: Object.fromEntries(command.properties) };
}

describe('the command parser of the local agent', () => {
  const commands: readonly [title: string, line: string, expected: [string, string, Record<string, string>, string]][] =
    [
      ['reads area, event and data', '##vso[task.debug]text', ['task', 'debug', {}, 'text']],
      ['finds a command anywhere in the line', 'before ##vso[task.debug]text', ['task', 'debug', {}, 'text']],
      ['does not trim the data', '##vso[task.debug] text ', ['task', 'debug', {}, ' text ']],
      ['reads properties', '##vso[a.b x=1;y=2;]d', ['a', 'b', { x: '1', y: '2' }, 'd']],
      ['lowers the case of keys', '##vso[a.b IsSecret=true]', ['a', 'b', { issecret: 'true' }, '']],
      ['does not trim keys', '##vso[a.b x=1; issecret=true]', ['a', 'b', { x: '1', ' issecret': 'true' }, '']],
      ['ends the properties at the first bracket', '##vso[a.b x=1]2]3', ['a', 'b', { x: '1' }, '2]3']],
      ['drops a property without a value', '##vso[a.b x=;=y;z]', ['a', 'b', {}, '']],
      ['eats equals signs in front of key and value', '##vso[a.b ==x==1=2=]', ['a', 'b', { x: '1=2=' }, '']],
      ['drops a property of equals signs', '##vso[a.b x==;===]', ['a', 'b', {}, '']],
      ['lets a later property win', '##vso[a.b x=1;X=2]', ['a', 'b', { x: '2' }, '']],
      ['ignores empty parts of the name', '##vso[.a..b.]', ['a', 'b', {}, '']],
      ['unescapes values and data', '##vso[a.b x=%3B%5D%AZP25]%0A%0D%AZP253B', ['a', 'b', { x: ';]%' }, '\n\r%3B']],
      ['leaves other percents', '##vso[a.b x=1]%25%0a', ['a', 'b', { x: '1' }, '%25%0a']],
    ];
  for (const [title, line, [area, event, properties, data]] of commands) {
    it(title, () => {
      assert.deepEqual(parsed(line), { area, event, properties, data });
    });
  }

  for (const line of [
    '',
    'text',
    '##vso[task.debug',
    '##VSO[task.debug]x',
    '##vso[task]x',
    '##vso[a.b.c]x',
    '##vso[ a.b]x',
    '##vso[]x',
  ]) {
    it(`finds no command in '${line}'`, () => {
      assert.equal(parsed(line), undefined);
    });
  }

  it('leaves %AZP25 when the agent is configured not to decode percents', () => {
    assert.equal(parsed('##vso[a.b]%AZP25%0A', false)?.data, '%AZP25\n');
  });

  it('gives back whatever the task library escapes', () => {
    const text = fc.string({
      unit: fc.constantFrom('%', '\r', '\n', ']', ';', '=', ' ', 'A', 'Z', 'P', '2', '5', '0', '3', 'B', 'D'),
    });
    fc.assert(
      fc.property(text, text, (value, data) => {
        fc.pre(value !== '' && !value.startsWith('='));
        const line = `##vso[a.b x=${escapeAsTaskLibrary(value, true)};]${escapeAsTaskLibrary(data, false)}`;
        assert.deepEqual(parsed(line), { area: 'a', event: 'b', properties: { x: value }, data });
      }),
    );
  });

  it('gives back whatever the agent itself escapes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(unescapeText(escapeText(text, true), true), text);
      }),
    );
  });
});

/** The rules of azure-pipelines-task-lib taskcommand.ts. */
function escapeAsTaskLibrary(text: string, isProperty: boolean): string {
  const data = text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return isProperty ? data.replaceAll(']', '%5D').replaceAll(';', '%3B') : data;
}
