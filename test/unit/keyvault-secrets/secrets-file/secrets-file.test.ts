import assert from 'node:assert/strict';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { writeSecretsFile } from '../../../../tasks/keyvault-secrets/secrets-file/write';
import { failureOf, pick, run, secretA, secretB, type StoredVault } from '../recording-ports';

const vault: StoredVault = { a: secretA, b: secretB, lines: { value: 'not-a-real-1\nnot-a-real-2' } };

function write(
  rules: string,
  secretsFile: string,
  more: Readonly<Record<string, string>> = {},
  secrets: StoredVault = vault,
) {
  return run({ 'my-kv': secrets }, { secretsFilter: rules, secretsFile, ...more });
}

/** Code and summary of what a step with a secrets file fails with. */
async function complain(...parameters: Parameters<typeof write>): Promise<string> {
  const { code, summary } = failureOf(await write(...parameters));
  return `${code}: ${summary}`;
}

describe('a step with a secrets file', () => {
  it('writes all of its variables into it behind the masks, and sets them and its path', async () => {
    const recorded = await write('a -> A\nb | notSecret -> B\nlines | file:own.txt -> OWN', 'shop.env');
    assert.deepEqual(pick(recorded, 'file', 'set', 'output'), [
      'file own.txt=not-a-real-1\nnot-a-real-2',
      'file shop.env=A=not-a-real-password-1\nB=not-a-real-password-2\nOWN=/tmp/files/own.txt\n',
      'set A=not-a-real-password-1 (secret)',
      'set B=not-a-real-password-2',
      'set OWN=/tmp/files/own.txt',
      'set secretsFilePath=/tmp/files/shop.env',
      'output secretsFilePath=/tmp/files/shop.env',
    ]);
    const masked = recorded.events.indexOf('mask not-a-real-password-1');
    assert.ok(masked >= 0 && masked < recorded.events.findIndex((event) => event.startsWith('file ')));
    assert.equal(recorded.outcome, 'Read 3 secrets from my-kv, wrote 2 files, and sent 4 variables to the agent.');
    assert.ok(recorded.events.includes('info The secrets file shop.env (env) has all of them: $(secretsFilePath).'));
  });

  for (const [path, format, start] of [
    ['x.env', 'auto', 'A=not'],
    ['.env', 'auto', 'A=not'],
    ['x.json', '', '{\n  "A"'],
    ['x.yaml', 'auto', '"A": '],
    ['x.YML', 'auto', '"A": '],
    ['settings', 'json', '{\n  "A"'],
    ['x.json', 'dotenv', "A='not"],
  ] as const) {
    it(`writes ${path} in the format ${format === '' ? 'of its ending' : format}`, async () => {
      const [file = ''] = pick(await write('a -> A', path, { secretsFileFormat: format }), 'file');
      assert.ok(file.startsWith(`file ${path}=${start}`), file);
    });
  }

  it('has missing optional secrets and defaults in it', async () => {
    const [file] = pick(await write('no? -> NO\nlevel ?? info -> LEVEL', 'x.env'), 'file');
    assert.equal(file, 'file x.env=NO=\nLEVEL=info\n');
  });

  it('says in a dry run that it would be written', async () => {
    const recorded = await write('a', 'x.json', { dryRun: 'true' });
    assert.deepEqual(pick(recorded, 'file', 'set'), []);
    assert.ok(recorded.events.includes('info The secrets file x.json (json) would have all of them.'));
  });

  for (const [path, problem] of [
    ['x.txt', "the ending of 'x.txt' is not .env, .json, .yaml or .yml. Set 'secretsFileFormat'."],
    ['../x.env', "'../x.env' is outside the step's folder for files."],
    ['/x.env', "'/x.env' is not relative. Files are written below Agent.TempDirectory."],
    ['a\\x.env', "the path has a backslash. Write 'a/x.env'."],
    ['con.env', "'con.env' is not a usable path. Use letters, digits, dot, dash and underscore."],
  ] as const) {
    it(`refuses the path ${path}`, async () => {
      await assert.rejects(write('a', path), (error: unknown) => {
        assert.ok(error instanceof DiagnosedError);
        assert.ok(error.message.includes(`Input 'secretsFile': ${problem}`), error.message);
        return true;
      });
    });
  }
});

describe('a secrets file fails the step before anything is set', () => {
  it('when it cannot hold a line break', async () => {
    const { code, summary, remedy } = failureOf(await write('a\nlines', 'x.env'));
    assert.equal(code, 'AKV-VALUE');
    assert.match(summary, /^my-kv:lines: it contains a line break, which a file of the format 'env' cannot hold\./);
    assert.match(remedy.join('\n'), /dotenv, json, or yaml\.\n.*secret-name \| file -> MY_PATH/);
    for (const format of ['dotenv', 'json', 'yaml']) {
      assert.equal(pick(await write('lines', 'x', { secretsFileFormat: format }), 'file').length, 1, format);
    }
  });

  it('when quotes are not read alike', async () => {
    const message = await complain('q -> Q', 'x', { secretsFileFormat: 'dotenv' }, { q: { value: `it's "$5"` } });
    assert.match(message, /^AKV-VALUE: my-kv:q: it contains a combination of quotes/);
  });

  it('when a value is not Unicode', async () => {
    const message = await complain('q -> Q', 'x.json', {}, { q: { value: 'a\ud800b' } });
    assert.match(message, /^AKV-VALUE: my-kv:q: it contains an unpaired surrogate/);
  });

  it('when a shell cannot use a name', async () => {
    const message = await complain('*', 'x', { secretsFileFormat: 'dotenv' }, { 'web-a': secretA });
    assert.match(message, /^AKV-NAME-RESERVED: my-kv:web-a: shells cannot use the name 'web-a'/);
    const renamed = { secretsFileFormat: 'dotenv', variableNaming: 'underscore' };
    assert.equal(pick(await write('*', 'x', renamed, { 'web-a': secretA }), 'file').length, 1);
  });

  it('when a name would be a value and a section, before anything is read', async () => {
    const recorded = await write(
      '*',
      'x',
      { secretsFileFormat: 'nestedYaml' },
      { Smtp: secretA, 'Smtp--Host--Name': secretB },
    );
    assert.match(
      failureOf(recorded).summary,
      /^my-kv:Smtp and my-kv:Smtp--Host--Name: in the secrets file, 'Smtp' would be both a value and the section of 'Smtp--Host--Name'\./,
    );
    assert.equal(failureOf(recorded).code, 'AKV-NAME-COLLISION');
    const sections = { 'Smtp--A': secretA, 'Smtp--B': secretB };
    assert.equal(pick(await write('*', 'x', { secretsFileFormat: 'nestedYaml' }, sections), 'file').length, 1);
  });

  it('when the fields of JSON make such a name', async () => {
    const secrets = { s: { value: '{"A":"1","A--B":"2"}' } };
    assert.match(
      await complain('s.* -> *', 'x', { secretsFileFormat: 'nestedJson' }, secrets),
      /'A' would be both a value and the section of 'A--B'/,
    );
  });

  it('when a variable has the name of its own', async () => {
    assert.match(
      await complain('a -> SecretsFilePath', 'x.env'),
      /^AKV-NAME-COLLISION: my-kv:a: the variable 'secretsFilePath' has the path of the secrets file/,
    );
  });

  it('when a rule writes the same file, or one into it', async () => {
    assert.match(
      await complain('a | file:X.env -> A', 'x.env'),
      /^AKV-NAME-COLLISION: the input 'secretsFile' and my-kv:a: both write the file 'X\.env'/,
    );
    assert.match(
      await complain('a | file -> A', 'my-kv', { secretsFileFormat: 'json' }),
      /the file 'my-kv' would also be the folder of 'my-kv\/a'/,
    );
  });

  for (const secretsFileFormat of ['env', 'dotenv']) {
    it(`when the vault chooses a name that changes how programs behave, as ${secretsFileFormat}`, async () => {
      const secrets = { 'LD-PRELOAD': secretA };
      const options = { secretsFileFormat, variableNaming: 'underscore' };
      assert.match(await complain('*', 'x', options, secrets), /^AKV-NAME-RESERVED: my-kv:LD-PRELOAD: .* 'LD_PRELOAD'/);
      const json = { ...options, secretsFileFormat: 'json' };
      assert.equal(pick(await write('*', 'x', json, secrets), 'file').length, 1);
      assert.equal(pick(await write('LD-PRELOAD -> LD_PRELOAD', 'x', options, secrets), 'file').length, 1);
    });
  }

  it('when it cannot hold the path of another file', () => {
    const path = String.raw`C:\agents\o'neil\_work\_temp\x`;
    const variables = [{ name: 'X', value: path, secret: false, subject: 'my-kv:a' }];
    const ports = { files: { write: () => assert.fail() }, log: { info: () => undefined } as never };
    assert.throws(() => writeSecretsFile({ path: 'x', format: 'dotenv' }, variables, ports), /AKV-VALUE: my-kv:a: /);
  });
});
