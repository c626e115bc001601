import assert from 'node:assert/strict';
import { parseRules } from '../../../tasks/keyvault-secrets/rules/parse';
import { renderMistake } from '../../../tasks/keyvault-secrets/rules/mistake';
import { pick, run, secretA } from './recording-ports';

const empty = { 'my-kv': { there: secretA } };

describe('a missing secret with a question mark', () => {
  it('becomes an empty variable', async () => {
    const recorded = await run(empty, { secretsFilter: 'there\ngone? -> GONE\ngone?.key' });
    assert.deepEqual(pick(recorded, 'set').toSorted(), [
      'set GONE= (secret)',
      'set gone.key= (secret)',
      'set there=not-a-real-password-1 (secret)',
    ]);
    assert.equal(recorded.outcome, 'Read 1 secret from my-kv and sent 3 variables to the agent.');
    assert.match(pick(recorded, 'info').join('\n'), /gone +- +GONE +- +missing, set to an empty value/);
  });

  it('does not change a variable that the pipeline has defined', async () => {
    const existing = [{ name: 'gone', value: 'of the pipeline', secret: false }];
    const recorded = await run(empty, { secretsFilter: 'gone? -> GONE' }, { existing });
    assert.deepEqual(pick(recorded, 'set', 'warning'), []);
  });

  it('sets nothing if the names depend on its value', async () => {
    assert.deepEqual(pick(await run(empty, { secretsFilter: 'gone?.*\ngone-*?' }), 'set'), []);
  });
});

describe('a default', () => {
  it('is set as it is, and not as a secret, when the secret is missing', async () => {
    const rules = 'level ?? info -> LEVEL\nquoted ?? "a, b | c -> \\"d\\"" -> QUOTED\nnone ?? -> NONE\nplain ?? 5';
    const recorded = await run(empty, { secretsFilter: rules });
    assert.deepEqual(pick(recorded, 'set', 'mask'), [
      'set LEVEL=info',
      'set QUOTED=a, b | c -> "d"',
      'set NONE=',
      'set plain=5',
    ]);
    assert.match(pick(recorded, 'info').join('\n'), /level +- +LEVEL +- +not secret, missing, set to the default/);
  });

  it('is replaced by the secret', async () => {
    const recorded = await run(empty, { secretsFilter: 'there ?? none -> THERE' });
    assert.deepEqual(pick(recorded, 'set'), ['set THERE=not-a-real-password-1 (secret)']);
  });

  it('holds for the secret, not for a field that its value lacks', async () => {
    const stored = { 'my-kv': { json: { value: '{"a":1}' } } };
    assert.match(String((await run(stored, { secretsFilter: 'json.b ?? 2' })).error), /AKV-JSON-FIELD/);
    assert.deepEqual(pick(await run(empty, { secretsFilter: 'json.b ?? 2' }), 'set'), ['set json.b=2']);
  });

  const mistakes: readonly (readonly [string, RegExp])[] = [
    ['web-* ?? x', /column 1: '\?\?' needs the name of one secret, not a pattern or several fields/],
    ['db.* ?? x', /column 1: '\?\?' needs the name of one secret/],
    ['db ?? x | trim', /column 11: a rule with '\?\?' cannot have an operation/],
    ['db ?? "x', /column 7: the quoted default is not a valid JSON string/],
    ['!db ?? x', /an exclusion is only '!' and a pattern/],
  ];
  for (const [rule, message] of mistakes) {
    it(`explains ${rule}`, () => {
      assert.match(parseRules(rule, []).mistakes.map(renderMistake).join('\n'), message);
    });
  }
});
