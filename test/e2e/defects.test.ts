import assert from 'node:assert/strict';
import { openIdentityEndpoint } from './support/identity-endpoint';
import { connectByCertificate, connectionOf } from './support/one-step';
import { describeScenarios, type Outcome } from './support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  assertUnreadable,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
  variablesSet,
} from './support/secrets-step';

/*
 * One scenario for each of 18 defects of AzureKeyVaultV2, found by reading its source (microsoft/azure-pipelines-tasks,
 * Tasks/AzureKeyVaultV2 and azure-arm-rest). Each would fail on that task's behavior. Of defects inside of the code
 * (3 and 4: promises that are not awaited) it is what users see of them: a step that hangs or ends green.
 */

/** A request with a token; the first one has none, to get the vault's challenge. */
function isRead(path: string) {
  return (request: { readonly path: string; readonly headers: Readonly<Record<string, string>> }) =>
    request.path.startsWith(path) && 'authorization' in request.headers;
}

/** What the step left in the agent's temporary folder, except a random number of the task library. */
function filesOf({ tempFiles }: Outcome): readonly string[] {
  return tempFiles.map(({ path }) => path).filter((path) => path !== '.taskkey');
}

/** Milliseconds by the name of a secret. Only one scenario uses it, alone. */
const latencies = new Map<string, number>();

const multiLine = 'first%3Bnot%0Areal%AZP25line\n  second not-a-real line\n}\n';

describeScenarios('Defects of AzureKeyVaultV2 that KeyVaultSecrets does not have', {
  '1: throttling (429) is waited out': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const throttled = { status: 429, body: '{"error":{"code":"Throttled","message":"VaultRequestTypeLimitReached"}}' };
    testBed.azure.fault({ when: isRead('/secrets/token'), times: 1, then: throttled });
    const outcome = await testBed.run(pipelineOf(readingStep('token')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { token: 'not-a-real-token-1' });
  },

  '2: after a 401 the request is repeated with a new token': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const expired = {
      status: 401,
      headers: {
        'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${testBed.contoso.tenant.id}", resource="https://vault.azure.net"`,
      },
      body: '{"error":{"code":"Unauthorized","message":"[TokenExpired] Error validating token."}}',
    };
    testBed.azure.fault({ when: isRead('/secrets/token'), times: 1, then: expired });
    const outcome = await testBed.run(pipelineOf(readingStep('token')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { token: 'not-a-real-token-1' });
    const tokens = testBed.azure.journal.filter(isRead('/secrets/token')).map(({ headers }) => headers.authorization);
    assert.equal(tokens.length, 2);
    assert.notEqual(tokens[0], tokens[1]);
  },

  '3: a listing that cannot be understood fails the step instead of hanging it': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const nonsense = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"value":[{}]}' };
    testBed.azure.fault({ when: isRead('/secrets'), then: nonsense });
    const outcome = await testBed.run(pipelineOf(readingStep('*', 'timeoutInSeconds: 10')));
    assertNothingSet(outcome);
    assert.match(outcome.text, /##\[error\]AKV-(?!TIMEOUT)/);
  },

  '4: a vault that never answers fails the step, which does not succeed': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    testBed.azure.fault({ when: isRead('/secrets/token'), then: 'hang' });
    const outcome = await testBed.run(pipelineOf(readingStep('token', 'timeoutInSeconds: 2')));
    assertNothingSet(outcome);
    assert.match(outcome.text, /##\[error\]AKV-TIMEOUT: Timed out after 2 s while reading secrets\./);
  },

  "5: lines of a secret are masked as they are, also with the agent's escapes in them": async (testBed) => {
    seedSecrets(testBed, { 'multi-line': multiLine });
    const outcome = await testBed.run(
      pipelineOf(readingStep('*'), bashStep('echo "$V"; echo "{ }"', { V: 'multi-line' })),
    );
    assertSucceeded(outcome);
    assertUnreadable(outcome.text, 'first%3Bnot', 'real%AZP25line', 'second not-a-real line', 'not-a-real');
    assert.match(outcome.text, /^\{ \}$/m, 'a lone brace of a secret masks no other brace');
  },

  '6: the switch for multi-line secrets is restored after the step': async (testBed) => {
    seedSecrets(testBed, { 'multi-line': multiLine });
    const later = bashStep('echo "##vso[task.setvariable variable=later;issecret=true]one%0Atwo"');
    const outcome = await testBed.run(pipelineOf(readingStep('*'), later));
    assert.equal(outcome.variables['multi-line']?.value, multiLine);
    assert.equal(outcome.result, 'Failed', "the agent's own rule holds for the later step");
    assert.match(outcome.text, /Secrets cannot contain multiple lines/);
  },

  '7: an empty secret is an empty variable': async (testBed) => {
    seedSecrets(testBed, { nothing: '' });
    const outcome = await testBed.run(pipelineOf(readingStep('nothing'), bashStep('echo "[$(nothing)]"')));
    assertSucceeded(outcome);
    assert.match(outcome.text, /^\[\]$/m);
  },

  '8: JSON is not rewritten': async (testBed) => {
    const json = '{\n  "id": 12345678901234567890,\n  "b": 1.0,\n  "10": 1, "2": 2,\n  "b": 3\n}';
    seedSecrets(testBed, { json });
    const outcome = await testBed.run(pipelineOf(readingStep('json')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { json });
  },

  '9: a refusal by the firewall is reported as such, once for all secrets, and no script is uploaded': async (
    testBed,
  ) => {
    for (const name of ['one', 'two', 'three']) {
      testBed.azure.setSecret(testBed.contoso.vault, { name, value: 'not-a-real-value' });
    }
    const outcome = await testBed.run(pipelineOf(readingStep('one, two, three')));
    assertNothingSet(outcome);
    assert.equal(outcome.issues.length, 1);
    assert.match(outcome.issues[0]?.message ?? '', /^AKV-FIREWALL: .*20\.50\.1\.10/);
    assert.doesNotMatch(outcome.text, /needs? .*permission|Get, List/i);
    assert.deepEqual(outcome.attachments, []);
    assert.deepEqual(filesOf(outcome), []);
  },

  '10: a refused request (400) is explained with the message of the vault': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const refused = {
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":{"code":"BadParameter","message":"The api-version is not supported here."}}',
    };
    testBed.azure.fault({ when: isRead('/secrets/token'), then: refused });
    const outcome = await testBed.run(pipelineOf(readingStep('token')));
    assertNothingSet(outcome);
    assert.match(outcome.text, /The api-version is not supported here\./);
    assert.doesNotMatch(outcome.text, /not found|invalid characters/i);
  },

  '11: a secret that is not valid yet is skipped by a pattern, and used with a warning by name': async (testBed) => {
    seedSecrets(testBed, {
      now: 'not-a-real-value-1',
      later: { value: 'not-a-real-value-2', notBefore: 4_000_000_000_000 },
    });
    const all = await testBed.run(pipelineOf(readingStep('*')));
    assertSucceeded(all);
    assert.deepEqual(variablesSet(all), { now: 'not-a-real-value-1' });
    assert.match(all.text, /2 secrets listed, 2 matched, 0 excluded, 1 skipped \(1 not valid yet\)/);
    const named = await testBed.run(pipelineOf(readingStep('later')));
    assertSucceeded(named);
    assert.match(named.text, /##\[warning\].*later \(not valid until 2096-10-02\)/);
  },

  '12: * can skip the private keys of certificates': async (testBed) => {
    const certificate = {
      managed: true,
      contentType: 'application/x-pkcs12',
      kid: 'https://contoso-kv.vault.azure.net/keys/tls',
    };
    seedSecrets(testBed, { token: 'not-a-real-token-1', tls: { value: 'bm90IGEgcmVhbCBQRlg=', ...certificate } });
    const outcome = await testBed.run(pipelineOf(readingStep('*', 'includeCertificates: false')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { token: 'not-a-real-token-1' });
    assert.ok(!testBed.azure.journal.some(({ path }) => path.startsWith('/secrets/tls')), 'the key stays in the vault');
    assert.match(outcome.text, /1 skipped \(1 certificate-backed\)/);
  },

  "13: the connection's key or certificate is not in the output or on the disk": async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const bySecret = await testBed.run(pipelineOf(readingStep('token')));
    assertSucceeded(bySecret);
    assert.ok(!bySecret.raw.join('\n').includes(testBed.contoso.clientSecret), 'not even to the masked stream');
    const connection = await connectByCertificate(testBed);
    const outcome = await testBed.run(pipelineOf(readingStep('token').replace('contoso-secret', connection.name)), {
      serviceConnections: [connection],
    });
    assertSucceeded(outcome);
    assertUnreadable(
      outcome.raw.join('\n'),
      ...(connection.parameters.servicePrincipalCertificate ?? '').split('\n').filter((line) => line.length > 20),
    );
    assert.deepEqual(filesOf(outcome), []);
  },

  '14: the user-assigned identity of the connection is the one that is requested': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const clientId = '0f8fad5b-d9cb-469f-a165-70867728950e';
    const endpoint = await openIdentityEndpoint(testBed, clientId);
    const connection = connectionOf(testBed, 'by-identity', 'ManagedServiceIdentity', {}, { msiclientId: clientId });
    const outcome = await testBed.run(pipelineOf(readingStep('token').replace('contoso-secret', connection.name)), {
      environment: endpoint.environment,
      serviceConnections: [connection],
    });
    await endpoint.stop();
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { token: 'not-a-real-token-1' });
    assert.deepEqual([...new Set(endpoint.requests.map((request) => request.clientId))], [clientId]);
  },

  '15: a current API version of the vault is used': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    assertSucceeded(await testBed.run(pipelineOf(readingStep('*'))));
    const versions = testBed.azure.journal
      .filter(({ service }) => service === 'vault')
      .map(({ query }) => query['api-version']);
    assert.deepEqual([...new Set(versions)], ['2025-07-01']);
  },

  '16: a carriage return in a secret adds no command to the log': async (testBed) => {
    const value = 'not-a-real-value\r##vso[task.setvariable variable=injected]yes\r##vso[task.complete result=Failed]';
    seedSecrets(testBed, { smuggler: value });
    const outcome = await testBed.run(pipelineOf(readingStep('*')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { smuggler: value });
    assert.equal(outcome.variables.injected, undefined);
  },

  '17: when one secret cannot be read, none is set': async (testBed) => {
    seedSecrets(testBed, { a: 'not-a-real-value-1', b: 'not-a-real-value-2', c: 'not-a-real-value-3' });
    const outcome = await testBed.run(pipelineOf(readingStep('a, b, absent, c')));
    assertNothingSet(outcome);
    assert.match(outcome.text, /##\[error\]AKV-SECRET-MISSING: contoso-kv:absent: the secret does not exist\./);
  },

  '18: the log and the variables have the same order, regardless of the order of the answers': {
    with: { latency: ({ path }) => latencies.get(path.split('/')[2] ?? '') ?? 0 },
    run: async (testBed) => {
      const names = ['delta', 'alpha', 'charlie', 'bravo'];
      seedSecrets(testBed, Object.fromEntries(names.map((name) => [name, `not-a-real-${name}`])));
      const rules = [...names, 'gone-2', 'gone-1'].join('\n');
      const logs: string[] = [];
      for (const order of [names, names.toReversed()]) {
        order.forEach((name, index) => latencies.set(name, index * 60));
        latencies
          .set('gone-1', (60 * order.indexOf('delta')) / 3)
          .set('gone-2', 60 - (60 * order.indexOf('delta')) / 3);
        const good = await testBed.run(pipelineOf(readingStep(names.join(', '))));
        const bad = await testBed.run(pipelineOf(readingStep(rules)));
        assertSucceeded(good);
        const set = Object.keys(variablesSet(good)).join();
        logs.push([set, ...good.log, ...bad.log].join('\n').replace(/\d+\.\d s\.|agent-\w+/g, '-'));
      }
      assert.equal(logs[0], logs[1]);
    },
  },
});
