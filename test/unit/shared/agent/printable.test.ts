import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printableLine, printableLines } from '../../../../tasks/shared/agent/printable';

const hostile: readonly (readonly [string, string, readonly string[]])[] = [
  ['a command', '##vso[task.setvariable variable=PATH]/evil', ['# #vso[task.setvariable variable=PATH]/evil']],
  ['a command behind text', 'see ##vso[task.complete]', ['see # #vso[task.complete]']],
  ['a command in other case', '##VSO[task.complete]', ['# #VSO[task.complete]']],
  ['a section', '##[section]Finishing: Deploy', ['# #[section]Finishing: Deploy']],
  ['an error on a line of its own', 'fine\n##[error]forged', ['fine', '# #[error]forged']],
  ['more number signs', '####[error]', ['### #[error]']],
  ['a zero width space in the marker', '##\u200b[error]', ['# #[error]']],
  ['a soft hyphen in the marker', '#\u00ad#vso[x.y]', ['# #vso[x.y]']],
  ['a byte order mark in the marker', '##v\ufeffso[x.y]', ['# #vso[x.y]']],
  ['a NUL in the marker', '##\0[x]', ['# #[x]']],
  ['a terminal escape', '\u001b[31mred\u001b[0m', ['[31mred[0m']],
  ['a carriage return that would overwrite the line', 'real\rforged', ['real', 'forged']],
  ['every kind of line end', 'a\r\nb\nc\rd\ve\ff\u0085g\u2028h\u2029i', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']],
  ['a text written backwards', '\u202Egnp.exe', ['gnp.exe']],
  ['a tab', 'a\tb', ['a b']],
];

describe('printableLines', () => {
  for (const [what, text, lines] of hostile) {
    it(`disarms ${what}`, () => {
      assert.deepEqual(printableLines(text), lines);
    });
  }

  it('leaves harmless text as it is', () => {
    const text = "Reading 'db-password' #1 of contoso-kv (50 %) [##] – für α, 日本, 👍 ##";
    assert.deepEqual(printableLines(text), [text]);
  });

  const pieces = [
    '#',
    '##',
    'vso',
    '[',
    'VSO[',
    'task.complete]',
    '\n',
    '\r',
    '\u2028',
    '\u200b',
    '\0',
    '\u001b',
    'x',
    ' ',
  ];
  const text = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 12 })
    .map((parts) => parts.join(''));

  it('never passes on a command, a format or a line end, however the text is composed', () => {
    fc.assert(
      fc.property(text, (composed) => {
        for (const line of [...printableLines(composed), printableLine(composed)]) {
          assert.doesNotMatch(line, /##vso|##\[/i);
          assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
        }
      }),
    );
  });

  it('changes nothing more when it is applied again', () => {
    fc.assert(
      fc.property(text, (composed) => {
        const once = printableLine(composed);
        assert.equal(printableLine(once), once);
      }),
    );
  });
});

describe('printableLine', () => {
  it('joins the lines by spaces, and does not create a marker from two halves', () => {
    assert.equal(printableLine('one\ntwo'), 'one two');
    assert.equal(printableLine('#\u0000#[error]'), '# #[error]');
  });
});
