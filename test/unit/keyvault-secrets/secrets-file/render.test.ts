import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { render, type Entry } from '../../../../tasks/keyvault-secrets/secrets-file/render';
import { quote } from '../../../../tasks/keyvault-secrets/secrets-file/quote';

const entries: readonly Entry[] = [
  { name: 'DB_PASSWORD', value: "it's $HOME" },
  { name: 'Smtp--Host', value: 'mail' },
  { name: 'Smtp--Auth--Password', value: 'a\n"b"' },
];

/** Any text, with many of the characters that some format gives a meaning. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '"',
        "'",
        '\\',
        '$',
        '#',
        ': ',
        '- ',
        ' ',
        '\u0085',
        '\u2028',
        '\ufeff',
        '\x7f',
        '\0',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''))
  .filter((one) => !/\p{Surrogate}/u.test(one));

describe('the secrets file', () => {
  it('as env is literal', () => {
    assert.equal(render('env', entries.slice(0, 2)), "DB_PASSWORD=it's $HOME\nSmtp--Host=mail\n");
  });

  it('as dotenv is quoted', () => {
    const values = ['mail', 'a # "$b"\n`c` \\n', "it's"];
    const named = values.map((value, index) => ({ name: `V${index}`, value }));
    assert.equal(render('dotenv', named), "V0='mail'\nV1='a # \"$b\"\n`c` \\n'\nV2=\"it's\"\n");
  });

  it('as JSON is flat or nested', () => {
    assert.equal(
      render('json', entries),
      '{\n  "DB_PASSWORD": "it\'s $HOME",\n  "Smtp--Host": "mail",\n  "Smtp--Auth--Password": "a\\n\\"b\\""\n}\n',
    );
    assert.deepEqual(JSON.parse(render('nestedJson', entries)), {
      DB_PASSWORD: "it's $HOME",
      Smtp: { Host: 'mail', Auth: { Password: 'a\n"b"' } },
    });
  });

  it('as YAML is flat or nested', () => {
    assert.equal(render('yaml', entries.slice(0, 2)), '"DB_PASSWORD": "it\'s $HOME"\n"Smtp--Host": "mail"\n');
    assert.equal(
      render('nestedYaml', entries.slice(1)),
      '"Smtp":\n  "Host": "mail"\n  "Auth":\n    "Password": "a\\n\\"b\\""\n',
    );
  });

  it('without a secret is an empty one', () => {
    assert.deepEqual(
      (['env', 'dotenv', 'json', 'nestedJson', 'yaml', 'nestedYaml'] as const).map((format) => render(format, [])),
      ['', '', '{}\n', '{}\n', '{}\n', '{}\n'],
    );
  });

  it('has names that objects of JavaScript have, too', () => {
    const odd = ['__proto__', 'constructor', 'a--__proto__'].map((name) => ({ name, value: name }));
    assert.match(
      render('nestedJson', odd),
      /"__proto__": "__proto__",\n {2}"constructor": .*\n {2}"a": \{\n {4}"__proto__"/,
    );
  });

  it('divides names where .NET does', () => {
    const names = ['a----b', 'c---d', '--e', 'f--'].map((name) => ({ name, value: name }));
    assert.deepEqual(JSON.parse(render('nestedJson', names)), {
      a: { '': { b: 'a----b' } },
      c: { '-d': 'c---d' },
      '': { e: '--e' },
      f: { '': 'f--' },
    });
  });

  it('has exactly the values, whatever they are', () => {
    fc.assert(
      fc.property(text, (value) => {
        const [one] = [[{ name: 'A--B', value }]];
        assert.deepEqual(JSON.parse(render('json', one)), { 'A--B': value });
        assert.deepEqual(JSON.parse(render('nestedJson', one)), { A: { B: value } });
        for (const version of ['1.1', '1.2'] as const) {
          assert.deepEqual(parse(render('yaml', one), { version }), { 'A--B': value });
          assert.deepEqual(parse(render('nestedYaml', one), { version }), { A: { B: value } });
        }
      }),
    );
  });
});

describe('quotes that shells and libraries read alike', () => {
  for (const value of ['', ' a ', '#', '$HOME `id` "x"', 'C:\\temp\\n', 'two\nlines\n', "it's", "'\n'"]) {
    it(`are there for ${JSON.stringify(value)}`, () => {
      assert.match(quote(value) ?? '', /^(['"])[^]*\1$/);
    });
  }

  for (const value of ['cr\r\n', `it's "both"`, "it's $5", "'`'", "'\\'", 'ends with \\', 'two \\\\']) {
    it(`are not there for ${JSON.stringify(value)}`, () => {
      assert.equal(quote(value), undefined);
    });
  }
});
