// cspell:ignore notsecret
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderMistake } from '../../../../tasks/keyvault-secrets/rules/mistake';
import { parseRules } from '../../../../tasks/keyvault-secrets/rules/parse';

const version = '0123456789abcdef0123456789abcdef';
const vaults = ['my-kv', 'shared-kv'];
const plain = { text: '', optional: false, operations: [], notSecret: false };
const named = (text: string): object => ({ ...plain, source: { kind: 'name', text } });
const parse = (text: string): ReturnType<typeof parseRules> => parseRules(text, vaults);

/** The rules of a text without mistakes, without their own text. */
function rulesOf(text: string): readonly object[] {
  const { rules, mistakes } = parse(text);
  assert.deepEqual(mistakes.map(renderMistake), []);
  return rules.map((rule) => ({ ...rule, text: '' }));
}

describe('rules', () => {
  describe('of the form AzureKeyVault@2 knows', () => {
    const cases: readonly (readonly [string, readonly object[]])[] = [
      ['*', [{ ...plain, source: { kind: 'glob', text: '*' } }]],
      ['db-password', [named('db-password')]],
      ['a, b ,c', [named('a'), named('b'), named('c')]],
      ['a,,b,', [named('a'), named('b')]],
      ['a\nb\r\nc', [named('a'), named('b'), named('c')]],
      [`a/${version.toUpperCase()}`, [{ ...named('a'), version }]],
    ];
    for (const [text, expected] of cases) {
      it(`reads ${JSON.stringify(text)}`, () => {
        assert.deepEqual(rulesOf(text), expected);
      });
    }
  });

  describe('of its own language', () => {
    const cases: readonly (readonly [string, object])[] = [
      ['db-password -> DB_PASSWORD', { ...named('db-password'), target: 'DB_PASSWORD' }],
      ['a->B', { ...named('a'), target: 'B' }],
      ['web-* -> *', { ...plain, source: { kind: 'glob', text: 'web-*' }, target: '*' }],
      ['/^(a|b),c{1,2}$/ -> *_X', { ...plain, source: { kind: 'regex', text: '^(a|b),c{1,2}$' }, target: '*_X' }],
      ['shared-kv:nuget-token -> T', { ...named('nuget-token'), vault: 'shared-kv', target: 'T' }],
      ['Shared-KV : /n.*/', { ...plain, source: { kind: 'regex', text: 'n.*' }, vault: 'shared-kv' }],
      ['api-key/previous -> OLD', { ...named('api-key'), version: 'previous', target: 'OLD' }],
      ['web-*/previous', { ...plain, source: { kind: 'glob', text: 'web-*' }, version: 'previous' }],
      ['newrelic-key? -> K', { ...named('newrelic-key'), optional: true, target: 'K' }],
      ['db.password -> P', { ...named('db'), field: [{ kind: 'key', key: 'password' }], target: 'P' }],
      ['smtp.* -> SMTP_*', { ...named('smtp'), field: [{ kind: 'members' }], target: 'SMTP_*' }],
      ['smtp.**', { ...named('smtp'), field: [{ kind: 'leaves' }] }],
      [
        `a/${version}?.b[0]."odd, # | -> \\"key" -> X`,
        {
          ...named('a'),
          version,
          optional: true,
          field: [
            { kind: 'key', key: 'b' },
            { kind: 'index', index: 0 },
            { kind: 'key', key: 'odd, # | -> "key' },
          ],
          target: 'X',
        },
      ],
      ['tls | pem | file -> P', { ...named('tls'), operations: [{ kind: 'pem' }, { kind: 'file' }], target: 'P' }],
      [
        'tls | pfx | file:tls/server.pfx -> P',
        { ...named('tls'), operations: [{ kind: 'pfx' }, { kind: 'file', path: 'tls/server.pfx' }], target: 'P' },
      ],
      ['region | notSecret -> R', { ...named('region'), notSecret: true, target: 'R' }],
      ['a | trim | decode64', { ...named('a'), operations: [{ kind: 'trim' }, { kind: 'decode64' }] }],
    ];
    for (const [text, expected] of cases) {
      it(`reads ${text}`, () => {
        assert.deepEqual(rulesOf(text), [expected]);
      });
    }

    it('ignores comments and empty lines, but not a # inside an expression', () => {
      assert.deepEqual(rulesOf('# all\n\na # the first\n/b#c/#d'), [
        named('a'),
        { ...plain, source: { kind: 'regex', text: 'b#c' } },
      ]);
    });

    it('keeps exclusions apart from rules', () => {
      const { rules, exclusions, mistakes } = parse('*, !web-legacy-*, !my-kv:old');
      assert.equal(mistakes.length, 0);
      assert.equal(rules.length, 1);
      assert.deepEqual(exclusions, [
        { source: { kind: 'glob', text: 'web-legacy-*' } },
        { vault: 'my-kv', source: { kind: 'name', text: 'old' } },
      ]);
    });

    it('keeps the text of a rule for messages', () => {
      assert.equal(parse('  a   |trim->  B  # why').rules[0]?.text, 'a | trim -> B');
    });
  });

  describe('with a mistake', () => {
    const cases: readonly (readonly [string, number, string])[] = [
      [
        'db_password',
        3,
        "'_' cannot be in the name of a secret. Key Vault names allow only letters, digits and dashes; did you mean 'db-password'?",
      ],
      ['db => X', 4, "'=>' is not valid; use '->'. Write 'db -> X'."],
      ['db > X', 4, "'>' is not valid; use '->'. Write 'db -> X'."],
      ['db = X', 4, "'=' is not valid; use '->'. Write 'db -> X'."],
      ['db as X', 4, "'as' is not valid; use '->'. Write 'db -> X'."],
      [
        'db: X',
        1,
        "'db' is not one of this step's vaults. Add it to input 'keyVault' (now: my-kv, shared-kv), or write 'db -> X' if 'X' is the variable.",
      ],
      ['db X', 4, "unexpected 'X' after 'db'. Write 'db -> X' to name the variable, or a comma between two secrets."],
      ['db previous', 4, "unexpected 'previous'. Write the version as 'db/previous'."],
      ['db/12', 4, "'12' is not a version. A version is 32 hex digits, or the word 'previous'."],
      ['db/', 4, "the version is missing. A version is 32 hex digits, or the word 'previous'."],
      [`db-*/${version}`, 6, "a version belongs to one secret, not to a pattern. Name the secret, or use '/previous'."],
      ['db?/previous', 4, "unexpected '/previous'. The order is name/version?.field."],
      ['db.', 4, 'a field\'s name is missing. Write names with other characters in double quotes: ."odd key".'],
      ['db.a[x]', 5, 'an index is a number in brackets. Write it as [0].'],
      ['db.*.a', 5, "nothing can follow '*' or '**' in a field."],
      ['db."a', 4, 'the quoted field name has no closing quote.'],
      ['db | trims', 6, "'trims' is not an operation. Did you mean 'trim'?"],
      ['db | notsecret', 6, "'notsecret' is not an operation. Did you mean 'notSecret'?"],
      [
        'db | zzzzzzzz',
        6,
        "'zzzzzzzz' is not an operation. Operations are: trim, decode64, encode64, pem, cert, key, chain, pfx, file, notSecret, file:relative/path.",
      ],
      ['db | -> X', 5, "an operation is missing after '|'."],
      ['db ->', 6, "the name of the variable is missing after '->'."],
      ['-> X', 1, 'the name of a secret is missing.'],
      ['db -> A -> B', 9, 'a rule has one target.'],
      ['db -> A | trim', 9, 'operations come before the target. Write name | operation -> VARIABLE.'],
      ['a -> A, b', 7, "a line with '->' or '|' can have only one rule. Write each rule on its own line."],
      [
        'db -> $X',
        7,
        "'$' cannot be in the name of a variable. Use letters, digits, dot, dash and underscore; did you mean '_X'?",
      ],
      [
        'db -> $(X)',
        7,
        "variable 'X' is not defined. A target is written without dollar sign and parentheses: '-> X'.",
      ],
      ['db-$(env) -> X', 4, "variable 'env' is not defined. Define it before this step, or write the text out."],
      ['db -> DB_*', 10, "'*' in the target needs a pattern or '.*' before the arrow. Write '-> DB_NAME'."],
      [
        '/db.*/ -> *',
        11,
        "'*' in the target needs a pattern or '.*' before the arrow. Put the part to keep in parentheses.",
      ],
      ['a-* -> *_*', 10, "a target has at most one '*'."],
      ['a-* -> A', 8, "one variable cannot hold several values. Write '-> A_*'."],
      ['a.* -> A', 8, "one variable cannot hold several values. Write '-> A_*'."],
      [
        'a-* | notSecret',
        7,
        "'notSecret' needs the name of a secret, not a pattern. List the harmless secrets by name.",
      ],
      [
        'a-* | file:x',
        7,
        "one path cannot be used for several secrets. Write 'file' without a path: each file is named after its secret.",
      ],
      ['a | pem | cert', 11, "'cert' cannot follow 'pem': a rule takes one part of a certificate."],
      ['a | trim | pem', 12, "'pem' has to be the first operation."],
      ['a.b | pem', 7, "'pem' takes a certificate apart, and a JSON field is not a certificate."],
      ['a | pem | notSecret', 5, "'pem' and 'notSecret' cannot be combined: a certificate's private key stays secret."],
      ['a | file | trim', 12, "'trim' cannot follow 'file': the file is written last."],
      ['a | pfx | encode64', 11, "'encode64' cannot follow 'pfx'; only 'file' can."],
      ['a | file:../x', 10, "'../x' is outside the step's folder for files."],
      ['a | file:/etc/x', 10, "'/etc/x' is not relative. Files are written below Agent.TempDirectory."],
      ['a | file:C:/x', 10, "'C:/x' is not relative. Files are written below Agent.TempDirectory."],
      ['a | file:x\\y', 10, "the path has a backslash. Write 'x/y'."],
      ['a | file:x//y', 10, "'x//y' is not a usable path. Use letters, digits, dot, dash and underscore."],
      ['a | file:x/Nul.txt', 10, "'x/Nul.txt' is not a usable path. Use letters, digits, dot, dash and underscore."],
      ['a | file:', 10, 'the path of the file is missing.'],
      ['/a(/', 1, 'the regular expression does not compile: Unterminated group.'],
      ['/abc', 1, 'the regular expression has no closing slash.'],
      [`/${'a'.repeat(201)}/`, 1, 'a regular expression has at most 200 characters. Split it into several rules.'],
      ['a'.repeat(128), 1, 'a name of a secret has at most 127 characters.'],
      ['!a -> B', 1, "an exclusion is only '!' and a pattern. It takes secrets away from every pattern."],
      ['!', 1, 'the name of a secret is missing.'],
      ['# nothing', 1, "no rule selects a secret. Write '*' for all secrets of the vault."],
      ['!a', 1, "no rule selects a secret. Write '*' for all secrets of the vault."],
    ];
    for (const [text, column, message] of cases) {
      it(`explains ${text.slice(0, 30)}`, () => {
        const { mistakes } = parse(text);
        assert.deepEqual(mistakes.map(renderMistake), [
          `  line 1, column ${column}: ${message}\n    ${text}\n    ${' '.repeat(column - 1)}^`,
        ]);
      });
    }

    it('reports all mistakes of all lines, in their order', () => {
      const { mistakes } = parse('a_b, c_d\nok -> OK\nx | trims | perm -> $Y');
      assert.deepEqual(
        mistakes.map(({ line, column }) => [line, column]),
        [
          [1, 2],
          [1, 7],
          [3, 5],
          [3, 13],
          [3, 21],
        ],
      );
    });

    it('puts the caret below its character when the line has tabs', () => {
      assert.equal(parse('\t\tdb_x').mistakes.map(renderMistake)[0]?.split('\n')[2], '    \t\t  ^');
    });
  });

  describe('whatever is typed', () => {
    const typed = fc.string({
      unit: fc.constantFrom(...'ab-*/?.,|->:!#"\\[](){}$0_ \n\t=€'.split(/(?:)/u)),
      maxLength: 60,
    });

    it('are read without an exception, and every mistake stands inside its line', () => {
      fc.assert(
        fc.property(fc.oneof(typed, fc.string()), (text) => {
          const lines = text.split(/\r\n|\r|\n/);
          const { rules, mistakes } = parse(text);
          assert.ok(rules.length + mistakes.length > 0);
          for (const { line, column } of mistakes) {
            assert.ok(
              column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1,
              `${line}:${column} in ${JSON.stringify(text)}`,
            );
          }
        }),
        { numRuns: 2000 },
      );
    });

    it('mean the same when their own text is read again', () => {
      fc.assert(
        fc.property(typed, (text) => {
          const { rules, mistakes } = parse(text);
          fc.pre(mistakes.length === 0);
          const again = parse(rules.map((rule) => rule.text).join('\n'));
          assert.deepEqual(again.rules, rules);
        }),
        { numRuns: 2000 },
      );
    });
  });
});
