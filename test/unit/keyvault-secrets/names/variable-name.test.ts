import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRules } from '../../../../tasks/keyvault-secrets/rules/parse';
import {
  variableNames,
  type NameParts,
  type NamingStyle,
} from '../../../../tasks/keyvault-secrets/names/variable-name';

const asIs: NamingStyle = { variableNaming: 'asIs', variablePrefix: '' };

function names(text: string, parts: Partial<NameParts>, style: Partial<NamingStyle> = {}): readonly string[] {
  const { rules, mistakes } = parseRules(text, []);
  assert.equal(mistakes.length, 0);
  return variableNames(rules[0]!, { secret: 'db-password', star: '', field: [], ...parts }, { ...asIs, ...style });
}

describe('names of variables', () => {
  const styles: readonly (readonly [NamingStyle['variableNaming'], string, string])[] = [
    ['asIs', 'db-password', 'db-password'],
    ['underscore', 'db-password', 'db_password'],
    ['upperUnderscore', 'db-password', 'DB_PASSWORD'],
    ['dotted', 'Db--Password', 'Db.Password'],
    ['dotted', 'db-password', 'db-password'],
  ];
  for (const [variableNaming, secret, expected] of styles) {
    it(`in style ${variableNaming} make ${secret} ${expected}`, () => {
      assert.deepEqual(names('*', { secret, star: secret }, { variableNaming }), [expected]);
    });
  }

  it('get the prefix only when no rule gives them', () => {
    assert.deepEqual(names('db-password', {}, { variablePrefix: 'KV_' }), ['KV_db-password']);
    assert.deepEqual(names('db-password -> X', {}, { variablePrefix: 'KV_' }), ['X']);
  });

  it('put what the star matched into the target, in the style of the step', () => {
    assert.deepEqual(names('web-* -> W_*', { star: 'api-key' }), ['W_api-key']);
    assert.deepEqual(names('web-* -> W_*', { star: 'api-key' }, { variableNaming: 'upperUnderscore' }), ['W_API_KEY']);
  });

  it('put the field into the target, and both when pattern and field have a star', () => {
    assert.deepEqual(names('smtp.* -> SMTP_*', { field: ['host'] }), ['SMTP_host']);
    assert.deepEqual(names('smtp.a.** -> SMTP_*', { field: ['a', 'b', '0'] }), ['SMTP_b_0']);
    assert.deepEqual(names('web-*.* -> W_*', { star: 'api', field: ['key'] }), ['W_api_key']);
    assert.deepEqual(names('web-*.key -> W_*', { star: 'api', field: ['key'] }), ['W_api']);
  });

  it('follow the path of a field without a target', () => {
    assert.deepEqual(names('smtp.**', { secret: 'smtp', field: ['server', 'host'] }), ['smtp.server.host']);
  });

  it('never take other characters from JSON', () => {
    assert.deepEqual(names('smtp.* -> S_*', { field: ['a b;]##vso[x'] }), ['S_a_b_vso_x']);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (key) => {
        assert.match(names('smtp.* -> S_*', { field: [key] })[0]!, /^S_[A-Za-z0-9._-]+$/);
      }),
    );
  });

  it('are two for a version without a target, as with AzureKeyVault@2', () => {
    const version = '0123456789abcdef0123456789abcdef';
    assert.deepEqual(names(`db-password/${version}`, {}), ['db-password', `db-password/${version}`]);
    assert.deepEqual(names(`db-password/${version} -> X`, {}), ['X']);
  });
});
