import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { runFakeJob, type FakeTask } from './fake-tasks';
import type { JobResult } from './job-result';
import { readPipeline } from './pipeline/pipeline';
import type { RunOptions } from './run-options';

/** Source of a task that says `ready` and keeps running; `onSignal` is what it does with signals. */
function staying(...handlers: string[]): string {
  return `${handlers.join(';')};setInterval(() => {}, 1000); console.log('ready');`;
}

const note = (signal: string, then = '') => `process.on('${signal}', () => { console.log('${signal}'); ${then} })`;
const after: FakeTask = { name: 'After', main: '', post: `console.log('cleaned up ' + process.env.AGENT_JOBSTATUS)` };

/** Runs `After`, then a step `Stay`, and cancels the job when that says `ready`. */
async function cancelWhenReady(main: string, yaml = '', options: Partial<RunOptions> = {}): Promise<JobResult> {
  const controller = new AbortController();
  const pipeline = `steps:\n- task: After@1\n- task: Stay@1\n${yaml}`;
  return runFakeJob([after, { name: 'Stay', main }], pipeline, {
    signal: controller.signal,
    onLine: (line) => {
      if (line === 'ready') controller.abort();
    },
    ...options,
  });
}

function resultOf(result: JobResult, displayName: string, phase = 'main') {
  return result.steps.find((step) => step.displayName === displayName && step.phase === phase)?.result;
}

// Windows has no signals: there, the first attempt ends the process.
const describeSignals = process.platform === 'win32' ? () => undefined : describe;

describeSignals('cancelling a job', () => {
  it('interrupts the running step, and runs the post-job phases', async () => {
    const result = await cancelWhenReady(staying(), '- script: echo never');
    assert.deepEqual(result.processes[1], { displayName: 'Stay', phase: 'main', exitCode: null, signal: 'SIGINT' });
    assert.deepEqual(
      [resultOf(result, 'Stay'), resultOf(result, 'CmdLine'), result.result],
      ['Canceled', 'Skipped', 'Canceled'],
    );
    assert.equal(resultOf(result, 'After', 'post'), 'Succeeded');
    assert.equal(result.raw.at(-1), 'cleaned up Canceled');
    assert.match(result.log.join('\n'), /##\[error\]The Operation will be canceled/);
  });

  it('cancels the step even if its process then reports success', async () => {
    const end = `console.log('##vso[task.complete result=Succeeded]'); process.exit(0)`;
    const result = await cancelWhenReady(staying(note('SIGINT', end)));
    assert.deepEqual([resultOf(result, 'Stay'), result.processes[1]?.exitCode], ['Canceled', 0]);
  });

  it('asks with SIGTERM when SIGINT did not help, and reads on', async () => {
    const main = staying(note('SIGINT'), note('SIGTERM', 'process.exit(0)'));
    const result = await cancelWhenReady(main, '', { waits: { interrupt: 50 } });
    assert.deepEqual(result.steps[1]?.raw, ['ready', 'SIGINT', 'SIGTERM']);
  });

  it('kills with SIGKILL in the end', async () => {
    const waits = { interrupt: 50, terminate: 50 };
    const result = await cancelWhenReady(staying(note('SIGINT'), note('SIGTERM')), '', { waits });
    assert.equal(result.processes[1]?.signal, 'SIGKILL');
  });

  it('leaves a running step alone whose condition still holds, and runs such steps afterwards', async () => {
    const main = `console.log('ready'); setTimeout(() => console.log('finished'), 50);`;
    const result = await cancelWhenReady(main, `  condition: always()\n- script: echo\n  condition: canceled()`);
    assert.deepEqual(result.steps[1]?.raw, ['ready', 'finished']);
    assert.deepEqual(
      [resultOf(result, 'Stay'), resultOf(result, 'CmdLine'), result.result],
      ['Succeeded', 'Succeeded', 'Canceled'],
    );
  });

  it('before the first step skips all of them but not the post-job phases', async () => {
    const result = await runFakeJob([after], 'steps:\n- task: After@1', { signal: AbortSignal.abort() });
    assert.deepEqual(
      result.steps.map(({ phase, result: one }) => `${phase} ${one}`),
      ['main Skipped', 'post Succeeded'],
    );
    assert.equal(result.result, 'Canceled');
  });

  if (process.platform === 'linux') {
    it('or ending it kills what a script left behind', async () => {
      const script = 'steps:\n- bash: |\n    sleep 30 > /dev/null 2>&1 &\n    echo "pid is $!"';
      const { raw } = await runFakeJob([], script);
      assert.ok(await isGone(Number(/pid is (\d+)/.exec(raw.join('\n'))?.[1])));
    });
  }

  it('does not wait forever for a child process that keeps the output open', async () => {
    const main = `require('child_process').spawn('sleep', ['30'], { stdio: 'inherit', detached: true }).unref(); console.log('started');`;
    const result = await runFakeJob([{ name: 'Leave', main }], 'steps:\n- task: Leave@1', { waits: { pipes: 50 } });
    assert.deepEqual([result.result, result.raw], ['Succeeded', ['started']]);
  });
});

describeSignals('a step that takes too long', () => {
  it('is stopped and fails, and the job goes on to the post-job phases', async () => {
    const job = readPipeline('steps:\n- task: After@1\n- task: Stay@1');
    const [first, stay] = job.steps;
    const steps = [first!, { ...stay!, timeoutInMinutes: 0.3 / 60 }];
    const result = await runFakeJob([after, { name: 'Stay', main: staying() }], { ...job, steps });
    assert.deepEqual(
      [resultOf(result, 'Stay'), resultOf(result, 'After', 'post'), result.result],
      ['Failed', 'Succeeded', 'Failed'],
    );
    assert.deepEqual(result.issues, [{ type: 'error', message: 'The task has timed out.' }]);
  });
});

describeSignals('killing the process of a step', () => {
  it('fails the step as exit code 137, and the post-job phase still runs', async () => {
    const main = `console.log('##vso[task.settaskvariable variable=state]saved'); setInterval(() => {}, 1000);`;
    const post = `console.log('found ' + process.env.VSTS_TASKVARIABLE_STATE);`;
    const result = await runFakeJob([{ name: 'Kill', main, post }], 'steps:\n- task: Kill@1', {
      onProcess: (_step, phase, child) => {
        if (phase === 'main') child.stdout?.once('data', () => child.kill('SIGKILL'));
      },
    });
    assert.match(result.issues[0]?.message ?? '', /^Exit code 137 returned/);
    assert.deepEqual([result.result, result.raw.at(-1)], ['Failed', 'found saved']);
    assert.equal(result.processes[0]?.signal, 'SIGKILL');
  });
});

/** Whether a process is running: neither gone nor a zombie whose exit code was not read. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Gives the kernel some time to deliver a signal. */
async function isGone(pid: number): Promise<boolean> {
  for (let turn = 0; turn < 1000 && isRunning(pid); turn++) await setImmediate();
  return !isRunning(pid);
}
