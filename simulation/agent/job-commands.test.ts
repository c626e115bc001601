import assert from 'node:assert/strict';
import { printing, printingEnvironment, runFakeJob, say } from './fake-tasks';

describe('other commands', () => {
  it('mask a text as it is with task.setsecret, without trimming', async () => {
    assert.deepEqual((await say(['##vso[task.setsecret] x%0Ay', 'a x', 'a x\\ny'])).shown, ['a x', 'a***']);
  });

  it('mask nothing that was written before', async () => {
    assert.deepEqual((await say(['not-real-1', '##vso[task.setsecret]not-real-1', 'not-real-1'])).shown, [
      'not-real-1',
      '***',
    ]);
  });

  it('hand task variables to the later phases of the same step only', async () => {
    const keep = {
      name: 'Keep',
      main: printing('##vso[task.settaskvariable variable=my.state;issecret=true]kept-1', 'kept-1'),
      post: printingEnvironment('VSTS_TASKVARIABLE_MY_STATE'),
    };
    const { steps, taskVariables } = await runFakeJob(
      [keep],
      'steps:\n- task: Keep@1\n  name: a\n- task: Keep@1\n  name: b\n  condition: failed()',
    );
    const posts = steps.filter(({ phase }) => phase === 'post').map(({ raw }) => raw[0]);
    assert.deepEqual(posts, ['VSTS_TASKVARIABLE_MY_STATE is undefined', 'VSTS_TASKVARIABLE_MY_STATE is "kept-1"']);
    assert.equal(taskVariables.a?.['my.state']?.value, 'kept-1');
    assert.ok(steps[0]?.lines.includes('***'));
  });

  const results: readonly [text: string, result: string][] = [
    ['Succeeded', 'Succeeded'],
    ['SucceededWithIssues', 'SucceededWithIssues'],
    ['Failed', 'Failed'],
    ['Canceled', 'Canceled'],
    ['Skipped', 'Skipped'],
    ['2', 'Failed'],
    ['Cancelled', 'Failed'],
    ['succeeded', 'Failed'],
    ['', 'Failed'],
  ];
  for (const [text, result] of results) {
    it(`end the step as ${result} after task.complete result=${text}`, async () => {
      const { steps } = await say([`##vso[task.complete result=${text};]done`]);
      assert.equal(steps[0]?.result, result);
    });
  }

  it('end the step with the worst of several results', async () => {
    const lines = ['Failed', 'Succeeded'].map((result) => `##vso[task.complete result=${result}]`);
    assert.equal((await say(lines)).result, 'Failed');
  });

  it('end the step early, and drop what its process still writes, after task.complete done=true', async () => {
    const main = `${printing('##vso[task.complete result=Succeeded;done=true]')} setTimeout(() => console.log('too late'), 60_000);`;
    const { result, raw, processes } = await say([], { task: { main } });
    assert.deepEqual([result, raw.length, processes[0]?.exitCode], ['Succeeded', 1, 0]);
  });

  it('report issues without changing the result', async () => {
    const { result, issues, shown } = await say([
      '##vso[task.logissue type=Error;code=7;sourcepath=a.yml;linenumber=1;columnnumber=2]bad',
      '##vso[task.issue type=warning]a%0Ab',
    ]);
    assert.equal(result, 'Succeeded');
    assert.deepEqual(issues, [
      { type: 'error', message: 'a.yml(1,2): Error 7: bad' },
      { type: 'warning', message: 'a\nb' },
    ]);
    assert.deepEqual(shown, ['##[error]a.yml(1,2): Error 7: bad', '##[warning]a', 'b']);
  });

  it('fail the step when the type of an issue is unknown, and only warn when it is missing', async () => {
    assert.equal((await say(['##vso[task.logissue type=info]x'])).result, 'Failed');
    const missing = await say(['##vso[task.logissue]x']);
    assert.deepEqual(
      [missing.result, missing.issues[0]?.message],
      ['Succeeded', "Can't create TaskIssue from logging event."],
    );
  });

  it('keep ten issues of each type of a step', async () => {
    const { issues, shown } = await say(
      Array.from({ length: 12 }, (_, index) => `##vso[task.logissue type=error]e${index}`),
    );
    assert.deepEqual([issues.length, shown.length], [10, 12]);
  });

  it('show debug lines only if System.Debug is true when the job starts', async () => {
    const lines = ['##vso[task.setvariable variable=system.debug]true', '##vso[task.debug]quiet'];
    assert.ok(!(await say(lines)).log.some((line) => line.includes('quiet')));
    const variables = [{ name: 'System.Debug', value: 'true', secret: false }];
    const { shown } = await say(['##vso[task.setsecret]not%3Breal', '##vso[task.debug]a not;real b'], { variables });
    assert.deepEqual(shown.slice(-2), ['##[debug]Processed: ##vso[task.setsecret]***', '##[debug]a *** b']);
  });

  it('upload a summary unmasked', async () => {
    const file = 'process.env.AGENT_TEMPDIRECTORY + "/summary.md"';
    const main = `${printing('##vso[task.setsecret]not-real-1')}
      require('fs').writeFileSync(${file}, '# not-real-1'); console.log('##vso[task.uploadsummary]' + ${file});`;
    assert.deepEqual((await say([], { task: { main } })).summaries, ['# not-real-1']);
  });

  it('fail the step when the file to upload does not exist', async () => {
    for (const event of ['uploadsummary', 'uploadfile', 'addattachment type=a;name=b']) {
      const { unprocessedCommands } = await say([`##vso[task.${event}]/no/such/file`]);
      assert.match(unprocessedCommands[0]?.reason ?? '', /attachment file does not exist/);
    }
  });

  it('change a service connection for the next steps', async () => {
    const id = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';
    const connection = { id, name: 'c', scheme: 'Token', url: 'https://x/', parameters: {}, data: {} };
    const show = {
      name: 'Show',
      inputs: [{ name: 'c', type: 'connectedService:X' }],
      main: printingEnvironment(`ENDPOINT_AUTH_PARAMETER_${id}_K`),
    };
    const { shown, raw } = await runFakeJob(
      [{ name: 'Say', main: printing(`##vso[task.setendpoint id=${id};field=authParameter;key=k]not-real-1`) }, show],
      'steps:\n- task: Say@1\n- task: Show@1\n  inputs: { c: c }',
      { serviceConnections: [connection] },
    ).then((result) => ({ raw: result.raw, shown: result.steps[1]?.lines ?? [] }));
    assert.equal(raw[1], `ENDPOINT_AUTH_PARAMETER_${id}_K is "not-real-1"`);
    assert.ok(shown.includes(`ENDPOINT_AUTH_PARAMETER_${id}_K is "***"`));
  });

  it('work on stderr and from scripts, too', async () => {
    const { variables } = await runFakeJob([], 'steps:\n- bash: echo "##vso[task.setvariable variable=a]x" >&2');
    assert.equal(variables.a?.value, 'x');
  });

  it('are found wherever a line starts, after a lone CR as well', async () => {
    const main = `process.stdout.write('progress\\r##vso[task.setvariable variable=a]x\\rrest');`;
    const { variables, shown } = await say([], { task: { main } });
    assert.deepEqual([variables.a?.value, shown], ['x', ['progress', 'rest']]);
  });

  it('leave %AZP25 alone, and mask both forms, with DECODE_PERCENTS=false', async () => {
    const variables = [{ name: 'DECODE_PERCENTS', value: 'false', secret: false }];
    const { shown } = await say(['##vso[task.setsecret]50%AZP25x', '50%AZP25x 50%x'], { variables });
    assert.deepEqual(shown, ['*** ***']);
  });
});

describe('a line that is no command the agent knows', () => {
  const warnings: readonly [title: string, line: string, warning: RegExp, isShown: boolean][] = [
    [
      'of an unknown area is taken away with a warning',
      '##vso[foo.bar]x',
      /^Cannot find command extension for ##vso\[foo.command\]/,
      false,
    ],
    [
      'with the keyword only is shown with a warning',
      'see ##vso here',
      /^'see ##vso here' contains logging command keyword/,
      true,
    ],
  ];
  for (const [title, line, warning, isShown] of warnings) {
    it(title, async () => {
      const { result, issues, shown } = await say([line]);
      assert.equal(result, 'Succeeded');
      assert.match(issues[0]?.message ?? '', warning);
      assert.equal(shown.includes(line), isShown);
    });
  }

  it('of an unknown event fails the step', async () => {
    const { result, unprocessedCommands } = await say(['##vso[task.foo]x']);
    assert.equal(result, 'Failed');
    assert.match(unprocessedCommands[0]?.reason ?? '', /##vso\[task.foo\] is not a recognized command/);
  });

  it('of an area that a release does not have fails the step and is shown', async () => {
    const line = '##vso[codecoverage.publish]x';
    assert.equal((await say([line])).result, 'Succeeded');
    const { result, shown } = await say([line], { hostType: 'release' });
    assert.equal(result, 'Failed');
    assert.ok(shown.includes(line));
  });
});
