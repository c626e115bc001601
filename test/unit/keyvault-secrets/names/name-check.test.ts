import assert from 'node:assert/strict';
import { readOnlyNames } from '../../../../simulation/agent/variables/read-only-variables';
import { checkNames } from '../../../../tasks/keyvault-secrets/names/name-check';

const plain = { name: 'x', subject: 'my-kv:a', isPublic: false, isInEnvFile: false, isChosenByVault: false };

describe('the check of names', () => {
  const check = (name: string, isPublic = false): readonly string[] =>
    checkNames([{ ...plain, name, isPublic }]).failures.map(({ diagnosis }) => diagnosis.summary);

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
    it(`refuses ${name}, which is reserved`, () => {
      assert.match(check(name)[0] ?? 'accepted', /would override .*, which is reserved$/);
    });
  }

  it('refuses each variable that the agent protects by its name', () => {
    assert.ok(readOnlyNames.size > 100);
    assert.deepEqual(
      [...readOnlyNames].filter((name) => !(check(name)[0] ?? '').endsWith('which is reserved')),
      [],
    );
  });

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
    assert.deepEqual(check(''), ["'' cannot be the name of a variable"]);
  });

  const steering = [
    ...['LD_PRELOAD', 'home', 'GIT_SSH_COMMAND', 'https_proxy', 'BASH_ENV', 'CORECLR_PROFILER_PATH', 'Kube.Config'],
    ...['KUBECONFIG', 'AWS_CONFIG_FILE', 'OPENSSL_CONF', 'DirectoryBuildPropsPath', 'GOFLAGS', 'DOTNET_ROOT'],
    ...['SHELLOPTS', 'PIP_INDEX_URL', 'NUGET_PLUGIN_PATHS', 'RUSTC_WRAPPER', 'MAVEN_OPTS', 'CscToolPath', 'RUBYOPT'],
    ...['PERL5OPT', 'PHPRC', 'JAVA_TOOL_OPTIONS', 'CURL_HOME', 'DOCKER_HOST', 'TF_CLI_ARGS_apply', 'CI', 'NODE_PATH'],
  ];
  for (const name of steering) {
    it(`refuses ${name} for a public variable whose name the vault chose`, () => {
      const { failures } = checkNames([{ ...plain, name, isPublic: true, isChosenByVault: true }]);
      assert.deepEqual(
        failures.map(({ diagnosis }) => [diagnosis.code, diagnosis.summary]),
        [
          [
            'AKV-NAME-RESERVED',
            `the variable '${name}' would change how the programs of later steps behave, and the vault chose its name`,
          ],
        ],
      );
    });

    it(`warns of ${name} where the rule names it, or where it is secret`, () => {
      for (const [isPublic, isChosenByVault] of [[true, false] as const, [false, true] as const]) {
        const { failures, warnings } = checkNames([{ ...plain, name, isPublic, isChosenByVault }]);
        assert.deepEqual(failures, []);
        assert.deepEqual(
          warnings.map(({ subject }) => subject),
          [`${name} (my-kv:a)`],
        );
      }
    });
  }

  const steeringNothing = [
    ...[
      'db-password',
      'api.key',
      'APP_SETTINGS',
      'DB_HOST',
      'connection-string',
      'go-api-key',
      'import-key',
      'tls.pem',
    ],
    ...['DOCKER_PASSWORD', 'NPM_CONFIG_TOKEN', 'SSH_PRIVATE_KEY', 'NUGET_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'region'],
  ];
  for (const name of steeringNothing) {
    it(`lets the vault choose ${name} for a public variable`, () => {
      assert.deepEqual(checkNames([{ ...plain, name, isPublic: true, isChosenByVault: true }]), {
        failures: [],
        warnings: [],
      });
    });
  }

  it('finds names that are one to the agent, and names both secrets', () => {
    const { failures } = checkNames([
      { ...plain, name: 'Db.Key', subject: 'my-kv:one' },
      { ...plain, name: 'DB_KEY', subject: 'my-kv:two' },
      { ...plain, name: 'other', subject: 'my-kv:three' },
    ]);
    assert.deepEqual(
      failures.map(({ subject, diagnosis }) => `${diagnosis.code} ${subject ?? ''}: ${diagnosis.summary}`),
      [
        "AKV-NAME-COLLISION my-kv:one and my-kv:two: both set the variables 'Db.Key' and 'DB_KEY', which the agent treats as one",
      ],
    );
  });
});
