import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { processLine } from './commands/command-processor';
import type { JobContext, Stage } from './job-context';
import { runProcess, type ProcessEnd } from './process/process';
import { prepareStage } from './process/stage-process';

/**
 * Runs the process of a stage, and repeats it if the step allows retries. Rejects with the message for the log if the
 * last attempt failed. Source: microsoft/azure-pipelines-agent RetryHelper.cs.
 */
export async function runWithRetries(job: JobContext, stage: Stage, stop: AbortSignal): Promise<void> {
  const retries = stage.instance.step.retryCountOnTaskFailure;
  for (let attempt = 0; ; attempt++) {
    const delay = job.waits.retry * (attempt + 1) ** 2;
    const plan = `will retry (attempt #: ${attempt + 1}`;
    try {
      await runOnce(job, stage, stop);
      if (stage.outcome.result !== 'Failed' || attempt >= retries) return;
      stage.outcome.result = undefined;
      stage.log.warning(`RetryHelper encountered task failure, ${plan} out of ${retries}) after ${delay} ms`);
    } catch (error) {
      if (stop.aborted || attempt >= retries) throw error;
      const message = error instanceof Error ? error.message : String(error);
      // The agent's own spelling, cspell:ignore afer
      stage.log.warning(`RetryHelper encountered exception, ${plan} ${message}) afer ${delay} ms`);
    }
    await sleep(delay, undefined, { signal: stop });
  }
}

async function runOnce(job: JobContext, stage: Stage, stop: AbortSignal): Promise<void> {
  const { explainExit, ...command } = prepareStage(job, stage);
  const { displayName, step } = stage.instance;
  const abandon = new AbortController();
  stage.outcome.finishEarly = () => {
    const over = () => {
      abandon.abort();
    };
    setTimeout(over, job.waits.done).unref();
  };
  const end = await runProcess({
    ...command,
    waits: job.waits,
    stop,
    abandon: abandon.signal,
    onLine: (line) => {
      stage.log.keepRaw(line);
      if (!processLine(line, job, stage)) stage.log.write(line);
    },
    onStart: (child) => job.options.onProcess?.(step, stage.phase, child),
  });
  job.collected.processes.push({ displayName, phase: stage.phase, ...end });
  const exitCode = exitCodeOf(end);
  if (exitCode !== 0) throw new Error(explainExit(exitCode));
}

/** As .NET reports it on Unix: 128 and the number of the signal that ended the process. */
function exitCodeOf({ exitCode, signal }: ProcessEnd): number {
  return exitCode ?? 128 + (signal ? constants.signals[signal] : 0);
}
