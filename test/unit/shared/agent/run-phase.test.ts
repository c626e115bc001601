import assert from 'node:assert/strict';
import { runStepProcess } from '../step-process';

/** Runs a phase whose work is this expression of `signal`, `deadline` and `limit`. */
async function runPhase(work: string, after = '') {
  const { lines, exitCode } = await runStepProcess(
    `const { runPhase } = require('./tasks/shared/agent/run-phase');
     const { DiagnosedError } = require('./tasks/shared/errors/diagnosis');
     const stopped = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
     runPhase(async ({ signal, deadline, limit }) => ${work});
     ${after}`,
  );
  return { text: lines.filter((line) => !line.startsWith('##vso[task.debug]')).join('\n'), exitCode };
}

describe('runPhase', () => {
  for (const [result, agents, issue] of [
    ['succeeded', 'Succeeded', ''],
    ['succeededWithIssues', 'SucceededWithIssues', '##vso[task.issue type=warning;source=TaskInternal;]It is done.\n'],
    ['skipped', 'Skipped', 'It is done.\n'],
  ] as const) {
    it(`ends a step that has ${result} so, with its sentence, and the process well`, async () => {
      const { text, exitCode } = await runPhase(`({ result: '${result}', sentence: 'It is done.' })`);
      assert.equal(text, `${issue}##vso[task.complete result=${agents};]It is done.`);
      assert.equal(exitCode, 0);
    });
  }

  it('fails the step with the diagnosis of an error', async () => {
    const { text } = await runPhase(
      `{ throw new DiagnosedError({ code: 'AKV-INPUT', summary: 'It is wrong.', remedy: ['Do better.'] }); }`,
    );
    assert.match(
      text,
      /^##vso\[task\.issue type=error;source=TaskInternal;\]AKV-INPUT: It is wrong\.%0ATo fix it: Do better\./,
    );
    assert.match(text, /##vso\[task\.complete result=Failed;\]AKV-INPUT/);
  });

  it('fails the step with the message of an unexpected error', async () => {
    const { text } = await runPhase(`{ throw new TypeError('x is not a function'); }`);
    assert.match(text, /type=error;source=TaskInternal;\]AKV-UNEXPECTED: .*x is not a function/);
    assert.match(text, /result=Failed/);
  });

  it('ends work at its time limit, also such that waits for nothing, and names the input that gives it more', async () => {
    const { text } = await runPhase(`{ limit(0.2, 'reading secrets', 'timeoutInSeconds'); await stopped(signal); }`);
    assert.match(text, /AKV-TIMEOUT: Timed out after 0\.2 s while reading secrets\./);
    assert.match(text, /raise the input 'timeoutInSeconds'/);
    assert.match(text, /result=Failed/);
  });

  it('tells the work how much time it has left', async () => {
    const { text } = await runPhase(`{
      const before = deadline.timeLeft();
      limit(60, 'x');
      const left = deadline.timeLeft();
      return { result: 'succeeded', sentence: before + ' ' + (left > 50000 && left <= 60000) };
    }`);
    assert.match(text, /Infinity true$/);
  });

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`stops the work when the agent cancels it by ${signal}, and says so`, async () => {
      const { text, exitCode } = await runPhase(`{ process.kill(process.pid, '${signal}'); await stopped(signal); }`);
      assert.match(text, new RegExp(`AKV-CANCELED: The step was canceled \\(${signal}\\)`));
      assert.match(text, /result=Failed/);
      assert.equal(exitCode, 0);
    });
  }

  it('stops unfinished work when the result is known, so that the process ends', async () => {
    const { text, exitCode } = await runPhase(`{
      const other = setInterval(() => undefined, 1000);
      signal.addEventListener('abort', () => clearInterval(other));
      return { result: 'succeeded', sentence: 'It is done.' };
    }`);
    assert.equal(text, '##vso[task.complete result=Succeeded;]It is done.');
    assert.equal(exitCode, 0);
  });

  it('fails the step when the process ends in the middle of the work', async () => {
    const { text } = await runPhase('await stopped(signal)', 'setTimeout(() => process.exit(0), 50);');
    assert.match(text, /type=error;source=TaskInternal;\]AKV-UNEXPECTED: The task ended before its work was done\./);
    assert.match(text, /result=Failed/);
  });

  for (const [what, fault] of [
    ['an uncaught error', "setTimeout(() => { throw new Error('lost ##vso[task.complete result=Succeeded;]'); }, 10)"],
    ['a promise that is not awaited', "void Promise.reject(new Error('lost ##vso[task.complete result=Succeeded;]'))"],
  ] as const) {
    it(`fails the step for ${what}, whose text commands nothing`, async () => {
      const { text } = await runPhase(`{ ${fault}; await stopped(signal); }`);
      assert.match(text, /type=error;source=TaskInternal;\]AKV-UNEXPECTED: .*lost # #vso/);
      assert.doesNotMatch(text, /##vso\[task\.complete result=Succeeded/);
      const late = await runPhase(`{ ${fault}; return { result: 'succeeded', sentence: 'It is done.' }; }`);
      assert.match(late.text, /result=Failed/);
    });
  }
});
