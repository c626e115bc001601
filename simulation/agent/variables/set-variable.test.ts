import assert from 'node:assert/strict';
import { EOL } from 'node:os';
import { printing, runFakeJob, say } from '../fake-tasks';

const multiline = '##vso[task.setvariable variable=a;issecret=true]one%0D%0Atwo';

describe('task.setvariable', () => {
  it('sets a variable for the next steps and shows nothing', async () => {
    const { variables, shown } = await say(['##vso[task.setvariable variable=My.Name]a%0Ab']);
    assert.deepEqual(variables['My.Name'], { value: 'a\nb', secret: false, readOnly: false });
    assert.deepEqual(shown, []);
  });

  it('masks a secret in all that follows, also in its escaped form', async () => {
    const { shown, variables } = await say([
      '##vso[task.setvariable variable=a;issecret=true]not;real',
      'not;real not%3Breal',
    ]);
    assert.deepEqual(shown, ['*** ***']);
    assert.equal(variables.a?.secret, true);
  });

  it('does not take 1 for true, nor a key with a blank in front for the key', async () => {
    const { variables } = await say(['##vso[task.setvariable variable=a;issecret=1; issecret=true]x']);
    assert.equal(variables.a?.secret, false);
  });

  it('refuses a multi-line secret, shows the line unchanged, and fails the step', async () => {
    const { result, shown, variables, unprocessedCommands } = await say([multiline]);
    assert.equal(result, 'Failed');
    assert.match(shown[0] ?? '', /^##\[error\]Unable to process command '.*one%0D%0Atwo' successfully/);
    assert.equal(shown[1], '##[error]Secrets cannot contain multiple lines');
    assert.deepEqual(unprocessedCommands, [{ line: multiline, reason: 'Secrets cannot contain multiple lines' }]);
    assert.equal(variables.a, undefined);
  });

  it('accepts a multi-line secret after SYSTEM_UNSAFEALLOWMULTILINESECRET was set by the step itself', async () => {
    const { result, variables } = await say([
      '##vso[task.setvariable variable=SYSTEM_UNSAFEALLOWMULTILINESECRET]true',
      multiline,
    ]);
    assert.deepEqual([result, variables.a?.value], ['Succeeded', 'one\r\ntwo']);
  });

  it('only counts the line break of the platform', async () => {
    const other = EOL === '\n' ? '%0D' : '%0A';
    const { result } = await say([`##vso[task.setvariable variable=a;issecret=true]one${other}two`]);
    assert.equal(result, 'Succeeded');
  });

  it('sets an output variable under the name of the step only', async () => {
    const { variables, outputVariables } = await say(['##vso[task.setvariable variable=a;isoutput=true]x'], {
      yaml: '  name: one',
    });
    assert.deepEqual(outputVariables, { 'one.a': { value: 'x', secret: false, readOnly: true } });
    assert.equal(variables['one.a']?.value, 'x');
    assert.equal(variables.a, undefined);
  });

  it('makes an output variable of a name that task.json declares', async () => {
    const task = { outputVariables: [{ name: 'address' }] };
    const { outputVariables } = await say(['##vso[task.setvariable variable=Address]x'], { task });
    assert.deepEqual(Object.keys(outputVariables), ['Say.Address']);
  });

  it('gives steps without a name generated ones', async () => {
    const lines = ['##vso[task.setvariable variable=a;isoutput=true]x'];
    const { outputVariables } = await say(lines, { yaml: '- task: Say@1' });
    assert.deepEqual(Object.keys(outputVariables), ['Say.a', 'Say1.a']);
  });

  it('warns when it overwrites what is read-only', async () => {
    const { result, issues, variables } = await say(['##vso[task.setvariable variable=agent.name]x']);
    assert.match(issues[0]?.message ?? '', /^Overwriting readonly variable 'agent.name'. This behavior/);
    assert.deepEqual([result, variables['agent.name']?.value], ['Succeeded', 'x']);
  });

  it('fails instead when the server says so', async () => {
    const variables = [{ name: 'agent.readOnlyVariables', value: 'true', secret: false }];
    const { result, issues } = await say(['##vso[task.setvariable variable=agent.name]x'], { variables });
    assert.equal(result, 'Failed');
    assert.match(issues[1]?.message ?? '', /^Overwriting readonly variable 'agent.name' is not permitted/);
  });

  it('needs a name', async () => {
    const { unprocessedCommands } = await say(['##vso[task.setvariable]x']);
    assert.match(unprocessedCommands[0]?.reason ?? '', /Required field 'variable' is missing/);
  });

  it('lets the next step see its value with variables inside expanded, and that value masked', async () => {
    const pipeline = `
variables: { word: 1 }
steps:
- task: Set@1
- script: echo "<$(made)>"`;
    const set = { name: 'Set', main: printing('##vso[task.setvariable variable=made;issecret=true]not-$(word)-real') };
    const { variables, log, raw } = await runFakeJob([set], pipeline);
    assert.equal(variables.made?.value, 'not-1-real');
    assert.ok(raw.includes('<not-1-real>') && log.includes('<***>'));
  });
});
