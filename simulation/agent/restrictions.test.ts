import assert from 'node:assert/strict';
import { say } from './fake-tasks';

describe('restrictions', () => {
  const set = (name: string) => `##vso[task.setvariable variable=${name};issecret=true]not-real-1`;

  it('let only allowed variables be set, whatever their case, and still mask the others', async () => {
    const task = { restrictions: { settableVariables: { allowed: ['ok*'] } } };
    const { result, variables, issues, shown } = await say([set('OK1'), set('bad'), 'not-real-1'], { task });
    assert.deepEqual([variables.OK1?.value, variables.bad, result], ['not-real-1', undefined, 'Succeeded']);
    assert.match(issues[0]?.message ?? '', /^Setting variable 'bad' has been disabled/);
    assert.equal(shown.at(-1), '***');
  });

  it('of task and step must both allow a variable', async () => {
    const task = { restrictions: { settableVariables: { allowed: ['a', 'b'] } } };
    const { variables } = await say([set('a'), set('b'), set('c')], {
      task,
      yaml: '  target: { settableVariables: [b, c] }',
    });
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => name in variables),
      [false, true, false],
    );
  });

  it('with an empty list allow no variable, and no path', async () => {
    const { variables, issues } = await say([set('a'), '##vso[task.prependpath]/x'], {
      restrictions: { settableVariables: [] },
    });
    assert.equal(variables.a, undefined);
    assert.match(issues[1]?.message ?? '', /^Setting variable 'PATH' has been disabled/);
  });

  it('do not concern task variables', async () => {
    const { taskVariables } = await say(['##vso[task.settaskvariable variable=a]x'], {
      restrictions: { settableVariables: [] },
    });
    assert.equal(taskVariables.Say?.a?.value, 'x');
  });

  it('to restricted commands let harmless ones through, and warn of the others', async () => {
    const task = { restrictions: { commands: { mode: 'restricted' } } };
    const { result, issues, variables, attachments } = await say([set('a'), '##vso[task.uploadfile]/no/such/file'], {
      task,
    });
    assert.deepEqual([result, variables.a?.value, attachments], ['Succeeded', 'not-real-1', []]);
    assert.match(issues[0]?.message ?? '', /^##vso\[task.uploadfile\] is not allowed in this step/);
  });
});
