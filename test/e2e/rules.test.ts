import assert from 'node:assert/strict';
import { limitPermissions } from './support/perimeter-place';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
  variablesSet,
} from './support/secrets-step';

/*
 * What users see when rules and policies do not go as they hoped. What each rule and input does when all is well is in
 * the examples of docs/key-vault-secrets.md, which documentation.test.ts runs.
 */

const day = 86_400_000;

/** Lines of the step's error, as the log shows them. */
function errorOf({ log }: Outcome): string {
  const start = log.findIndex((line) => line.startsWith('##[error]'));
  const end = log.findIndex((line, index) => index > start && line.startsWith('##['));
  return log.slice(start, end).join('\n');
}

function warningsOf({ issues }: Outcome): readonly string[] {
  return issues.filter(({ type }) => type === 'warning').map(({ message }) => message);
}

/** The handling of an expired secret, by name and by pattern. */
async function fateOfExpired(testBed: TestBed, policy: string): Promise<string> {
  const outcome = await testBed.run(
    pipelineOf(readingStep('old -> BY_NAME\nol* -> BY_*', `expiredSecrets: ${policy}`)),
  );
  const set = Object.keys(variablesSet(outcome)).sort().join(', ');
  const warned = warningsOf(outcome).map((warning) => warning.replace(/:.*/, ''));
  return [outcome.result, set, ...warned].join('; ');
}

describeScenarios('Rules and policies of KeyVaultSecrets', {
  'show all mistakes of all inputs together, each with a caret, before any request to Azure': async (testBed) => {
    const rules =
      'db_password -> A\nweb-* | pen\n\ntoken => TOKEN\napi-key -> $(API_KEY)\nother-kv:x\nkey | notSecret | notSecret -> B*';
    const outcome = await testBed.run(pipelineOf(readingStep(rules, 'missingSecrets: maybe\ntagFilter: =prod')));
    assertNothingSet(outcome);
    const error = errorOf(outcome);
    assert.match(error, /##\[error\]AKV-INPUT: 2 inputs are not valid; nothing was read or changed\./);
    assert.match(error, /Input 'missingSecrets': 'maybe'/);
    assert.match(error, /Input 'tagFilter': '=prod' is not a condition/);
    for (const [line, ...texts] of [
      ['line 1', "'_' cannot be in the name of a secret", "did you mean 'db-password'?"],
      ['line 2', "'pen' is not an operation", "Did you mean 'pem'?"],
      ['line 4', '=>'],
      ['line 5', "'API_KEY'", '-> API_KEY'],
      ['line 6', "'other-kv' is not one of this step's vaults", 'now: contoso-kv'],
      ['line 7', "'notSecret' is given twice"],
    ] as const) {
      for (const text of [line, ...texts])
        assert.ok(error.toLowerCase().includes(text.toLowerCase()), `'${text}' is missing:\n${error}`);
    }
    assert.ok(error.includes('\n    web-* | pen\n            ^\n'), 'a caret under the mistake');
    assert.equal(testBed.azure.journal.length, 0);
  },

  'refuse names that are reserved for the agent, whether a rule or the vault chose them, and read nothing': async (
    testBed,
  ) => {
    seedSecrets(testBed, {
      'SYSTEM-ACCESSTOKEN': 'not-a-real-token-1',
      path: 'not-a-real-path-2',
      good: 'not-a-real-value-3',
    });
    const outcome = await testBed.run(pipelineOf(readingStep('*', 'variableNaming: upperUnderscore')));
    assertNothingSet(outcome);
    const error = errorOf(outcome);
    assert.match(error, /##\[error\]AKV-NAME-RESERVED: 2 problems; no variable was set\./);
    assert.match(
      error,
      /contoso-kv:SYSTEM-ACCESSTOKEN: the variable 'SYSTEM_ACCESSTOKEN' would override SYSTEM_ACCESSTOKEN/,
    );
    assert.match(error, /contoso-kv:path: the variable 'PATH' would override PATH, which is reserved/);
    assert.ok(!testBed.azure.journal.some(({ path }) => /^\/secrets\/(?:system|path|good)/i.test(path)));
  },

  'refuse two secrets for one variable and name both, even if only a field or a vault causes it': async (testBed) => {
    seedSecrets(testBed, {
      'a-b': '{"c":"not-a-real-1"}',
      'a-b-c': 'not-a-real-2',
      other: '{"x y":"not-a-real-3","x-y":"not-a-real-4"}',
    });
    const outcome = await testBed.run(pipelineOf(readingStep('a-b.c\na-b-c', 'variableNaming: underscore')));
    assertNothingSet(outcome);
    assert.match(
      errorOf(outcome),
      /AKV-NAME-COLLISION: contoso-kv:a-b\.c and contoso-kv:a-b-c: both set the variable 'a_b_c'/,
    );
    const fields = await testBed.run(pipelineOf(readingStep('other.*', 'variableNaming: underscore')));
    assertNothingSet(fields);
    assert.match(errorOf(fields), /AKV-NAME-COLLISION: .*other_x_y/);
    const files = await testBed.run(pipelineOf(readingStep('a-b | file:one -> A\na-b-c | file:ONE -> B')));
    assertNothingSet(files);
    assert.match(errorOf(files), /AKV-NAME-COLLISION: .*both write the file 'ONE'/);
  },

  'suggest similar names if a name is missing, and continue if they are allowed to': async (testBed) => {
    seedSecrets(testBed, { 'db-password': 'not-a-real-password-1', 'web-key': 'not-a-real-key-2' });
    const failed = await testBed.run(pipelineOf(readingStep('web-*\ndb-passwords\nweb-keys')));
    assertNothingSet(failed);
    assert.match(errorOf(failed), /AKV-SECRET-MISSING: 2 problems; no variable was set\./);
    assert.match(errorOf(failed), /contoso-kv:db-passwords: the secret does not exist\. Did you mean 'db-password'\?/);
    const warned = await testBed.run(pipelineOf(readingStep('web-key, gone', 'missingSecrets: warn')));
    assertSucceeded(warned);
    assert.deepEqual(warningsOf(warned), ['Missing in the vault, so not set: contoso-kv:gone.']);
    const ignored = await testBed.run(pipelineOf(readingStep('web-key, gone\nlost?', 'missingSecrets: ignore')));
    assertSucceeded(ignored);
    assert.deepEqual([warningsOf(ignored), variablesSet(ignored)], [[], { 'web-key': 'not-a-real-key-2', lost: '' }]);
  },

  'treat an expired secret according to expiredSecrets, by name and by pattern': async (testBed) => {
    seedSecrets(testBed, { old: { expires: 1_000_000_000_000 } });
    const fates = new Map<string, string>();
    for (const policy of ['auto', 'use', 'skip', 'warn', 'fail'])
      fates.set(policy, await fateOfExpired(testBed, policy));
    assert.deepEqual(Object.fromEntries(fates), {
      auto: 'Succeeded; BY_NAME; Used outside their validity period',
      use: 'Succeeded; BY_NAME, BY_d',
      skip: 'Succeeded; ; Outside their validity period, so not set',
      warn: 'Succeeded; BY_NAME, BY_d; Used outside their validity period',
      fail: 'Failed; ',
    });
  },

  'warn about secrets that expire soon, in one line, unless that is turned off': async (testBed) => {
    const soon = Date.now() + 3 * day + 60_000;
    seedSecrets(testBed, { one: { expires: soon }, two: { expires: soon }, later: { expires: Date.now() + 40 * day } });
    const [warning, ...others] = warningsOf(await testBed.run(pipelineOf(readingStep('*'))));
    assert.deepEqual(others, []);
    assert.match(
      warning ?? '',
      /^Expire soon: contoso-kv:one \(expires on [\d-]+, in 4 days\), contoso-kv:two \(.*\)\.$/,
    );
    assert.deepEqual(warningsOf(await testBed.run(pipelineOf(readingStep('*', 'expiryWarningDays: 0')))), []);
  },

  'read secrets with dates of 1970, and tags and types that try to forge the log': async (testBed) => {
    seedSecrets(testBed, {
      'from-the-start': { notBefore: 0 },
      hostile: {
        tags: { 'x\n##vso[task.setvariable variable=injected]yes': '##[error]no' },
        contentType: '##[error]\nno',
      },
    });
    const outcome = await testBed.run(pipelineOf(readingStep('*', 'publishSummary: true')));
    assertSucceeded(outcome);
    assert.deepEqual(Object.keys(variablesSet(outcome)), ['from-the-start', 'hostile']);
    assert.deepEqual([outcome.variables.injected, outcome.issues], [undefined, []]);
  },

  'put their table on the summary page without a value, and set output variables that are secret': async (testBed) => {
    seedSecrets(testBed, { 'api-key': 'not-a-real-key-1', region: 'westeurope' });
    const rules = 'api-key -> API_KEY\nregion | notSecret -> REGION';
    const outcome = await testBed.run(
      pipelineOf(
        readingStep(rules, 'publishSummary: true\noutputVariables: true'),
        bashStep('echo "$KEY in $REGION"', { KEY: 'secrets.API_KEY' }),
      ),
    );
    assertSucceeded(outcome);
    assert.match(outcome.summaries.join('\n'), /\| api-key \| [0-9a-f]{8} \| API\\_KEY \| - \|/);
    assert.ok(!outcome.summaries.join('\n').includes('not-a-real-key-1'));
    assert.deepEqual(
      Object.entries(outcome.outputVariables).map(([name, { value, secret }]) => [name, value, secret]),
      [
        ['secrets.API_KEY', 'not-a-real-key-1', true],
        ['secrets.REGION', 'westeurope', false],
      ],
    );
    assert.match(outcome.text, /^\*\*\* in westeurope$/m);
  },

  'read no value in a dry run': async (testBed) => {
    seedSecrets(testBed, { 'web-key': 'not-a-real-key-1', 'web-old': { enabled: false } });
    const outcome = await testBed.run(pipelineOf(readingStep('web-*\nabsent? -> ABSENT', 'dryRun: true')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), {});
    assert.ok(!testBed.azure.journal.some(({ path }) => path.startsWith('/secrets/')), 'only the listing');
    assert.match(
      outcome.text,
      /^env:\n {2}ABSENT: \$\(ABSENT\)\n {2}WEB_KEY: \$\(web-key\)\n|^env:\n {2}WEB_KEY.*\n {2}ABSENT/m,
    );
  },

  'show in a dry run what is unknown without the permission to list': async (testBed) => {
    limitPermissions(testBed, []);
    seedSecrets(testBed, { key: { expires: Date.now() + 86_400_000 } });
    const outcome = await testBed.run(pipelineOf(readingStep('key -> KEY', 'dryRun: true')));
    assertSucceeded(outcome);
    assert.match(outcome.text, /^contoso-kv:key +KEY +\?$/m);
    assert.deepEqual(warningsOf(outcome), [
      'Expiration date unknown, because the identity has no permission to list secrets: contoso-kv:key.',
    ]);
  },

  'warn about variables that they replace, and about public variables that become secret': async (testBed) => {
    seedSecrets(testBed, { one: 'not-a-real-1', two: 'not-a-real-2' });
    const again = readingStep('two').replace('name: secrets', 'name: again');
    const outcome = await testBed.run(`variables:\n  one: public\n${pipelineOf(readingStep('one, two'), again)}`);
    assertSucceeded(outcome);
    assert.deepEqual(warningsOf(outcome), [
      'Public variables that become secret, so scripts no longer get them in their environment: one.',
      'Variables that already existed and are overwritten: two.',
    ]);
  },

  'end immediately if the job is canceled, and set nothing': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    testBed.azure.fault({
      when: ({ path, headers }) => path.startsWith('/secrets/') && 'authorization' in headers,
      then: 'hang',
    });
    const controller = new AbortController();
    const outcome = await testBed.run(pipelineOf(readingStep('token')), {
      signal: controller.signal,
      waits: { interrupt: 20_000 },
      onLine: (line) => {
        if (line.startsWith('Reading from'))
          setTimeout(() => {
            controller.abort();
          }, 300);
      },
    });
    assert.equal(outcome.result, 'Canceled', outcome.text);
    assert.deepEqual(variablesSet(outcome), {});
    assert.match(outcome.text, /AKV-CANCELED: The step was canceled \(SIGINT\)\./);
  },

  'set an empty variable or a default for a missing secret, so that no macro stays in a script': async (testBed) => {
    seedSecrets(testBed, { there: 'not-a-real-value-1' });
    const rules = 'there\ngone? -> GONE\nkept? -> KEPT\nlevel ?? info -> LEVEL';
    const script = bashStep('echo "[$(GONE)] [$(KEPT)] [$(LEVEL)] $LEVEL"');
    const variables = [{ name: 'kept', value: 'of the pipeline', secret: false }];
    const outcome = await testBed.run(pipelineOf(readingStep(rules), script), { variables });
    assertSucceeded(outcome);
    assert.match(outcome.text, /^\[\] \[of the pipeline\] \[info\] info$/m);
    assert.match(outcome.text, /Read 1 secret from contoso-kv and sent 3 variables to the agent\./);
    assert.deepEqual(warningsOf(outcome), []);
  },

  'end immediately if the job is canceled while secrets are read and more are listed, and set nothing': async (
    testBed,
  ) => {
    const names = Array.from({ length: 60 }, (_, index) => `secret-${index}`);
    seedSecrets(testBed, Object.fromEntries(names.map((name) => [name, 'not-a-real-value-1'])));
    const controller = new AbortController();
    const hanging = new Set<string>();
    testBed.azure.fault({
      when: ({ path, query }) => {
        const isNextPage = path === '/secrets' && '$skiptoken' in query;
        if (!isNextPage && !path.startsWith('/secrets/secret-')) return false;
        // The next page and all of the first one's secrets.
        if (hanging.add(path).size === 26) controller.abort();
        return true;
      },
      then: 'hang',
    });
    const outcome = await testBed.run(pipelineOf(readingStep('*')), {
      signal: controller.signal,
      waits: { interrupt: 20_000 },
    });
    assert.equal(outcome.result, 'Canceled', outcome.text);
    assert.deepEqual(variablesSet(outcome), {});
    assert.match(outcome.text, /AKV-CANCELED: The step was canceled \(SIGINT\)\./);
    assert.equal(outcome.text.match(/had not answered/g)?.length, 1, outcome.text);
  },
});
