import assert from 'node:assert/strict';
import { runFakeJob } from './fake-tasks';

describe('a process of a task', () => {
  it('starts in the default working directory with closed stdin', async () => {
    const main = `process.stdin.resume().on('end', () => console.log('stdin ended in ' + process.cwd()));`;
    const { raw } = await runFakeJob([{ name: 'Look', main }], 'steps:\n- task: Look@1');
    assert.match(raw.join('\n'), /^stdin ended in .*_work.1.s$/);
  });

  it('of a release finds all public variables in the first section of the log', async () => {
    const variables = [
      { name: 'shown', value: 'value-1', secret: false },
      { name: 'hidden', value: 'not-real-1', secret: true },
    ];
    const { log } = await runFakeJob([], 'steps:\n- script: echo', { hostType: 'release', variables });
    assert.ok(log.includes('\t[shown] --> [value-1]'));
    assert.doesNotMatch(log.join('\n'), /\[hidden\]/);
  });
});

describe('a job that the server would not start', () => {
  const inputs = [{ name: 'text' }, { name: 'connection', type: 'connectedService:AzureRM' }];
  const mistakes: readonly [title: string, yaml: string, message: RegExp][] = [
    ['an unknown task', 'steps:\n- task: Other@1', /'Other@1'. The extension has: Known@1/],
    ['an unknown version', 'steps:\n- task: Known@2', /'Known@2'/],
    ['an unknown input', 'steps:\n- task: Known@1\n  inputs: { txt: x }', /Task 'Known' has no input 'txt'/],
    [
      'an input given twice',
      'steps:\n- task: Known@1\n  inputs: { text: x, TEXT: y }',
      /'text' is given twice, once as 'TEXT'/,
    ],
    [
      'an unknown connection',
      'steps:\n- task: Known@1\n  inputs: { connection: c }',
      /service connection 'c', which could not be found/,
    ],
  ];
  for (const [title, yaml, message] of mistakes) {
    it(`is refused for ${title}`, async () => {
      await assert.rejects(runFakeJob([{ name: 'Known', main: '', inputs }], yaml), message);
    });
  }

  const handlers: readonly [handlers: string[], nodeKind: '20' | '24', message: RegExp][] = [
    [['Node20_1'], '24', /the agent runs its handler Node20_1 on Node 20/],
    [['Node16', 'Node18'], '20', /needs a handler Node24 or Node20_1, but has only Node16, Node18/],
  ];
  for (const [keys, nodeKind, message] of handlers) {
    it(`is refused for a task with ${keys.join(' and ')} when Node ${nodeKind} is asked for`, async () => {
      const tasks = [{ name: 'Known', main: '', handlers: keys }];
      await assert.rejects(runFakeJob(tasks, 'steps:\n- task: Known@1', { nodeKind }), message);
    });
  }
});
