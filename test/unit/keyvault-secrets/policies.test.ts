import assert from 'node:assert/strict';
import { failureOf, pick, run, secretA, secretB, today, warningsOf } from './recording-ports';

const day = 86_400_000;

describe('policies', () => {
  it('let a missing secret be a warning, or nothing, or allowed by the rule', async () => {
    const stored = { 'my-kv': { b: secretB } };
    const warned = await run(stored, { secretsFilter: 'a, b', missingSecrets: 'warn' });
    assert.deepEqual(warningsOf(warned), ['Missing in the vault, so not set: my-kv:a.']);
    const ignored = await run(stored, { secretsFilter: 'a, b', missingSecrets: 'ignore' });
    assert.deepEqual(warningsOf(ignored), []);
    assert.deepEqual(pick(ignored, 'set'), ['set b=not-a-real-password-2 (secret)']);
    const optional = await run(stored, { secretsFilter: 'a?, b' });
    assert.deepEqual(warningsOf(optional), []);
    assert.deepEqual(pick(optional, 'set'), ['set a= (secret)', 'set b=not-a-real-password-2 (secret)']);
  });

  const expired = { 'my-kv': { old: { ...secretA, properties: { expires: today - day } }, b: secretB } };
  const outside = 'my-kv:old (expired on 2026-01-14).';
  const cases: readonly (readonly [string, string, readonly string[], boolean])[] = [
    ['auto', '*', [], false],
    ['auto', 'old', [`Used outside their validity period: ${outside}`], true],
    ['use', '*', [], true],
    ['use', 'old', [], true],
    ['skip', 'old', [`Outside their validity period, so not set: ${outside}`], false],
    ['skip', '*', [], false],
    ['warn', '*', [`Used outside their validity period: ${outside}`], true],
  ];
  for (const [expiredSecrets, secretsFilter, warnings, isSet] of cases) {
    it(`${expiredSecrets}: ${isSet ? 'use' : 'leave out'} an expired secret that ${secretsFilter} selects${warnings.length > 0 ? ' with a warning' : ''}`, async () => {
      const recorded = await run(expired, { secretsFilter, expiredSecrets });
      assert.deepEqual(warningsOf(recorded), warnings);
      assert.equal(recorded.events.includes('set old=not-a-real-password-1 (secret)'), isSet);
    });
  }

  it('fail: refuse an expired secret, selected by name or pattern', async () => {
    for (const secretsFilter of ['old', '*']) {
      const { code, summary } = failureOf(await run(expired, { secretsFilter, expiredSecrets: 'fail' }));
      assert.equal(code, 'AKV-SECRET-EXPIRED');
      assert.match(summary, /my-kv:old: the secret is outside its validity period: expired on 2026-01-14\./);
    }
  });

  it('warn before a secret expires, as many days ahead as the step says', async () => {
    const stored = { 'my-kv': { a: { ...secretA, properties: { expires: today + 14 * day } } } };
    const soon = ['Expire soon: my-kv:a (expires on 2026-01-29, in 14 days).'];
    assert.deepEqual(warningsOf(await run(stored)), soon);
    assert.deepEqual(warningsOf(await run(stored, { expiryWarningDays: '13' })), []);
    assert.deepEqual(warningsOf(await run(stored, { expiryWarningDays: '0' })), []);
  });
});

describe('warnings', () => {
  it('are grouped, one line a kind', async () => {
    const stored = { 'my-kv': { a: { value: 'x' }, b: { value: 'yz' }, c: { value: 'n'.repeat(32_767) } } };
    assert.deepEqual(warningsOf(await run(stored)), [
      'Too short to be masked reliably (fewer than 4 characters): a, b.',
      "Longer than Windows allows for an environment variable; use '| file': c.",
    ]);
  });

  it('tell of patterns that match nothing, unless the rule allows it', async () => {
    const recorded = await run({ 'my-kv': { a: secretA }, shared: {} }, { secretsFilter: 'a*\nx-*\ny-*?\nshared:z-*' });
    assert.deepEqual(warningsOf(recorded), ["These patterns match no secret: 'x-*', 'shared:z-*'."]);
  });

  it('tell of values that the agent will expand', async () => {
    const stored = {
      'my-kv': {
        a: { value: 'pre-$(Build.BuildId)-post' },
        b: { value: 'pre-$(unknown)-post' },
        c: { value: 'x$(A)y' },
      },
    };
    const existing = [{ name: 'build.buildId', value: '', secret: false }];
    assert.deepEqual(warningsOf(await run(stored, {}, { existing })), [
      "Contain $(name) of an existing variable, which the agent expands; use '| file' to keep the text: a, c.",
    ]);
  });

  it('tell of variables that are replaced or made secret', async () => {
    const existing = [
      { name: 'A', value: '', secret: false },
      { name: 'b', value: '', secret: true },
    ];
    assert.deepEqual(warningsOf(await run({ 'my-kv': { a: secretA, b: secretB } }, {}, { existing })), [
      'Public variables that become secret, so scripts no longer get them in their environment: a.',
      'Variables that already existed and are overwritten: b.',
    ]);
  });

  it('tell of names that change how programs behave', async () => {
    const recorded = await run({ 'my-kv': { a: secretA } }, { secretsFilter: 'a -> GIT_SSH_COMMAND' });
    assert.deepEqual(warningsOf(recorded), [
      'These names change how programs behave; do not map them to env: GIT_SSH_COMMAND (my-kv:a).',
    ]);
  });

  it('tell of secrets that vanish between listing and reading, unless the rule allows it', async () => {
    const stored = {
      'my-kv': { a: { outcome: { kind: 'missing' } }, b: { outcome: { kind: 'disabled' } }, c: secretA },
    } as const;
    assert.deepEqual(warningsOf(await run(stored)), [
      'Deleted or disabled since the vault was listed, so not set: my-kv:a, my-kv:b.',
    ]);
    assert.deepEqual(warningsOf(await run(stored, { secretsFilter: '*?' })), []);
  });

  it('tell of JSON without fields', async () => {
    const recorded = await run({ 'my-kv': { a: { value: '{}' } } }, { secretsFilter: 'a.*' });
    assert.deepEqual(warningsOf(recorded), ['JSON without fields, so nothing set: my-kv:a.*.']);
  });
});
