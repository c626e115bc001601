// cspell:ignore abcabcdef xababay xabcyabc
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMasker } from './masker';

function maskerOf(...secrets: string[]) {
  const masker = createMasker();
  secrets.forEach(masker.add);
  return masker;
}

describe('the masker of the local agent', () => {
  const cases: readonly { title: string; secrets: string[]; text: string; masked: string }[] = [
    { title: 'hides every occurrence', secrets: ['abc'], text: 'xabcyabc', masked: 'x***y***' },
    { title: 'merges hits that touch', secrets: ['abc'], text: 'abcabcdef', masked: '***def' },
    { title: 'merges hits that overlap', secrets: ['abc', 'bcd'], text: '1abcd2', masked: '1***2' },
    { title: 'finds a secret that overlaps itself', secrets: ['aba'], text: 'xababay', masked: 'x***y' },
    { title: 'keeps hits apart that do not touch', secrets: ['a', 'b'], text: 'a b', masked: '*** ***' },
    { title: 'compares case-sensitively', secrets: ['abc'], text: 'ABC abc', masked: 'ABC ***' },
    { title: 'hides even a single character', secrets: ['e'], text: 'sent', masked: 's***nt' },
    { title: 'ignores the empty text', secrets: [''], text: 'plain', masked: 'plain' },
    { title: 'knows the JSON form', secrets: ['a"b\nc'], text: '{"k":"a\\"b\\nc"}', masked: '{"k":"***"}' },
    { title: 'knows the URI form', secrets: ["p@ss (1)!'*"], text: 'x=p%40ss%20%281%29%21%27%2A&', masked: 'x=***&' },
    { title: 'knows the form with backslashes removed', secrets: ['a\\\\b\\"c'], text: 'a\\b"c', masked: '***' },
    {
      title: 'hides a password in a URL',
      secrets: [],
      text: 'https://me:s%20ecret@host/x',
      masked: 'https://me:***@host/x',
    },
    {
      title: 'leaves a URL without a password',
      secrets: [],
      text: 'https://me@host:80/x',
      masked: 'https://me@host:80/x',
    },
    { title: 'does not know base64', secrets: ['not-a-real-1'], text: 'bm90LWEtcmVhbC0x', masked: 'bm90LWEtcmVhbC0x' },
    { title: 'does not know single lines of a secret', secrets: ['ab\ncd'], text: 'ab', masked: 'ab' },
  ];
  for (const { title, secrets, text, masked } of cases) {
    it(title, () => {
      assert.equal(maskerOf(...secrets).mask(text), masked);
    });
  }

  it('leaves no registered text in what it masks', () => {
    const secret = fc.string({
      minLength: 1,
      maxLength: 6,
      unit: fc.constantFrom('a', 'b', '"', '\\', '%', '\n', 'é'),
    });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(secret), (secrets, texts) => {
        const masked = maskerOf(...secrets).mask([...secrets, ...texts].join('-'));
        assert.deepEqual(
          secrets.filter((one) => masked.includes(one)),
          [],
        );
      }),
    );
  });

  it('keeps all text outside of the hits', () => {
    const plain = fc.string({ unit: fc.constantFrom('x', 'y', ' ') });
    fc.assert(
      fc.property(plain, plain, (before, after) => {
        assert.equal(maskerOf('SECRET').mask(`${before}SECRET${after}`), `${before}***${after}`);
      }),
    );
  });

  it('survives a lone surrogate', () => {
    assert.equal(maskerOf('a\ud800b').mask('xa\ud800by'), 'x***y');
  });

  it('ignores texts below the minimum length, which it caps at 6', () => {
    const masker = createMasker(100);
    masker.add('12345');
    masker.add('abcdef');
    assert.equal(masker.mask('12345 abcdef'), '12345 ***');
  });

  describe('given a secret of the job message', () => {
    const cases: readonly { title: string; secret: string; text: string }[] = [
      { title: 'itself', secret: 'not-a-real-1', text: 'not-a-real-1' },
      { title: 'its base64 form', secret: 'not-a-real-1', text: 'bm90LWEtcmVhbC0x' },
      { title: 'its form escaped for logging commands', secret: '1%2\r3\n4', text: '1%AZP252%0D3%0A4' },
      { title: 'its form with only the line breaks escaped', secret: '1%2\r3\n4', text: '1%2%0D3%0A4' },
      { title: 'its form without quotes', secret: '"quoted-1"', text: 'quoted-1' },
      { title: 'its form without blanks around it', secret: ' \nspaced-1\r\n', text: 'spaced-1' },
    ];
    for (const { title, secret, text } of cases) {
      it(`hides ${title}`, () => {
        const masker = createMasker();
        masker.addInitialSecret(secret);
        assert.equal(masker.mask(`<${text}>`), '<***>');
      });
    }

    it('ignores one of blanks only', () => {
      const masker = createMasker();
      masker.addInitialSecret(' \n');
      assert.equal(masker.mask('a b'), 'a b');
    });
  });
});
