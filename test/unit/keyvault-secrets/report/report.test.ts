import assert from 'node:assert/strict';
import { groupWarnings } from '../../../../tasks/keyvault-secrets/failures/warning';
import { run, today, type Recorded } from '../recording-ports';

const infos = ({ events, error }: Recorded): readonly string[] => {
  assert.equal(error, undefined);
  return events.filter((event) => event.startsWith('info ')).map((event) => event.slice(5));
};

const stored = {
  'my-kv': {
    'db-password': { value: 'not-a-real-password-1', properties: { expires: today + 86_400_000 * 365 } },
    region: { value: 'westeurope' },
    'web-old': { value: 'x', properties: { enabled: false } },
    'web-gone': { value: 'x', properties: { expires: today - 1 } },
    'legacy-key': { value: 'x' },
    tls: { value: 'MIIB', properties: { managed: true } },
  },
};

describe('the report', () => {
  it('shows counts with reasons, the table sorted by secret, usable forms and the outcome', async () => {
    const recorded = await run(stored, {
      secretsFilter: '*\n!legacy-*\nregion | notSecret -> REGION\ndb-password | file -> DB_FILE',
    });
    assert.deepEqual(infos(recorded), [
      'my-kv: 6 secrets listed, 6 matched, 1 excluded, 2 skipped (1 disabled, 1 expired).',
      'secret       version   variable     expires     notes',
      '-----------  --------  -----------  ----------  --------------',
      'db-password  c0ffee00  DB_FILE      2027-01-15  path of a file',
      'db-password  c0ffee00  db-password  2027-01-15',
      'region       c0ffee00  REGION       -           not secret',
      'tls          c0ffee00  tls          -           certificate',
      'Shells cannot use names with a dash: use $(db-password) in inputs, or map it: env: DB_PASSWORD: $(db-password)',
      'Read 3 secrets from my-kv, wrote 1 file, and sent 4 variables to the agent. 4 requests, 1 retry, 0.0 s.',
    ]);
  });

  it('of a dry run shows what would be set and a block to use it, and reads no value', async () => {
    const recorded = await run(
      { 'my-kv': { ...stored['my-kv'], smtp: {} } },
      {
        dryRun: 'true',
        secretsFilter: 'db-*\nregion | notSecret -> REGION\nsmtp.* -> SMTP_*',
      },
    );
    assert.deepEqual(recorded.events, [
      'list my-kv',
      'info my-kv: 7 secrets listed, 1 matched, 0 excluded, 0 skipped.',
      'info secret             variable                     expires     notes',
      'info -----------------  ---------------------------  ----------  -----',
      'info my-kv:region       REGION                       -',
      'info my-kv:db-password  db-password                  2027-01-15',
      'info my-kv:smtp.*       SMTP_* (one for each field)  -',
      'info env:',
      'info   DB_PASSWORD: $(db-password)',
      'info Dry run: 2 variables would be set; no value was read.',
    ]);
  });

  it('on the summary page shows names, and warnings as text', async () => {
    const recorded = await run({ 'my-kv': { a: { value: 'x' } } }, { publishSummary: 'true' });
    assert.equal(
      recorded.events.find((event) => event.startsWith('summary ')),
      [
        'summary ### Key Vault secrets',
        'Read 1 secret from my-kv and sent 1 variable to the agent.',
        '| secret | version | variable | expires | notes |\n| --- | --- | --- | --- | --- |\n| a | c0ffee00 | a | - |  |',
        '| warning |\n| --- |\n| Too short to be masked reliably \\(fewer than 4 characters\\): a. |',
        '',
      ].join('\n\n'),
    );
  });
});

describe('the table of a run with several vaults', () => {
  it('names the vault of each secret', async () => {
    const recorded = await run({
      'my-kv': { a: { value: 'not-a-real-password-1' } },
      shared: { b: { value: 'not-a-real-password-2' } },
    });
    assert.ok(infos(recorded).includes('my-kv:a   c0ffee00  a         -'), infos(recorded).join('\n'));
    assert.ok(infos(recorded).includes('shared:b  c0ffee00  b         -'));
  });
});

describe('grouped warnings', () => {
  it('name each subject once and count the rest', () => {
    const subjects = [...Array.from({ length: 22 }, (_, index) => `s${index}`), 's0'];
    const [line] = groupWarnings(subjects.map((subject) => ({ kind: 'Kind', subject })));
    assert.equal(line, `Kind: ${subjects.slice(0, 20).join(', ')} and 2 more.`);
  });
});
