import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkNames } from '../../../../tasks/keyvault-secrets/names/name-check';
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

describe('the guard of names', () => {
  const check = (name: string, isPublic = false): readonly string[] =>
    checkNames([{ name, subject: 'my-kv:a', isPublic }]).failures.map(({ diagnosis }) => diagnosis.summary);

  const reserved = [
    'PATH',
    'path',
    'System.AccessToken',
    'system_accesstoken',
    'AGENT_USE_NODE10',
    'Build.SourcesDirectory',
    'VSTSAGENT_TRACE',
    'vsts.x',
    'AZP_IGNORE_SECRETS_SHORTER_THAN',
    'input_x',
    'ENDPOINT_URL_X',
    'secret.x',
    'NODE_OPTIONS',
    'decode_percents',
    'TF_BUILD',
    'Release.ReleaseId',
    'DistributedTask.Agent.UseNode24',
  ];
  for (const name of reserved) {
    it(`refuses ${name}, which belongs to the agent`, () => {
      assert.match(check(name)[0] ?? 'accepted', /which belongs to the agent$/);
    });
  }

  const harmless = [
    'db-password',
    'secret',
    'secret-api-key',
    'SYSTEM-ACCESSTOKEN',
    'my.path',
    'PATHS',
    'agentName',
    'builder',
    'a/0123456789abcdef0123456789abcdef',
    'name/previous',
  ];
  for (const name of harmless) {
    it(`accepts ${name}`, () => {
      assert.deepEqual(check(name), []);
    });
  }

  it('refuses a name that a star left empty', () => {
    assert.deepEqual(check(''), ["'' is not usable as the name of a variable"]);
  });

  for (const name of ['LD_PRELOAD', 'home', 'GIT_SSH_COMMAND', 'https_proxy', 'BASH_ENV', 'CORECLR_PROFILER_PATH']) {
    it(`refuses ${name} for a public result and warns for a secret one`, () => {
      assert.deepEqual(check(name, true), [`the variable '${name}' would steer the programs of all later steps`]);
      const { failures, warnings } = checkNames([{ name, subject: 'my-kv:a', isPublic: false }]);
      assert.deepEqual(failures, []);
      assert.deepEqual(
        warnings.map(({ subject }) => subject),
        [`${name} (my-kv:a)`],
      );
    });
  }

  it('finds names that are one to the agent, and names both secrets', () => {
    const { failures } = checkNames([
      { name: 'Db.Key', subject: 'my-kv:one', isPublic: false },
      { name: 'DB_KEY', subject: 'my-kv:two', isPublic: false },
      { name: 'other', subject: 'my-kv:three', isPublic: false },
    ]);
    assert.deepEqual(
      failures.map(({ subject, diagnosis }) => `${diagnosis.code} ${subject ?? ''}: ${diagnosis.summary}`),
      [
        "AKV-NAME-COLLISION my-kv:one and my-kv:two: both set the variables 'Db.Key' and 'DB_KEY', which are one to the agent",
      ],
    );
  });
});
