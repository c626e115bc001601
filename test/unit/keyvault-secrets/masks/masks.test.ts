import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { isHarmless } from '../../../../tasks/keyvault-secrets/masks/harmless-text';
import { masksOf as masksOfAll } from '../../../../tasks/keyvault-secrets/masks/masks';
import { maskLikeAgent } from '../agent-masker';

const masksOf = (value: string): readonly string[] => masksOfAll([value]).texts;

const base64 = (text: string, encoding: 'utf8' | 'utf16le' = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');
const wrapAt = (text: string, width: number): string => text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? '';
const pad = (code: number): string => code.toString(16).padStart(4, '0');
const xml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c] ?? c);

/** Ways in which scripts print a value. Each gives lines; all that is not the value stands before ` >` or after `< `. */
const printers: Readonly<Record<string, (value: string) => string>> = {
  'as it is': (value) => `got >${value}< ok`,
  indented: (value) => `    >${value}<`,
  'in quotes': (value) => `>"${value}"<`,
  'as base64': (value) => `>${base64(value)}<`,
  'as base64 without padding': (value) => `>${base64(value).replace(/=/g, '')}<`,
  'as base64 URL': (value) => `>${Buffer.from(value).toString('base64url')}<`,
  'with echo | base64': (value) => `>${base64(`${value}\n`)}<`,
  'with echo | base64 on Windows': (value) => `>${base64(`${value}\r\n`)}<`,
  'with base64 -w76': (value) => `>${wrapAt(base64(value), 76)}<`,
  'with openssl base64': (value) => `>${wrapAt(base64(value), 64)}<`,
  'as base64 of UTF-16': (value) => `>${base64(value, 'utf16le')}<`,
  'as JSON': (value) => `>${JSON.stringify(value).slice(1, -1)}<`,
  'as JSON in JSON': (value) => `>${JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1)}<`,
  'as JSON by Python': (value) =>
    `>${JSON.stringify(value)
      .slice(1, -1)
      .replace(/[^ -~]/g, (c) => `\\u${pad(c.charCodeAt(0))}`)}<`,
  'as JSON by Go': (value) =>
    `>${JSON.stringify(value)
      .slice(1, -1)
      .replace(/[<>&]/g, (c) => `\\u${pad(c.charCodeAt(0))}`)}<`,
  'as JSON by Windows PowerShell': (value) =>
    `>${JSON.stringify(value)
      .slice(1, -1)
      .replace(/[<>&']/g, (c) => `\\u${pad(c.charCodeAt(0))}`)}<`,
  'as JSON by PHP': (value) => `>${JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/')}<`,
  'as XML': (value) => `>${xml(value)}<`,
  'as XML text': (value) => `>${value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}<`,
  'in a URL': (value) => `>${encodeURIComponent(value)}<`,
  'in a URL with lower-case hex': (value) => `>${encodeURIComponent(value).replace(/%../g, (c) => c.toLowerCase())}<`,
  'in a form': (value) => `>${new URLSearchParams({ v: value }).toString().slice(2).replaceAll('*', '%2A')}<`,
  'in single quotes of bash': (value) => `>'${value.replaceAll("'", String.raw`'\''`)}'<`,
  'in double quotes of bash': (value) => `>"${value.replace(/["$`\\]/g, (c) => `\\${c}`)}"<`,
  "in $'' of bash": (value) => `>$'${value.replace(/['\\]/g, (c) => `\\${c}`)}'<`,
  'with printf %q': (value) => `>${value.replace(/[^A-Za-z0-9_@%+=:,./-]/g, (c) => `\\${c}`)}<`,
  'in single quotes of PowerShell': (value) => `>'${value.replaceAll("'", "''")}'<`,
  'in double quotes of PowerShell': (value) => `>"${value.replace(/["$`]/g, (c) => `\`${c}`)}"<`,
  'as CSV': (value) => `>"${value.replaceAll('"', '""')}"<`,
  'as the data of an agent command': (value) => `>${value.replaceAll('%', '%AZP25')}<`,
  'as a property of an agent command': (value) =>
    `>${value.replaceAll('%', '%AZP25').replaceAll(';', '%3B').replaceAll(']', '%5D')}<`,
};

/** Masks every line for itself, as the agent does, and returns what remains between `>` and `<`. */
function remainder(printed: string, masks: readonly string[]): string {
  const masked = printed.split(/\r\n|\n|\r/).map((line) => maskLikeAgent(line, masks));
  return masked
    .join('')
    .replace(/^[^>]*>/, '')
    .replace(/<[^<]*$/, '')
    .replace(/^\$?["']|["']$/g, '')
    .replaceAll('***', '');
}

const wordy = fc.constantFrom(
  'S3',
  'x',
  'Qz',
  '7',
  '-',
  '_',
  ' ',
  "'",
  '"',
  '$',
  '`',
  '\\',
  '<',
  '>',
  '&',
  '%',
  ';',
  ']',
  '+',
  '/',
  'é',
  '€',
  '😀',
  '!',
  '(',
  '*',
);
const oneLine = fc
  .array(wordy, { minLength: 4, maxLength: 90 })
  .map((parts) => `Kq${parts.join('')}9v`)
  .filter((value) => !isHarmless(value));

describe('masks of a value', () => {
  for (const [manner, print] of Object.entries(printers)) {
    it(`hide it when it is printed ${manner}`, () => {
      fc.assert(
        fc.property(oneLine, (value) => {
          assert.equal(remainder(print(value), masksOf(value)), '', value);
        }),
        { numRuns: 60 },
      );
    });
  }

  it('hide all except its ends in the base64 of a longer text', () => {
    fc.assert(
      fc.property(oneLine, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (value, before, after) => {
        const start = Math.floor((Buffer.byteLength(before) * 8) / 6);
        const end = Math.ceil((Buffer.byteLength(before + value) * 8) / 6);
        const printed = base64(before + value + after).slice(start, end);
        const rest = maskLikeAgent(printed, masksOf(value)).replace('***', '');
        assert.ok(rest.length <= 4, rest);
      }),
    );
  });

  it('hide each of its lines, however the lines are ended, indented or joined', () => {
    const lines = fc.array(oneLine, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\r\n', '\r', '\n\n    '), (parts, lineEnd) => {
        const value = parts.join(lineEnd) + lineEnd;
        const masks = masksOf(value);
        const blank = /^\s*$/;
        const left = (printed: string): string => remainder(`>${printed}<`, masks);
        assert.match(left(value), blank);
        assert.match(left(value.trim()), blank);
        for (const joint of ['\n', ' ', '', '%0A', '%0D%0A', String.raw`\n`]) {
          assert.match(left(parts.join(joint)).replaceAll(joint, ''), blank, joint);
        }
        assert.match(left(JSON.stringify(value).slice(1, -1)), blank);
        assert.match(left(base64(value)), blank);
        // The last line may hold nothing but the value's last line break.
        assert.match(Buffer.from(left(wrapAt(base64(value), 76)), 'base64').toString(), blank);
        const command = value.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
        assert.match(left(command), blank);
      }),
      { numRuns: 60 },
    );
  });

  it('hide each of its lines when it is printed escaped', () => {
    const value = "one <secret> & 'first'\ntwo <secret> & 'second'";
    const masks = masksOf(value);
    for (const line of value.split('\n')) {
      assert.equal(maskLikeAgent(xml(line), masks), '***');
      assert.equal(maskLikeAgent(line.replaceAll("'", "''"), masks), '***');
    }
  });

  it('hide a value that is base64 itself when tools break it into lines', () => {
    const value = base64('not-a-real-certificate-'.repeat(20));
    for (const width of [64, 76]) {
      for (const line of wrapAt(value, width).split('\n')) assert.equal(maskLikeAgent(line, masksOf(value)), '***');
    }
  });

  it('hide a key in PEM form when other tools print its content in longer lines', () => {
    const body = base64('not-a-real-private-key-'.repeat(20));
    const value = `-----BEGIN PRIVATE KEY-----\n${wrapAt(body, 64)}\n-----END PRIVATE KEY-----\n`;
    for (const line of wrapAt(body, 76).split('\n')) assert.equal(maskLikeAgent(line, masksOf(value)), '***');
  });

  it('hide it without the quotes that stand around it', () => {
    const masks = masksOf(' "not-a-real-password-1" ');
    assert.equal(maskLikeAgent('use not-a-real-password-1 now', masks), 'use *** now');
  });

  it('come longest first, each once', () => {
    const masks = masksOf('{"password":"not-a-real-password-1","n": 1}\nsecond line');
    const lengths = masks.map(({ length }) => length);
    assert.deepEqual(
      lengths,
      lengths.toSorted((one, other) => other - one),
    );
    assert.equal(new Set(masks).size, masks.length);
  });

  it('are none for nothing and for blanks', () => {
    assert.deepEqual(masksOf(''), []);
    assert.deepEqual(masksOf(' \n\t'), []);
  });

  it('are of a bounded number for the largest value that a vault holds', () => {
    const value = Array.from({ length: 3000 }, (_, index) => `line'<${index}`).join('\n');
    assert.ok(masksOf(value).length <= 10_000);
    assert.ok(masksOf(value).includes("line'<2999"), 'every line itself is masked');
  });
});

describe('masks of JSON', () => {
  const value = JSON.stringify(
    {
      user: 'not-secret-name',
      password: 'not-a-real-password-1',
      token_uri: 'https://example.com/token',
      nested: { clientSecret: 'not-a-real-password-2', keys: ['not-a-real-password-3'] },
      pin: '12',
      private_key: '-----BEGIN PRIVATE KEY-----\nbm90IGEgcmVhbCBrZXk\nbm90IGVpdGhlcg\n-----END PRIVATE KEY-----\n',
    },
    null,
    2,
  );
  const shown = (text: string): string => maskLikeAgent(text, masksOf(value));

  it('hide leaves whose keys name a secret, also printed alone', () => {
    for (const leaf of ['not-a-real-password-1', 'not-a-real-password-2', 'not-a-real-password-3']) {
      assert.equal(shown(leaf), '***');
      assert.equal(shown(base64(leaf)), '***');
    }
  });

  it('hide the lines of a key inside', () => {
    assert.equal(shown('bm90IGEgcmVhbCBrZXk'), '***');
    assert.equal(shown('bm90IGVpdGhlcg'), '***');
  });

  it('hide it in one line', () => {
    assert.equal(shown(JSON.stringify(JSON.parse(value))), '***');
    assert.equal(shown(value), '***');
  });

  it('leave harmless fields, short leaves and keys readable', () => {
    for (const text of [
      'not-secret-name',
      'https://example.com/token',
      '12',
      'password',
      'clientSecret',
      '"nested": {',
      '}',
      '{',
    ]) {
      assert.equal(shown(text), text);
    }
  });
});

describe('masks leave ordinary text alone', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const value = [
    'Bag Attributes',
    '    friendlyName: web',
    pem.trim(),
    '{',
    '  "ssl": true,',
    '  "host": "localhost",',
    '  "port": 5432,',
    '}',
    '[default]',
    '<configuration>',
    '<?xml version="1.0" encoding="utf-8"?>',
    '---',
    '====',
    'password',
    'password:',
    'null',
    'abc',
    'localhost',
    'aws_token = not-a-real-password-1',
  ].join('\n');
  const masks = masksOf(value);
  const ordinary = [
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----',
    'Bag Attributes',
    'friendlyName: web',
    '{ "ok": true, "value": null }',
    '[default]',
    '<configuration>',
    '<?xml version="1.0" encoding="utf-8"?>',
    '----------',
    'Enter password: ',
    'connect to localhost:5432, abc',
    'true false null',
  ];
  for (const text of ordinary) {
    it(text, () => {
      assert.equal(maskLikeAgent(text, masks), text);
    });
  }

  it('and still hide the secret line and the key of the same value', () => {
    assert.equal(maskLikeAgent('aws_token = not-a-real-password-1', masks), '***');
    for (const line of pem.trim().split('\n').slice(1, -1)) assert.equal(maskLikeAgent(line, masks), '***');
    assert.equal(maskLikeAgent(pem.trim().split('\n').slice(1, -1).join(''), masks), '***');
  });
});
