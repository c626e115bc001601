import assert from 'node:assert/strict';
import { describeScenarios } from './support/scenarios';
import { seedSecrets, pipelineOf, readingStep } from './support/secrets-step';

/** A pipeline that reads secrets, to which further steps can be added. */
function readThem(...step: Parameters<typeof readingStep>): string {
  return pipelineOf(readingStep(...step));
}

/** The secret variables that a step has set, by name. */
function secretsOf(result: {
  variables: Readonly<Record<string, { value: string; secret: boolean }>>;
}): Record<string, string> {
  const own = Object.entries(result.variables).filter(
    ([name, { secret }]) => secret && !/^(system|agent)\./i.test(name),
  );
  return Object.fromEntries(own.map(([name, { value }]) => [name, value]));
}

/** Asserts that no variable was set, and that the log contains none of these texts. */
function assertNothing(
  result: Parameters<typeof secretsOf>[0] & { text: string },
  ...secrets: readonly string[]
): void {
  assert.deepEqual(secretsOf(result), {});
  assertMasked(result.text, ...secrets);
}

function assertMasked(text: string, ...secrets: readonly string[]): void {
  for (const secret of secrets) {
    assert.ok(!text.includes(secret), `'${secret}' is readable in the log:\n${text}`);
  }
}

describeScenarios('KeyVaultSecrets', {
  'sets all secrets of a vault for *, by client secret': async (testBed) => {
    seedSecrets(testBed, { 'db-password': 'not-a-real-password-1', 'api-key': 'not-a-real-key-2' });
    const result = await testBed.run(
      readThem('*') +
        `
  - bash: echo "$A and $B"
    env: { A: $(db-password), B: $(api-key) }
`,
    );
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(secretsOf(result), { 'api-key': 'not-a-real-key-2', 'db-password': 'not-a-real-password-1' });
    assert.match(result.text, /^\*\*\* and \*\*\*$/m);
    assertMasked(result.text, 'not-a-real-password-1', 'not-a-real-key-2');
    assert.deepEqual(result.unprocessedCommands, []);
  },

  'sets secrets by workload identity federation, with one request for the assertion': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const result = await testBed.run(readThem('token', '', 'contoso-federated'));
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(secretsOf(result), { token: 'not-a-real-token-1' });
    assert.equal(testBed.azure.journal.filter(({ path }) => path.endsWith('/oidctoken')).length, 1);
  },

  'accepts names separated by commas or line breaks, and a pinned version under both of its names': async (testBed) => {
    const version = '0123456789abcdef0123456789abcdef';
    seedSecrets(testBed, { one: 'not-a-real-value-1', two: 'not-a-real-value-2' });
    testBed.azure.setSecret(testBed.contoso.vault, {
      name: 'three',
      value: 'not-a-real-old-3',
      version,
      created: 1_000,
    });
    testBed.azure.setSecret(testBed.contoso.vault, { name: 'three', value: 'not-a-real-new-3' });
    const result = await testBed.run(readThem(`one, two\nthree/${version}`));
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(secretsOf(result), {
      one: 'not-a-real-value-1',
      two: 'not-a-real-value-2',
      three: 'not-a-real-old-3',
      [`three/${version}`]: 'not-a-real-old-3',
    });
    assert.ok(!testBed.azure.journal.some(({ path }) => path === '/secrets'), 'named secrets are not listed');
  },

  'reads every page of a large vault': {
    with: { vault: { emptyPages: true } },
    run: async (testBed) => {
      const names = Array.from({ length: 60 }, (_, index) => `secret-${String(index).padStart(2, '0')}`);
      seedSecrets(testBed, Object.fromEntries(names.map((name) => [name, `not-a-real-value-of-${name}`])));
      const result = await testBed.run(readThem('*'));
      assert.equal(result.result, 'Succeeded', result.text);
      assert.deepEqual(Object.keys(secretsOf(result)).sort(), names);
    },
  },

  'gets one challenge per vault and one token, regardless of the number of secrets': async (testBed) => {
    const names = Array.from({ length: 12 }, (_, index) => `secret-${index}`);
    seedSecrets(testBed, Object.fromEntries(names.map((name) => [name, `not-a-real-value-of-${name}`])));
    const result = await testBed.run(readThem(names.join(', ')));
    assert.equal(result.result, 'Succeeded', result.text);
    const { journal } = testBed.azure;
    assert.equal(journal.filter(({ service, status }) => service === 'vault' && status === 401).length, 1);
    assert.equal(journal.filter(({ service }) => service === 'entra').length, 1);
    assert.equal(journal.length, 1 + 1 + names.length);
  },

  'skips disabled and expired secrets for a pattern': async (testBed) => {
    seedSecrets(testBed, { good: 'not-a-real-value-1', off: { enabled: false }, old: { expires: 1_000_000_000_000 } });
    const result = await testBed.run(readThem('*'));
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(Object.keys(secretsOf(result)), ['good']);
  },

  'uses an expired secret that is named, with a warning': async (testBed) => {
    seedSecrets(testBed, { old: { value: 'not-a-real-old-value', expires: 1_000_000_000_000 } });
    const result = await testBed.run(readThem('old'));
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(secretsOf(result), { old: 'not-a-real-old-value' });
    assert.match(result.text, /##\[warning\].*old.*expired/s);
  },

  'sets nothing if one named secret is disabled, and reports which': async (testBed) => {
    seedSecrets(testBed, { good: 'not-a-real-value-1', off: { value: 'not-a-real-value-2', enabled: false } });
    const result = await testBed.run(readThem('good, off'));
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /##\[error\]AKV-SECRET-DISABLED: .*off/);
    assertNothing(result, 'not-a-real-value-1');
  },

  'sets nothing if one named secret is missing, and reports which': async (testBed) => {
    seedSecrets(testBed, { good: 'not-a-real-value-1' });
    const result = await testBed.run(readThem('good, absent'));
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /##\[error\]AKV-SECRET-MISSING: .*absent/);
    assertNothing(result, 'not-a-real-value-1');
  },

  'keeps every line of a multi-line secret out of the log, and its line ends in the variable': async (testBed) => {
    const value =
      '-----BEGIN NOT A REAL KEY-----\nbm90LWEtcmVhbC1saW5lLTE\nbm90LWEtcmVhbC1saW5lLTI\n-----END NOT A REAL KEY-----\n';
    seedSecrets(testBed, { key: value });
    const result = await testBed.run(
      readThem('key') +
        `
  - bash: echo "$KEY"; echo "$KEY" >&2
    env: { KEY: $(key) }
`,
    );
    assert.equal(result.result, 'Succeeded', result.text);
    assert.equal(secretsOf(result).key, value);
    assertMasked(result.text, 'bm90LWEtcmVhbC1saW5lLTE', 'bm90LWEtcmVhbC1saW5lLTI');
    assert.deepEqual(result.unprocessedCommands, []);
    assert.equal(result.variables.SYSTEM_UNSAFEALLOWMULTILINESECRET?.value, 'false', 'put back afterwards');
  },

  'reads before the first step when it runs as pre-job': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const result = await testBed.run(`
steps:
  - bash: test "$TOKEN" = not-a-real-token-1 && echo "was there"
    env: { TOKEN: $(token) }
${readThem('token', 'runAsPreJob: true').replace(/^\s*steps:\n/, '')}`);
    assert.equal(result.result, 'Succeeded', result.text);
    assert.match(result.text, /was there/);
    assert.match(result.text, /this step runs before the job's first step/);
  },

  'explains a refusal by the firewall with the address that it refused': async (testBed) => {
    testBed.azure.setSecret(testBed.contoso.vault, { name: 'token', value: 'not-a-real-token-1' });
    const result = await testBed.run(readThem('token'));
    assert.equal(result.result, 'Failed');
    assert.match(
      result.text,
      /##\[error\]AKV-FIREWALL: The firewall of 'contoso-kv' does not allow this agent's address 20\.50\.1\.10\./,
    );
    assert.match(result.text, /Add the task KeyVaultAgentAccess@1 before this step/);
    assertNothing(result, 'not-a-real-token-1');
  },

  'explains a missing role with the command that gives it': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    testBed.contoso.revokeRole();
    const result = await testBed.run(readThem('token'));
    assert.equal(result.result, 'Failed');
    assert.match(
      result.text,
      /AKV-RBAC: .*is not authorized to perform Microsoft\.KeyVault\/vaults\/secrets\/getSecret\/action/,
    );
    assert.match(result.text, /az role assignment create --role "Key Vault Secrets User"/);
    assertNothing(result, 'not-a-real-token-1');
  },

  'explains a refused pattern in the same way as a refused name': async (testBed) => {
    testBed.azure.setSecret(testBed.contoso.vault, { name: 'token', value: 'not-a-real-token-1' });
    const closed = await testBed.run(readThem('tok*'));
    assert.match(closed.text, /##\[error\]AKV-FIREWALL: .* this agent's address 20\.50\.1\.10\./);
    seedSecrets(testBed, {});
    testBed.contoso.revokeRole();
    const noRole = await testBed.run(readThem('tok*'));
    assert.match(noRole.text, /##\[error\]AKV-RBAC: .*Microsoft\.KeyVault\/vaults\/secrets\/readMetadata\/action/);
    testBed.azure.changeVault(testBed.contoso.vault, {
      properties: { enableRbacAuthorization: false, accessPolicies: [] },
    });
    const noPolicy = await testBed.run(readThem('tok*'));
    assert.match(noPolicy.text, /##\[error\]AKV-ACCESS-POLICY: [^]*--secret-permissions get list$/m);
    for (const result of [closed, noRole, noPolicy]) assertNothing(result, 'not-a-real-token-1');
  },

  'waits during throttling without a Retry-After': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    testBed.azure.fault({
      when: ({ path, headers }) => path.startsWith('/secrets/token') && 'authorization' in headers,
      times: 2,
      then: {
        status: 429,
        body: JSON.stringify({ error: { code: 'Throttled', message: 'VaultRequestTypeLimitReached' } }),
      },
    });
    const result = await testBed.run(readThem('token'));
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(secretsOf(result), { token: 'not-a-real-token-1' });
    assert.match(result.text, /2 retries/);
  },

  'reports immediately that the vault does not exist': async (testBed) => {
    const result = await testBed.run(readThem('token').replace('keyVault: contoso-kv', 'keyVault: contoso-vk'));
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /##\[error\]AKV-(HOST-NOT-FOUND|PROXY): .*contoso-vk/);
    assertNothing(result);
  },

  'reports all mistakes of its rules together, with line and column, and sends no request to Azure': async (
    testBed,
  ) => {
    const result = await testBed.run(readThem('db_password\nweb-* | pen\nkey => KEY'));
    assert.equal(result.result, 'Failed');
    for (const place of ['line 1', 'line 2', 'line 3']) {
      assert.match(result.text, new RegExp(place, 'i'));
    }
    assert.equal(testBed.azure.journal.length, 0);
    assertNothing(result);
  },

  'does not treat an answer without a value as an empty secret': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    testBed.azure.fault({
      when: ({ path, headers }) => path.startsWith('/secrets/token') && 'authorization' in headers,
      then: {
        alter: (answer) => ({
          ...answer,
          body: JSON.stringify({ ...(JSON.parse(answer.body) as object), value: undefined }),
        }),
      },
    });
    const result = await testBed.run(readThem('token'));
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /##\[error\]AKV-UNEXPECTED-ANSWER: .*'value' is missing/);
    assertNothing(result, 'not-a-real-token-1');
  },

  'fails if every answer is cut off': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    testBed.azure.fault({ when: ({ path }) => path.startsWith('/secrets/token'), then: 'truncate' });
    const result = await testBed.run(readThem('token', 'timeoutInSeconds: 15'));
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /##\[error\]AKV-(NETWORK|TIMEOUT)/);
    assertNothing(result, 'not-a-real-token-1');
  },
});
