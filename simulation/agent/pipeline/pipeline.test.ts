import assert from 'node:assert/strict';
import type { TaskStep } from '../job';
import { readPipeline } from './pipeline';

const steps = 'steps:\n- script: echo';

describe('reading a pipeline', () => {
  it('keeps all values as they are written', () => {
    const job = readPipeline(`variables: { a: 1.10, b: yes, c: null, d: '' }\n${steps}`);
    assert.deepEqual(
      job.variables.map(({ value }) => value),
      ['1.10', 'yes', 'null', ''],
    );
  });

  it('takes variables as a list, too', () => {
    const job = readPipeline(`variables:\n- name: a\n  value: x\n- { name: b, value: y, readonly: true }\n${steps}`);
    assert.deepEqual(
      job.variables.map(({ name, value, readOnly }) => [name, value, readOnly]),
      [
        ['a', 'x', false],
        ['b', 'y', true],
      ],
    );
  });

  it('gives a step the defaults of Azure Pipelines', () => {
    const [step] = readPipeline('steps:\n- task: Hello@2').steps;
    assert.deepEqual(step, {
      kind: 'task',
      task: 'Hello',
      major: 2,
      inputs: {},
      name: '',
      displayName: '',
      env: {},
      condition: 'succeeded()',
      continueOnError: false,
      timeoutInMinutes: 0,
      retryCountOnTaskFailure: 0,
      restrictions: {},
    });
  });

  it('reads every key of a step', () => {
    const [step] = readPipeline(`
steps:
- task: me.my-extension.Hello@1
  name: hi
  displayName: Say hello
  inputs: { text: "a\\nb", count: 3 }
  env: { X: $(y) }
  condition: always()
  continueOnError: true
  enabled: true
  timeoutInMinutes: 5
  retryCountOnTaskFailure: 2
  target: { commands: restricted, settableVariables: [a*] }`).steps as [TaskStep];
    assert.equal(step.task, 'me.my-extension.Hello');
    assert.deepEqual(step.inputs, { text: 'a\nb', count: '3' });
    assert.deepEqual(
      [step.name, step.displayName, step.env, step.condition],
      ['hi', 'Say hello', { X: '$(y)' }, 'always()'],
    );
    assert.deepEqual([step.continueOnError, step.timeoutInMinutes, step.retryCountOnTaskFailure], [true, 5, 2]);
    assert.deepEqual(step.restrictions, { commands: 'restricted', settableVariables: ['a*'] });
  });

  it('finds the steps of the only job of the only stage, with the variables of all levels', () => {
    const job = readPipeline(`
variables: { a: pipeline }
stages:
- stage: s
  variables: { b: stage }
  jobs:
  - job: build
    displayName: The build
    variables: { c: job }
    steps:
    - bash: echo
      workingDirectory: x`);
    assert.deepEqual(
      job.variables.map(({ value }) => value),
      ['pipeline', 'stage', 'job'],
    );
    assert.deepEqual([job.name, job.displayName, job.steps[0]?.kind], ['build', 'The build', 'bash']);
  });

  it('leaves out disabled steps and checkout, as the server and this machine do', () => {
    const { steps: read } = readPipeline('steps:\n- checkout: none\n- script: a\n  enabled: false\n- script: b');
    assert.deepEqual(
      read.map((step) => step.kind === 'script' && step.script),
      ['b'],
    );
  });

  it('reads `settableVariables: none` as none', () => {
    const [step] = readPipeline('steps:\n- script: a\n  target: { settableVariables: none }').steps;
    assert.deepEqual(step?.restrictions.settableVariables, []);
  });

  it('ignores what decides when and where a pipeline runs', () => {
    const text = `trigger: none\npr: none\nschedules: []\npool: { vmImage: ubuntu-latest }\nname: x\n${steps}`;
    assert.equal(readPipeline(text).steps.length, 1);
  });

  const mistakes: readonly [title: string, text: string, message: RegExp][] = [
    ['an unknown key of the pipeline', `steps: []\nresources: x`, /the pipeline has the key 'resources'/],
    [
      'an unknown key of a step',
      'steps:\n- script: a\n  failOnStderr: true',
      /the script step has the key 'failOnStderr'/,
    ],
    ['inputs of a script', 'steps:\n- script: a\n  inputs: {}', /the script step has the key 'inputs'/],
    ['an unknown kind of step', 'steps:\n- publish: x', /keys 'publish' is none of 'task', 'script', 'bash'/],
    ['PowerShell', 'steps:\n- pwsh: x', /runs no PowerShell/],
    ['two jobs', 'jobs:\n- job: a\n- job: b', /'jobs' has 2 entries/],
    ['a deployment job', 'jobs:\n- deployment: a', /the job has the key 'deployment'/],
    ['a variable group', 'variables:\n- group: g\nsteps: []', /a variable has the key 'group'/],
    ['no steps', 'variables: {}', /'steps' must be a list, but is missing/],
    ['only disabled steps', 'steps:\n- script: a\n  enabled: false', /has no step to run/],
    ['a task without a version', 'steps:\n- task: Hello', /task 'Hello' must be written as Name@Major/],
    ['a condition that is not understood', 'steps:\n- script: a\n  condition: maybe()', /Condition 'maybe\(\)'/],
    ['a malformed flag', 'steps:\n- script: a\n  enabled: 1', /'enabled' must be true or false, but is '1'/],
    ['too many retries', 'steps:\n- script: a\n  retryCountOnTaskFailure: 11', /up to 10, but is '11'/],
    ['a bad name', 'steps:\n- script: a\n  name: a-b', /'name' may have letters, digits and '_' only/],
    ['a bad command mode', 'steps:\n- script: a\n  target: { commands: none }', /'any' or 'restricted', not 'none'/],
    ['a map for a text', 'steps:\n- script: {}', /'script' must be a text, but is a map/],
    ['a template expression', 'steps:\n- script: ${{ x }}', /'\$\{\{ x \}\}': this agent does not evaluate/],
    ['a runtime expression', 'variables: { a: "$[x]" }\nsteps: []', /'\$\[x\]': this agent does not evaluate/],
    ['a key given twice', 'steps: []\nsteps: []', /Map keys must be unique/],
  ];
  for (const [title, text, message] of mistakes) {
    it(`refuses ${title} and names it`, () => {
      assert.throws(() => readPipeline(text), message);
    });
  }
});
