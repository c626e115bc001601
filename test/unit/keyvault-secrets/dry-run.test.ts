import assert from 'node:assert/strict';
import { DiagnosedError } from '../../../tasks/shared/errors/diagnosis';
import { failureOf, pick, run, secretA, today, warningsOf, type Recorded, type StoredVault } from './recording-ports';

const day = 86_400_000;

const vault: StoredVault = {
  a: secretA,
  soon: { ...secretA, properties: { expires: today + 3 * day } },
  over: { ...secretA, properties: { expires: today - day } },
  off: { ...secretA, properties: { enabled: false } },
  tls: { ...secretA, properties: { managed: true, expires: today + 300 * day } },
};

/** A dry run of these rules; whatever becomes of it, no value is read and nothing is set. */
async function dryRun(
  rules: string,
  texts: Readonly<Record<string, string>> = {},
  options: Parameters<typeof run>[2] = {},
): Promise<Recorded> {
  const recorded = await run({ 'my-kv': vault }, { secretsFilter: rules, dryRun: 'true', ...texts }, options);
  assert.deepEqual(pick(recorded, 'read', 'mask', 'set', 'output', 'file'), []);
  return recorded;
}

/** The rows of the table, each without what only aligns it. */
function rowsOf(recorded: Recorded): readonly string[] {
  return pick(recorded, 'info')
    .filter((line) => line.includes('my-kv:') && !line.includes('listed'))
    .map((line) => line.slice(5).replace(/ {2,}/g, ' | '));
}

function refusedListing(code: 'AKV-RBAC' | 'AKV-FIREWALL'): Error {
  return new DiagnosedError({ code, summary: 'No.', remedy: [] });
}

describe('a dry run', () => {
  it('shows until when secrets are valid, of patterns and of names, from one listing', async () => {
    const recorded = await dryRun('s*\na -> A\ntls', { expiredSecrets: 'warn' });
    assert.deepEqual(rowsOf(recorded), [
      'my-kv:a | A | -',
      'my-kv:tls | tls | 2026-11-11 | certificate',
      'my-kv:soon | soon | 2026-01-18',
    ]);
    assert.deepEqual(pick(recorded, 'list'), ['list my-kv']);
    assert.deepEqual(warningsOf(recorded), ['Expire soon: my-kv:soon (expires on 2026-01-18, in 3 days).']);
  });

  it('lists the vault of a secret that a rule names', async () => {
    const recorded = await dryRun('SOON -> S');
    assert.deepEqual(rowsOf(recorded), ['my-kv:SOON | S | 2026-01-18']);
    assert.deepEqual(pick(recorded, 'list'), ['list my-kv']);
  });

  it('warns of expired secrets that the run would use, and counts them', async () => {
    const recorded = await dryRun('over -> OVER');
    assert.deepEqual(warningsOf(recorded), ['Used outside their validity period: my-kv:over (expired on 2026-01-14).']);
    assert.equal(recorded.outcome, 'Dry run: 1 variable would be set; no value was read.');
  });

  it('neither counts expired secrets that the run would skip, nor maps their variables', async () => {
    const recorded = await dryRun('over -> OVER\na -> A', { expiredSecrets: 'skip' });
    assert.deepEqual(warningsOf(recorded), [
      'Outside their validity period, so not set: my-kv:over (expired on 2026-01-14).',
    ]);
    assert.equal(recorded.outcome, 'Dry run: 1 variable would be set; no value was read.');
    assert.ok(!recorded.events.includes('info   OVER: $(OVER)'));
  });

  for (const rules of ['over', 'o*', '*\n!off']) {
    it(`fails for expired secrets if it is to, with table and summary: ${JSON.stringify(rules)}`, async () => {
      const recorded = await dryRun(rules, { expiredSecrets: 'fail', publishSummary: 'true' });
      assert.ok(recorded.error instanceof DiagnosedError);
      const { code, summary } = recorded.error.diagnosis;
      assert.equal(code, 'AKV-SECRET-EXPIRED');
      assert.match(summary, /my-kv:over: .*expired on 2026-01-14/);
      assert.ok(rowsOf(recorded).includes('my-kv:over | over | 2026-01-14 | expired on 2026-01-14'));
      const [page = ''] = pick(recorded, 'summary');
      assert.match(page, /^\| my-kv:over \| over \| 2026-01-14 \| expired on 2026-01-14 \|$/m);
      assert.match(page, /^Dry run: no variable would be set, because the step would fail; no value was read\.$/m);
    });
  }

  it('publishes its table and warnings on the summary page', async () => {
    const [page = ''] = pick(await dryRun('soon', { publishSummary: 'true' }), 'summary');
    assert.match(page, /^\| my-kv:soon \| soon \| 2026-01-18 \| {2}\|$/m);
    assert.match(page, /^\| Expire soon: my-kv:soon /m);
  });

  it('fails for a missing and for a disabled secret as the run would', async () => {
    const missing = failureOf(await dryRun('so0n'));
    assert.equal(missing.code, 'AKV-SECRET-MISSING');
    assert.match(missing.summary, /Did you mean 'soon'\?/);
    assert.equal(failureOf(await dryRun('off')).code, 'AKV-SECRET-DISABLED');
  });

  it('shows missing secrets that the run would not fail for', async () => {
    const recorded = await dryRun(
      'x? -> X\ny ?? info -> Y\nz -> Z\nv? -> V',
      { missingSecrets: 'warn' },
      {
        existing: [{ name: 'v', value: '', secret: false }],
      },
    );
    assert.deepEqual(rowsOf(recorded), [
      'my-kv:x | X | - | missing, set to an empty value',
      'my-kv:y | Y | - | missing, set to the default',
      'my-kv:z | Z | - | missing',
      'my-kv:v | V | - | missing',
    ]);
    assert.deepEqual(warningsOf(recorded), ['Missing in the vault, so not set: my-kv:z.']);
    assert.equal(recorded.outcome, 'Dry run: 2 variables would be set; no value was read.');
  });

  it('shows what a listing does not contain: the dates of a version', async () => {
    const recorded = await dryRun('over/previous -> OLD\nover/0123456789abcdef0123456789abcdef -> OLDER');
    assert.deepEqual(
      rowsOf(recorded).map((row) => row.split(' | ')[2]),
      ['?', '?'],
    );
    assert.match(warningsOf(recorded).join(), /^Expiration date unknown, because the rule names a version: my-kv:over/);
  });

  it('shows less without the permission to list, and reports it', async () => {
    const recorded = await dryRun('over -> OVER', {}, { listError: refusedListing('AKV-RBAC') });
    assert.deepEqual(rowsOf(recorded), ['my-kv:over | OVER | ?']);
    assert.deepEqual(warningsOf(recorded), [
      'Expiration date unknown, because the identity has no permission to list secrets: my-kv:over.',
    ]);
    assert.equal(recorded.outcome, 'Dry run: 1 variable would be set; no value was read.');
  });

  it('fails without the permission to list when expired secrets are to fail it', async () => {
    const recorded = await dryRun('a', { expiredSecrets: 'fail' }, { listError: refusedListing('AKV-RBAC') });
    assert.equal(failureOf(recorded).code, 'AKV-RBAC');
  });

  it('fails when a vault cannot be reached', async () => {
    assert.equal(failureOf(await dryRun('a', {}, { listError: refusedListing('AKV-FIREWALL') })).code, 'AKV-FIREWALL');
  });

  it('looks for a name in all vaults', async () => {
    const recorded = await run(
      { 'my-kv': {}, other: { b: { properties: { expires: today + 300 * day } } } },
      { secretsFilter: 'b -> B', dryRun: 'true' },
    );
    assert.deepEqual(pick(recorded, 'list'), ['list my-kv', 'list other']);
    assert.match(pick(recorded, 'info').join('\n'), /^info other:b +B +2026-11-11$/m);
  });
});
