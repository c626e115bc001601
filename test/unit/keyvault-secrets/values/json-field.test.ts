import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFieldPath } from '../../../../tasks/keyvault-secrets/rules/field-path';
import { compactJson, findFields, type Field } from '../../../../tasks/keyvault-secrets/values/json-field';

function find(json: string, path: string): readonly Field[] | string {
  const parsed = parseFieldPath(path);
  assert.ok('steps' in parsed);
  const found = findFields(json, parsed.steps);
  return 'problem' in found ? found.problem : found.fields;
}

const texts = (json: string, path: string): readonly string[] | string => {
  const found = find(json, path);
  return typeof found === 'string' ? found : found.map(({ path: keys, text }) => `${keys.join('.')}=${text}`);
};

describe('fields of JSON', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['{"a":"x"}', 'a', ['a=x']],
    ['{"a":{"b":[{"odd key":"x"}]}}', 'a.b[0]."odd key"', ['a.b.0.odd key=x']],
    ['[["x"]]', '[0][0]', ['0.0=x']],
    ['{"a":12345678901234567890}', 'a', ['a=12345678901234567890']],
    ['{"a":1.50e+3}', 'a', ['a=1.50e+3']],
    ['{"a":true}', 'a', ['a=true']],
    ['{"a":"\\u00e9\\n\\"\\/"}', 'a', ['a=é\n"/']],
    ['{"a":""}', 'a', ['a=']],
    ['{"a": { "b" : [ 1, "x y" ] } }', 'a', ['a={"b":[1,"x y"]}']],
    ['{"b":1,"a":"x","10":2}', '*', ['b=1', 'a=x', '10=2']],
    ['{"a":{"b":1,"c":[true,{"d":"x"}]},"e":{}}', '**', ['a.b=1', 'a.c.0=true', 'a.c.1.d=x']],
    ['{"__proto__":"x"}', '__proto__', ['__proto__=x']],
    ['{}', '*', []],
  ];
  for (const [json, path, expected] of cases) {
    it(`finds ${path} in ${json}`, () => {
      assert.deepEqual(texts(json, path), expected);
    });
  }

  it('take the last value of a duplicate key, and say so', () => {
    assert.deepEqual(find('{"a":"x","a":"y"}', 'a'), [
      { path: ['a'], text: 'y', note: 'duplicate key; the last one is used' },
    ]);
  });

  it('give an empty text for null, and say so', () => {
    assert.deepEqual(find('{"a":null}', 'a'), [{ path: ['a'], text: '', note: 'null, set as empty text' }]);
  });

  const misses: readonly (readonly [string, string, string])[] = [
    ['not-a-real-password-1', 'a', 'its value is not JSON'],
    ['{"a":1,}', 'a', 'its value is not JSON'],
    ['{"a":1} // x', 'a', 'its value is not JSON'],
    ['['.repeat(100_000), 'a', 'its value is not JSON'],
    ['{"a":{"b":1}}', 'a.c.d', "it has no field 'a.c'"],
    ['{"A":1}', 'a', "it has no field 'a'"],
    ['{"a":[1]}', 'a[1]', "it has no field 'a[1]'"],
    ['[1]', 'length', "it has no field 'length'"],
    ['["x"]', '"0"', "it has no field '0'"],
    ['{"a":1}', 'a.*', "field 'a' is not an object or array"],
    ['1', '**', 'its value is not an object or array'],
  ];
  for (const [json, path, problem] of misses) {
    it(`explain that ${path} is not in ${json.slice(0, 24)} without quoting it`, () => {
      assert.equal(find(json, path), problem);
    });
  }

  it('agree with JSON.parse about every string', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (object) => {
        const found = find(JSON.stringify(object, null, 2), '*');
        assert.ok(Array.isArray(found));
        assert.deepEqual(
          new Map(found.map(({ path, text }: Field) => [path[0], text])),
          new Map(Object.entries(object)),
        );
      }),
    );
  });
});

describe('compact JSON', () => {
  it('leaves out blanks and nothing else', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = JSON.stringify(JSON.parse(json), null, 3);
        assert.equal(compactJson(text), JSON.stringify(JSON.parse(json)));
      }),
    );
  });
});
