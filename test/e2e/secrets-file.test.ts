import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { agentNodes } from '../../simulation/nodes/find-node';
import {
  hasProgram,
  readByDocker,
  readByJq,
  readLikeDocker,
  readByNode,
  readByShell,
  type Variables,
} from './support/file-readers';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  assertUnreadable,
  bashStep,
  pipelineOf,
  readingStep,
  seedSecrets,
  withFile,
} from './support/secrets-step';

/** Values that every format can hold. */
const singleLine = {
  PLAIN: 'not-a-real-password-1',
  BLANKS: '  not-a-real-2 # no comment  ',
  DOLLARS: '$HOME not-a-real-3 `id` $(id) "quoted" \\n!',
  UMLAUTS: 'not-a-real-äöü-4-🔑',
  CONNECTION: 'Server=db;Password=not-a-real-5;Timeout=30',
  EMPTY: '',
};
const multiLine = { ...singleLine, LINES: '-----BEGIN KEY-----\nnot-a-real-6\n-----END KEY-----\n' };
const anything = { ...multiLine, ODD: 'it\'s "not" $real\r\n\t7\\', BREAKS: 'not\u2028a\u0085real\ufeff8' };

/** Writes a file of these secrets, and prints it; gives what a reader makes of it. */
async function writeAndRead<T>(
  testBed: TestBed,
  secrets: Readonly<Record<string, string>>,
  inputs: string,
  read: (path: string) => Promise<T>,
): Promise<{ readonly outcome: Outcome; readonly got: T }> {
  seedSecrets(testBed, secrets);
  return withFile(async (copy) => {
    const script = `cat "$SECRETSFILEPATH"; cp "$(secretsFilePath)" "$COPY"; cmp "$(secrets.secretsFilePath)" "$COPY"`;
    const step = bashStep(script).replace('- bash', `- env: { COPY: ${JSON.stringify(copy)} }\n    bash`);
    const outcome = await testBed.run(pipelineOf(readingStep('*', inputs), step));
    assertSucceeded(outcome);
    assertUnreadable(outcome.text, 'not-a-real');
    const written = outcome.tempFiles.filter(({ path }) => path.includes('keyvault-secrets-'));
    assert.deepEqual(
      written.map(({ mode }) => mode),
      [0o600],
    );
    return { outcome, got: await read(copy) };
  });
}

function assertHas(got: Variables, secrets: Readonly<Record<string, string>>): void {
  assert.deepEqual(Object.fromEntries(Object.keys(secrets).map((name) => [name, got[name]])), secrets);
}

const docker = hasProgram('docker') ? "Docker's own client" : 'a reader like it (no Docker here)';

describeScenarios('The file with all secrets', {
  [`as env is read literally, by ${docker}`]: async (testBed) => {
    const { outcome, got } = await writeAndRead(testBed, singleLine, 'secretsFile: shop.env', (path) =>
      Promise.all([readLikeDocker(path), ...(hasProgram('docker') ? [readByDocker(path)] : [])]),
    );
    for (const one of got) assertHas(one, singleLine);
    assert.match(outcome.variables.secretsFilePath?.value ?? '', /\/keyvault-secrets-\w+\/shop\.env$/);
    assert.equal(outcome.variables.PLAIN?.value, singleLine.PLAIN, 'the variables are set, too');
  },

  'as dotenv is read by bash, sh and node --env-file': async (testBed) => {
    const inputs = 'secretsFile: config/shop.env\nsecretsFileFormat: dotenv';
    const readers = [
      (path: string) => readByShell('bash', path),
      (path: string) => readByShell('sh', path),
      ...agentNodes().map((node) => (path: string) => readByNode(node.path, path)),
    ];
    const { got } = await writeAndRead(testBed, multiLine, inputs, (path) =>
      Promise.all(readers.map((read) => read(path))),
    );
    for (const one of got) assertHas(one, multiLine);
  },

  [`as JSON is read by JSON.parse${hasProgram('jq') ? ' and jq' : ' (no jq here)'}`]: async (testBed) => {
    const { got } = await writeAndRead(testBed, anything, 'secretsFile: shop.json', async (path) => ({
      parsed: JSON.parse(await readFile(path, 'utf8')) as Variables,
      odd: hasProgram('jq') ? await readByJq(path, '.ODD') : anything.ODD,
    }));
    assert.deepEqual(got, { parsed: anything, odd: anything.ODD });
  },

  'as YAML is read by a parser of YAML 1.1 and 1.2': async (testBed) => {
    const { got } = await writeAndRead(testBed, anything, 'secretsFile: shop.yaml', (path) => readFile(path, 'utf8'));
    for (const version of ['1.1', '1.2'] as const) assert.deepEqual(parse(got, { version }), anything);
  },

  'has sections as .NET has them': async (testBed) => {
    const secrets = {
      'ConnectionStrings--Shop': 'not-a-real-1',
      'Smtp--Auth--Key': 'not-a-real-2',
      Top: 'not-a-real-3',
    };
    const nested = {
      ConnectionStrings: { Shop: 'not-a-real-1' },
      Smtp: { Auth: { Key: 'not-a-real-2' } },
      Top: 'not-a-real-3',
    };
    for (const format of ['nestedJson', 'nestedYaml']) {
      const inputs = `secretsFile: app\nsecretsFileFormat: ${format}`;
      const { got } = await writeAndRead(testBed, secrets, inputs, (path) => readFile(path, 'utf8'));
      assert.deepEqual(parse(got), nested);
    }
  },

  'sets and writes nothing if it cannot hold a value': async (testBed) => {
    seedSecrets(testBed, { plain: 'not-a-real-1', lines: 'not-a-real-2\nnot-a-real-3' });
    const outcome = await testBed.run(pipelineOf(readingStep('plain, lines', 'secretsFile: shop.env')));
    assertNothingSet(outcome);
    assert.match(outcome.text, /##\[error\]AKV-VALUE: contoso-kv:lines: it contains a line break/);
    assert.deepEqual(
      outcome.tempFiles.filter(({ path }) => path.includes('keyvault-secrets-')),
      [],
    );
    assertUnreadable(outcome.text, 'not-a-real');
  },
});
