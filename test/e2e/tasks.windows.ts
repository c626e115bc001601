import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describeScenarios, type TestBed } from './support/scenarios';
import {
  assertSucceeded,
  assertUnreadable,
  seedSecrets,
  pipelineOf,
  readingStep,
  variablesSet,
} from './support/secrets-step';
import { accessPipeline } from './support/access-job';
import { rulesOf } from './support/vault-state';
import { windowsNodes } from './support/windows/windows-node';

// `npm run test:windows`: the packaged tasks on Windows, or on Node for Windows under Wine. `npm test` has the rest.

const twoLines = 'first line of not-a-real-note\r\nsecond line of not-a-real-note\r\n';
const settings = JSON.stringify({ user: 'shop', password: 'not-a-real-password-1' });

/** The file as this machine sees it: under Wine the root folder is drive Z. */
function localPath(path: string): string {
  return process.platform === 'win32' ? path : path.replace(/^Z:/, '').replaceAll('\\', '/');
}

/** Runs the step, and returns what the file was to which it set the variable FILE, while the job was running. */
async function runAndReadFile(testBed: TestBed, step: string) {
  const file: { path?: string; content?: string; access?: string } = {};
  const outcome = await testBed.run(pipelineOf(step, '  - script: echo "FILE=$(FILE)"'), {
    onLine: (line) => {
      const [, path] = /^"?FILE=([^"$]+)"?$/.exec(line) ?? [];
      if (path === undefined) return;
      file.path = path;
      file.content = readFileSync(localPath(path), 'utf8');
      if (process.platform === 'win32') file.access = execFileSync('icacls.exe', [path], { encoding: 'utf8' });
    },
  });
  return { outcome, file };
}

describeScenarios(
  'The tasks on Windows',
  {
    'set variables: lines of any kind, fields of JSON, characters of all languages': async (testBed) => {
      seedSecrets(testBed, { note: twoLines, db: settings, greeting: 'not-a-real-Grüße-世界' });
      const outcome = await testBed.run(pipelineOf(readingStep('note\ndb.* -> DB_*\ngreeting -> GREETING')));
      assertSucceeded(outcome);
      assert.deepEqual(variablesSet(outcome), {
        note: twoLines,
        DB_user: 'shop',
        DB_password: 'not-a-real-password-1',
        GREETING: 'not-a-real-Grüße-世界',
      });
      assertUnreadable(outcome.text, 'not-a-real-note', 'not-a-real-password-1', 'Grüße');
    },

    'write a file whose path has the form of Windows, and change nothing in it': async (testBed) => {
      seedSecrets(testBed, { note: twoLines });
      const { outcome, file } = await runAndReadFile(testBed, readingStep('note | file:files/one.txt -> FILE'));
      assertSucceeded(outcome);
      assert.match(file.path ?? '', /^[A-Z]:\\.*\\_temp\\keyvault-secrets-\w+\\files\\one\.txt$/);
      assert.equal(file.content, twoLines);
    },

    'keep the file from other accounts (only where Windows itself runs; Wine knows no such permissions)': async (
      testBed,
    ) => {
      seedSecrets(testBed, { note: twoLines });
      const { outcome, file } = await runAndReadFile(testBed, readingStep('note | file -> FILE'));
      assertSucceeded(outcome);
      if (process.platform !== 'win32') return;
      const accounts = [...(file.access ?? '').matchAll(/([^\\\s:][^\\:]*):(?=\(I\))/g)].map(([, account]) => account);
      assert.equal(accounts.length, 3, file.access);
      assert.doesNotMatch(file.access ?? '', /Users|Everyone/);
    },

    'upload the summary': async (testBed) => {
      seedSecrets(testBed, { db: settings });
      const outcome = await testBed.run(pipelineOf(readingStep('db -> DB', 'publishSummary: true')));
      assertSucceeded(outcome);
      assert.match(outcome.summaries.join(), /\| db \|/);
    },

    'sign in with federation, open the firewall before the work and close it after the job': async (testBed) => {
      const before = testBed.vaultJson();
      const seen: string[][] = [];
      const outcome = await testBed.run(`${accessPipeline()}  - script: echo working\n`, {
        onLine: (line) => {
          if (line === 'working') seen.push(rulesOf(testBed));
        },
      });
      assertSucceeded(outcome);
      assert.deepEqual(seen, [['20.50.1.10/32']]);
      assert.equal(testBed.vaultJson(), before);
    },

    'close the firewall when the job is canceled and the process that opened it is ended at once': {
      with: { vault: { propagation: { frontEnds: 1, delay: () => 3_600_000 } } },
      run: async (testBed) => {
        const before = testBed.vaultJson();
        const cancel = new AbortController();
        const onLine = () => {
          if (rulesOf(testBed).length > 0) cancel.abort();
        };
        const outcome = await testBed.run(accessPipeline(), { signal: cancel.signal, onLine });
        assert.equal(outcome.result, 'Canceled', outcome.text);
        assert.match(outcome.text, /20\.50\.1\.10\/32 removed/);
        assert.equal(testBed.vaultJson(), before);
      },
    },

    'say what is wrong with an input': async (testBed) => {
      const outcome = await testBed.run(pipelineOf(readingStep('note | file:C:\\files -> FILE')));
      assert.equal(outcome.result, 'Failed');
      assert.match(outcome.text, /##\[error\]AKV-RULES: /);
    },
  },
  windowsNodes(),
);
