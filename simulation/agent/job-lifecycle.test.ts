import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentNodes } from '../nodes/find-node';
import { printing, printingEnvironment, runFakeJob, type FakeTask } from './fake-tasks';
import type { JobResult } from './job-result';

const failing = printing('##vso[task.complete result=Failed]');
const noting = (phase: string) => printing(`${phase} of`) + printingEnvironment('TASK_DISPLAYNAME', 'AGENT_JOBSTATUS');
const full: FakeTask = { name: 'Full', pre: noting('pre'), main: noting('main'), post: noting('post') };

/** Each phase that was reached, as `phase name result`. */
function outline({ steps }: JobResult): string[] {
  return steps.map(({ phase, displayName, result }) => `${phase} ${displayName} ${result}`);
}

const two = `
steps:
- task: Full@1
  displayName: A
- task: Full@1
  displayName: B`;

describe('a job', () => {
  it('runs all pre-job phases, then the steps, then the post-job phases in reverse order', async () => {
    assert.deepEqual(outline(await runFakeJob([full], two)), [
      'pre A Succeeded',
      'pre B Succeeded',
      'main A Succeeded',
      'main B Succeeded',
      'post B Succeeded',
      'post A Succeeded',
    ]);
  });

  it('runs only the phases that task.json has', async () => {
    const tasks = [
      { name: 'PostOnly', post: '' },
      { name: 'MainOnly', main: '' },
    ];
    const result = await runFakeJob(tasks, 'steps:\n- task: PostOnly@1\n- task: MainOnly@1');
    assert.deepEqual(outline(result), ['main MainOnly Succeeded', 'post PostOnly Succeeded']);
  });

  it('skips the steps after a failure, runs all post-job phases, and fails', async () => {
    const result = await runFakeJob([full, { name: 'Fail', main: failing }], `steps:\n- task: Fail@1\n${two.slice(8)}`);
    assert.deepEqual(outline(result), [
      'pre A Succeeded',
      'pre B Succeeded',
      'main Fail Failed',
      'main A Skipped',
      'main B Skipped',
      'post B Succeeded',
      'post A Succeeded',
    ]);
    assert.equal(result.result, 'Failed');
    assert.ok(result.raw.includes('AGENT_JOBSTATUS is "Failed"'));
  });

  it('skips the later pre-job phases and all steps after a failed pre-job phase, but no post-job phase', async () => {
    const result = await runFakeJob([{ ...full, pre: failing }], two);
    assert.deepEqual(outline(result), [
      'pre A Failed',
      'pre B Skipped',
      'main A Skipped',
      'main B Skipped',
      'post B Succeeded',
      'post A Succeeded',
    ]);
  });

  it('goes on after a failure with continueOnError, and succeeds with issues', async () => {
    const result = await runFakeJob(
      [{ name: 'Fail', main: failing }],
      'steps:\n- task: Fail@1\n  continueOnError: true\n- bash: echo $AGENT_JOBSTATUS',
    );
    assert.deepEqual(outline(result), ['main Fail SucceededWithIssues', 'main Bash Succeeded']);
    assert.deepEqual([result.result, result.raw.at(-1)], ['SucceededWithIssues', 'SucceededWithIssues']);
  });

  it('fails when a post-job phase fails', async () => {
    assert.equal((await runFakeJob([{ ...full, post: failing }], two)).result, 'Failed');
  });

  it('evaluates a condition with the variables of that moment', async () => {
    const pipeline = `
variables: { go: 'no' }
steps:
- script: echo "##vso[task.setvariable variable=go]yes"
- script: echo
  displayName: Yes
  condition: eq(variables.go, 'yes')
- script: echo
  displayName: No
  condition: eq(variables.go, 'no')`;
    assert.deepEqual(outline(await runFakeJob([], pipeline)).slice(1), ['main Yes Succeeded', 'main No Skipped']);
  });

  it('is not changed by a step that reports itself skipped or canceled', async () => {
    const main = printing('##vso[task.complete result=Skipped]');
    assert.equal((await runFakeJob([{ name: 'Skip', main }], 'steps:\n- task: Skip@1')).result, 'Succeeded');
  });

  it('fails a step whose process ends with another code than 0, whatever the task reported', async () => {
    const main = `${printing('##vso[task.complete result=Succeeded]')} process.exitCode = 3;`;
    const result = await runFakeJob([{ name: 'Exit', main }], 'steps:\n- task: Exit@1');
    assert.equal(result.result, 'Failed');
    assert.match(result.issues[0]?.message ?? '', /^Exit code 3 returned from process: file name '.*execution.js"'\.$/);
    assert.deepEqual(result.processes, [{ displayName: 'Exit', phase: 'main', exitCode: 3, signal: null }]);
  });

  it('succeeds when a task only writes to stderr', async () => {
    const result = await runFakeJob([{ name: 'Err', main: `console.error('hm');` }], 'steps:\n- task: Err@1');
    assert.deepEqual([result.result, result.raw], ['Succeeded', ['hm']]);
  });

  it('fails a step whose variables no process can start with', async () => {
    const lines = ['##vso[task.setvariable variable=a]x\0y'];
    const result = await runFakeJob(
      [{ name: 'Say', main: printing(...lines) }],
      'steps:\n- task: Say@1\n- task: Say@1',
    );
    assert.deepEqual(outline(result), ['main Say Succeeded', 'main Say Failed']);
  });

  it('shows each step between its start and its end, with the banner of the task', async () => {
    const { steps } = await runFakeJob(
      [{ name: 'Say', main: printing('hello') }],
      'steps:\n- task: Say@1\n  displayName: Say hello',
    );
    const rule = '='.repeat(78);
    assert.deepEqual(steps[0]?.lines, [
      '##[section]Starting: Say hello',
      rule,
      'Task         : Say of the test',
      'Description  : ',
      'Version      : 1.2.3',
      'Author       : ',
      'Help         : ',
      rule,
      'hello',
      '##[section]Finishing: Say hello',
    ]);
  });

  it('prints each line of the log as soon as it is there', async () => {
    const printed: string[] = [];
    const { log } = await runFakeJob([full], two, { onLine: (line) => printed.push(line) });
    assert.deepEqual(printed, log);
  });

  it('masks secrets of the run, of connections and of the job itself from the start', async () => {
    const result = await runFakeJob(
      [],
      'steps:\n- bash: echo "secret-1 key-1 tenant-1 not-a-real-token-1 $(echo secret-1 | tr -d "\\n" | base64)"',
      {
        variables: [{ name: 's', value: 'secret-1', secret: true }],
        serviceConnections: [
          {
            id: 'b',
            name: 'b',
            scheme: 'x',
            url: 'https://x',
            parameters: { key: 'key-1', TenantId: 'tenant-1' },
            data: {},
          },
        ],
      },
    );
    assert.equal(result.steps[0]?.lines.at(-2), '*** *** tenant-1 *** ***');
  });

  it('repeats a failed step as often as it may, and counts the last attempt', async () => {
    const main = `const fs = require('fs'), file = process.env.AGENT_TEMPDIRECTORY + '/tries';
      fs.appendFileSync(file, 'x');
      const tries = fs.readFileSync(file, 'utf8').length;
      if (tries === 1) console.log('##vso[task.complete result=Failed]');
      if (tries === 2) process.exit(1);`;
    const pipeline = (retries: number) => `steps:\n- task: Flaky@1\n  retryCountOnTaskFailure: ${retries}`;
    const enough = await runFakeJob([{ name: 'Flaky', main }], pipeline(2));
    assert.deepEqual([enough.result, enough.processes.length], ['Succeeded', 3]);
    assert.match(
      enough.issues[0]?.message ?? '',
      /^RetryHelper encountered task failure, will retry \(attempt #: 1 out of 2\)/,
    );
    const tooFew = await runFakeJob([{ name: 'Flaky', main }], pipeline(1));
    assert.deepEqual([tooFew.result, tooFew.processes.length], ['Failed', 2]);
  });

  it('still fails after a retry when a command could not be processed before', async () => {
    const main = `const fs = require('fs'), file = process.env.AGENT_TEMPDIRECTORY + '/tried';
      if (!fs.existsSync(file)) { fs.writeFileSync(file, ''); console.log('##vso[task.complete result=Cancelled]'); process.exitCode = 1; }`;
    const result = await runFakeJob([{ name: 'Flaky', main }], 'steps:\n- task: Flaky@1\n  retryCountOnTaskFailure: 1');
    assert.deepEqual([result.processes.length, result.result], [2, 'Failed']);
  });
});

describe('the folders of a job', () => {
  it('include a temporary one that lasts from the first phase to the last and is empty before and after', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-agent-work-'));
    const temp = join(folder, '_work/_temp');
    mkdirSync(temp, { recursive: true });
    writeFileSync(join(temp, 'old'), '');
    const file = 'process.env.AGENT_TEMPDIRECTORY';
    const keep: FakeTask = {
      name: 'Keep',
      pre: `const fs = require('fs'); fs.mkdirSync(${file} + '/a'); fs.writeFileSync(${file} + '/a/b', '123', { mode: 0o600 });`,
      post: `console.log(require('fs').readdirSync(${file}).join());`,
    };
    try {
      const { raw, tempFiles } = await runFakeJob([keep], 'steps:\n- task: Keep@1', {
        workFolder: join(folder, '_work'),
      });
      assert.deepEqual(raw, ['a']);
      const mode = process.platform === 'win32' ? 0o666 : 0o600;
      assert.deepEqual(tempFiles, [{ path: 'a/b', mode, size: 3 }]);
      assert.equal(existsSync(join(temp, 'a')), false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('report what a task wrote into its own, which is read-only', async () => {
    const main = `try { require('fs').writeFileSync(__dirname + '/made', ''); console.log('written'); } catch { console.log('refused'); }`;
    const { raw, changedTaskFiles } = await runFakeJob([{ name: 'Write', main }], 'steps:\n- task: Write@1');
    if (raw[0] === 'refused') assert.deepEqual(changedTaskFiles, []);
    else assert.ok(changedTaskFiles.some((path) => path.endsWith('made')));
  });

  it('are as the task left them when it wrote nothing into its own', async () => {
    assert.deepEqual((await runFakeJob([full], two)).changedTaskFiles, []);
  });
});

describe('the Node of a task', () => {
  for (const { kind, version, path } of agentNodes()) {
    it(`is ${version} and runs the newest handler when the server flag ${kind === '20' ? 'keeps tasks from' : 'allows'} Node 24`, async () => {
      const task = {
        name: 'Show',
        main: printing('never') + `console.log(process.version)`,
        handlers: ['Node20_1', 'Node24'],
      };
      const { raw } = await runFakeJob([task], 'steps:\n- task: Show@1', { node: path, nodeKind: kind });
      assert.equal(raw[1], `v${version}`);
    });
  }
});
