import assert from 'node:assert/strict';
import { failureOf, pick, run, secretA, secretB, type StoredSecret } from './recording-ports';

describe('fetching secrets', () => {
  it('reads a named secret with a single GET, and never lists', async () => {
    const recorded = await run({ 'my-kv': { a: secretA, b: secretB } }, { secretsFilter: 'a' });
    assert.deepEqual(pick(recorded, 'read', 'list', 'set'), ['read my-kv:a', 'set a=not-a-real-password-1 (secret)']);
    assert.equal(recorded.outcome, 'Read 1 secret from my-kv and sent 1 variable to the agent.');
  });

  it('lists a vault once for all patterns and reads each secret once', async () => {
    const recorded = await run(
      { 'my-kv': { 'web-a': secretA, 'web-b': secretB, other: { value: 'x' } } },
      { secretsFilter: 'web-*\n/web-(a)/ -> ONLY_*\nweb-a -> NAMED' },
    );
    assert.deepEqual(pick(recorded, 'read', 'list'), ['list my-kv', 'read my-kv:web-a', 'read my-kv:web-b']);
    assert.deepEqual(pick(recorded, 'set').toSorted(), [
      'set NAMED=not-a-real-password-1 (secret)',
      'set ONLY_a=not-a-real-password-1 (secret)',
      'set web-a=not-a-real-password-1 (secret)',
      'set web-b=not-a-real-password-2 (secret)',
    ]);
  });

  it('reads everything, then shows, then masks all, then writes files, then sets variables', async () => {
    const recorded = await run(
      { 'my-kv': { a: secretA, b: secretB } },
      { secretsFilter: 'a\nb | file -> B_PATH', publishSummary: 'true', outputVariables: 'true' },
    );
    const order = recorded.events.map((event) => event.replace(/ .*/s, ''));
    const phases = order.filter((kind, index) => kind !== order[index - 1]);
    assert.deepEqual(phases, ['read', 'info', 'mask', 'file', 'set', 'output', 'set', 'output', 'info', 'summary']);
  });

  it('masks the value of every secret', async () => {
    const recorded = await run({ 'my-kv': { a: secretA, b: secretB } }, { secretsFilter: 'a\nb | file' });
    assert.ok(recorded.events.includes('mask not-a-real-password-1'));
    assert.ok(recorded.events.includes('mask not-a-real-password-2'));
  });

  it('prints and publishes no part of a value', async () => {
    const value = 'not-a-real-password-1\n{"x":"not-a-real-password-2"}';
    const recorded = await run({ 'my-kv': { a: { value } } }, { secretsFilter: '*', publishSummary: 'true' });
    assert.doesNotMatch(pick(recorded, 'info', 'warning', 'summary', 'debug', 'heading').join('\n'), /not-a-real/);
  });

  it('sets an empty value as an empty variable', async () => {
    assert.deepEqual(pick(await run({ 'my-kv': { a: { value: '' } } }), 'set'), ['set a= (secret)']);
  });

  it('changes nothing in a value: not its blanks, not its JSON', async () => {
    const value = ' {"n": 12345678901234567890,\r\n "n": 1}\n';
    assert.deepEqual(pick(await run({ 'my-kv': { a: { value } } }), 'set'), [`set a=${value} (secret)`]);
  });

  it('sets name and name/version for a version without a target', async () => {
    const version = '0123456789abcdef0123456789abcdef';
    const recorded = await run({ 'my-kv': { a: secretA } }, { secretsFilter: `a/${version}` });
    assert.deepEqual(pick(recorded, 'read', 'set'), [
      `read my-kv:a/${version}`,
      'set a=not-a-real-password-1 (secret)',
      `set a/${version}=not-a-real-password-1 (secret)`,
    ]);
  });

  it('sets fields of JSON as variables of their own, and masks the whole JSON too', async () => {
    const value = '{"host":"db.example.com","password":"not-a-real-password-1"}';
    const recorded = await run({ 'my-kv': { db: { value } } }, { secretsFilter: 'db.* -> DB_*\ndb.password -> P' });
    assert.deepEqual(pick(recorded, 'set').toSorted(), [
      'set DB_host=db.example.com (secret)',
      'set DB_password=not-a-real-password-1 (secret)',
      'set P=not-a-real-password-1 (secret)',
    ]);
    assert.ok(recorded.events.includes(`mask ${value}`));
  });

  it('neither masks nor hides what the rule calls not secret', async () => {
    const recorded = await run(
      { 'my-kv': { region: { value: 'westeurope' } } },
      { secretsFilter: 'region | notSecret -> REGION' },
    );
    assert.deepEqual(pick(recorded, 'mask', 'set'), ['set REGION=westeurope']);
  });

  it('lets a rule with a name take the place of a pattern for the same variable', async () => {
    const recorded = await run(
      { 'my-kv': { region: { value: 'westeurope' } } },
      { secretsFilter: '*\nregion | notSecret' },
    );
    assert.deepEqual(pick(recorded, 'mask', 'set'), ['set region=westeurope']);
  });

  it('takes two rules that want the very same thing for one', async () => {
    const recorded = await run({ 'my-kv': { 'web-a': secretA, b: secretB } }, { secretsFilter: '*\nweb-*\nb, b, B' });
    assert.deepEqual(pick(recorded, 'set').toSorted(), [
      'set b=not-a-real-password-2 (secret)',
      'set web-a=not-a-real-password-1 (secret)',
    ]);
  });

  it('stops between two reads when the step is canceled', async () => {
    const cancel = new AbortController();
    const outcome = { kind: 'missing' } as const;
    const secrets = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`s${index}`, { outcome }]));
    const recorded = await run(
      { 'my-kv': secrets },
      {},
      {
        signal: cancel.signal,
        onRead: () => {
          cancel.abort(new Error('enough'));
        },
      },
    );
    assert.match(String(recorded.error), /enough/);
    assert.ok(pick(recorded, 'read').length <= 8);
    assert.deepEqual(pick(recorded, 'mask', 'set'), []);
  });

  it('writes a file and sets its path, which is no secret', async () => {
    const recorded = await run({ 'my-kv': { a: secretA } }, { secretsFilter: 'a | file:x/y.txt -> A_PATH' });
    assert.deepEqual(pick(recorded, 'file', 'set'), [
      'file x/y.txt=not-a-real-password-1',
      'set A_PATH=/tmp/files/x/y.txt',
    ]);
    assert.equal(recorded.outcome, 'Read 1 secret from my-kv, wrote 1 file, and sent 1 variable to the agent.');
  });

  it('names files by vault, secret, field and part of a certificate', async () => {
    const recorded = await run(
      { 'my-kv': { a: { value: '{"b c":{"d":"x"}}' }, v: { value: 'y', versions: [] } } },
      { secretsFilter: 'a | file -> A\na."b c".* | file -> B_*\nv | encode64 | file -> V' },
    );
    assert.deepEqual(
      pick(recorded, 'file').map((event) => event.replace(/=.*/, '')),
      ['file my-kv/a', 'file my-kv/a.b_c.d', 'file my-kv/v'],
    );
  });

  it('gives no file the name of a device of Windows', async () => {
    const recorded = await run({ nul: { aux: secretA } }, { secretsFilter: 'aux | file -> A' });
    assert.deepEqual(pick(recorded, 'file'), ['file _nul/_aux=not-a-real-password-1']);
  });

  it('asks the vault for PEM where parts of a certificate are wanted, and for the PFX as it is', async () => {
    const recorded = await run(
      { 'my-kv': { tls: { value: 'MIIB', pem: 'x', properties: { managed: true } } } },
      { secretsFilter: 'tls | pfx -> PFX\ntls | key -> KEY\ntls | cert -> CERT' },
    );
    assert.deepEqual(pick(recorded, 'read'), ['read my-kv:tls', 'read my-kv:tls as PEM']);
    assert.equal(failureOf(recorded).code, 'AKV-CERTIFICATE');
  });

  it('sets nothing when a file cannot be written', async () => {
    const recorded = await run(
      { 'my-kv': { a: secretA, b: secretB } },
      { secretsFilter: 'a\nb | file' },
      { failFiles: true },
    );
    assert.match(String(recorded.error), /disk full/);
    assert.deepEqual(pick(recorded, 'set'), []);
  });

  it('stops with the reason of the signal and sets nothing', async () => {
    const reason = new Error('The step was canceled');
    const recorded = await run(
      { 'my-kv': { a: secretA } },
      { secretsFilter: '*, a' },
      { signal: AbortSignal.abort(reason) },
    );
    assert.equal(recorded.error, reason);
    assert.deepEqual(pick(recorded, 'mask', 'set'), []);
  });
});

describe('several vaults', () => {
  it('are all searched for a name without a vault', async () => {
    const recorded = await run({ 'my-kv': {}, shared: { a: secretA } }, { secretsFilter: 'a -> A' });
    assert.deepEqual(pick(recorded, 'read', 'set'), [
      'read my-kv:a',
      'read shared:a',
      'set A=not-a-real-password-1 (secret)',
    ]);
  });

  it('fail when both have it, and succeed when the rule says which', async () => {
    const stored = { 'my-kv': { a: secretA }, shared: { a: secretB } };
    const { code, summary } = failureOf(await run(stored, { secretsFilter: 'a' }));
    assert.equal(code, 'AKV-NAME-COLLISION');
    assert.equal(summary, 'my-kv:a and shared:a: the rule does not say which vault is meant. No variable was set.');
    assert.deepEqual(pick(await run(stored, { secretsFilter: 'shared:a' }), 'set'), [
      'set a=not-a-real-password-2 (secret)',
    ]);
  });

  it('fail when patterns find one name in both', async () => {
    const { code, summary } = failureOf(await run({ 'my-kv': { a: secretA }, shared: { A: secretB } }));
    assert.equal(code, 'AKV-NAME-COLLISION');
    assert.match(summary, /^my-kv:a and shared:A: both set the variables 'a' and 'A', which the agent treats as one\./);
  });
});

describe('a failure sets nothing', () => {
  it('when a named secret is missing; a near name is suggested if the vault was listed', async () => {
    const stored = { 'my-kv': { 'db-password': secretA } };
    const alone = failureOf(await run(stored, { secretsFilter: 'db-passwords\ndb-password' }));
    assert.equal(alone.code, 'AKV-SECRET-MISSING');
    assert.equal(alone.summary, 'my-kv:db-passwords: the secret does not exist. No variable was set.');
    assert.ok(
      alone.remedy.includes('If it was deleted: az keyvault secret recover --vault-name my-kv --name db-passwords'),
    );
    const listed = failureOf(await run(stored, { secretsFilter: 'db-passwords -> X\n*' }));
    assert.equal(
      listed.summary,
      "my-kv:db-passwords: the secret does not exist. Did you mean 'db-password'? No variable was set.",
    );
  });

  it('when a named secret is disabled', async () => {
    const { code, remedy } = failureOf(
      await run({ 'my-kv': { a: { outcome: { kind: 'disabled' } } } }, { secretsFilter: 'a?' }),
    );
    assert.equal(code, 'AKV-SECRET-DISABLED');
    assert.deepEqual(remedy, ['az keyvault secret set-attributes --vault-name my-kv --name a --enabled true']);
  });

  it('when the vault refuses a read, with the diagnosis of the vault', async () => {
    const diagnosis = { code: 'AKV-RBAC' as const, summary: 'Access was refused.', remedy: ['Ask.'], requestId: 'r-1' };
    const stored = { 'my-kv': { a: { outcome: { kind: 'failed', diagnosis } }, b: secretB } } as const;
    const found = failureOf(await run(stored));
    assert.deepEqual(found, { ...diagnosis, summary: 'my-kv:a: Access was refused. No variable was set.' });
  });

  it('when the vault refuses several reads, with one cause and every remedy', async () => {
    const refuse = (requestId: string, remedy: string): StoredSecret => {
      const diagnosis = {
        code: 'AKV-RBAC' as const,
        summary: 'Access was refused.',
        cause: 'No role.',
        remedy: [remedy],
        requestId,
      };
      return { outcome: { kind: 'failed', diagnosis } };
    };
    const found = failureOf(await run({ 'my-kv': { a: refuse('r-1', 'Ask.'), b: refuse('r-2', 'Ask more.') } }));
    assert.deepEqual(found, {
      code: 'AKV-RBAC' as const,
      summary: '2 problems; no variable was set.\n  my-kv:a: Access was refused.\n  my-kv:b: Access was refused.',
      cause: 'No role.',
      remedy: ['Ask.', 'Ask more.'],
      requestId: 'r-1',
    });
  });

  it('when the names of variables are reserved, before the values for them are read', async () => {
    const recorded = await run({ 'my-kv': { 'SYSTEM-ACCESSTOKEN': secretA } }, { variableNaming: 'underscore' });
    assert.equal(failureOf(recorded).code, 'AKV-NAME-RESERVED');
    assert.deepEqual(pick(recorded, 'read'), []);
  });

  it('when a key of JSON would choose a reserved name', async () => {
    const value = '{"accessToken":"x"}';
    const recorded = await run({ 'my-kv': { system: { value } } }, { secretsFilter: 'system.*' });
    assert.equal(failureOf(recorded).code, 'AKV-NAME-RESERVED');
  });

  it('when two secrets end in one name, before any value is read', async () => {
    const recorded = await run(
      { 'my-kv': { 'a-b': secretA, 'a--b': secretB } },
      { secretsFilter: 'a-b -> X\na--b -> x' },
    );
    const { code, summary } = failureOf(recorded);
    assert.equal(code, 'AKV-NAME-COLLISION');
    assert.match(summary, /^my-kv:a-b and my-kv:a--b: both set/);
    assert.deepEqual(pick(recorded, 'read'), []);
  });

  it('when a value is not what its operations need, naming the secret and not the value', async () => {
    const stored = { 'my-kv': { a: secretA, b: { value: 'x\0y' }, c: secretB } };
    const { code, summary } = failureOf(await run(stored, { secretsFilter: 'a | decode64\nb\nc.field\nc | pem -> P' }));
    assert.equal(code, 'AKV-SECRETS');
    assert.equal(
      summary,
      [
        '4 problems; no variable was set.',
        '  AKV-VALUE: my-kv:a: it is not base64.',
        "  AKV-VALUE: my-kv:b: it contains a NUL character, which a variable cannot hold; use '| file'.",
        '  AKV-JSON-FIELD: my-kv:c.field: its value is not JSON.',
        '  AKV-CERTIFICATE: my-kv:c: its value contains no certificate in PEM format.',
      ].join('\n'),
    );
  });

  it('when a certificate is called not secret', async () => {
    const recorded = await run(
      { 'my-kv': { tls: { value: 'MIIB', properties: { managed: true } } } },
      { secretsFilter: 'tls | notSecret' },
    );
    assert.equal(failureOf(recorded).code, 'AKV-CERTIFICATE');
  });

  it('and all failures of one kind are reported at once, a line each', async () => {
    const { code, summary } = failureOf(await run({ 'my-kv': {} }, { secretsFilter: 'a, b' }));
    assert.equal(code, 'AKV-SECRET-MISSING');
    assert.equal(
      summary,
      '2 problems; no variable was set.\n  my-kv:a: the secret does not exist.\n  my-kv:b: the secret does not exist.',
    );
  });
});
