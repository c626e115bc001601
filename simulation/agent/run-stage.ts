import { runWithRetries } from './attempt';
import { parseCondition } from './pipeline/condition';
import type { JobContext, Outcome, Stage, StepInstance } from './job-context';
import { mergeResults, type Phase, type StepResult, type TaskResult } from './job-result';
import type { JobStatus } from './job-status';

/** Runs one phase of one step, or skips it. Source: microsoft/azure-pipelines-agent StepsRunner.cs. */
export async function runStage(
  job: JobContext,
  instance: StepInstance,
  phase: Phase,
  status: JobStatus,
): Promise<StepResult> {
  const outcome: Outcome = { result: undefined, commandResult: undefined, finishEarly: () => undefined };
  const stage: Stage = { instance, phase, log: job.log.open(), outcome };
  job.variables.recalculate().forEach(stage.log.warning);
  status.noticeCancel();
  const result = holds(stage, job, status) ? await execute(job, stage, status) : skip(stage);
  status.absorb(result);
  const { lines, raw, issues } = stage.log;
  return { displayName: instance.displayName, phase, result, lines, raw, issues };
}

/** Post-job phases always run; the other phases evaluate the step's condition when they start. */
function holds({ instance, phase, log }: Stage, job: JobContext, status: JobStatus): boolean {
  log.debug(`Evaluating condition for step: '${instance.displayName}'`);
  const condition = parseCondition(phase === 'post' ? 'always()' : instance.step.condition);
  return condition({ jobStatus: status.current(), variable: job.variables.get });
}

function skip({ log }: Stage): TaskResult {
  log.write('Skipping step due to condition evaluation.');
  return 'Skipped';
}

async function execute(job: JobContext, stage: Stage, status: JobStatus): Promise<TaskResult> {
  const { log, outcome, instance } = stage;
  const scoped = setStageVariables(job, instance);
  log.section(`Starting: ${instance.displayName}`);
  const stopping = watchForStop(job, stage, status);
  try {
    await runWithRetries(job, stage, stopping.signal);
    stopping.signal.throwIfAborted();
  } catch (error) {
    outcome.result = explainFailure(error, stage, stopping.signal);
  } finally {
    stopping.end();
  }
  scoped.forEach(job.variables.remove);
  const result = finalResult(stage);
  log.section(`Finishing: ${instance.displayName}`);
  return result;
}

/** Set while the stage runs (microsoft/azure-pipelines-agent TaskRunner.cs). Returns their names. */
function setStageVariables(job: JobContext, { id, displayName, referenceName }: StepInstance): string[] {
  const values = {
    'task.displayname': displayName,
    'task.publishTelemetry': 'False',
    'system.taskInstanceId': id,
    'system.taskDisplayName': displayName,
    'system.taskInstanceName': referenceName,
  };
  for (const [name, value] of Object.entries(values)) job.variables.set({ name, value });
  return Object.keys(values);
}

interface Stopping {
  readonly signal: AbortSignal;
  readonly end: () => void;
}

const timedOut = new Error('The task has timed out.');
const canceled = new Error('The operation was canceled.');

/** Stops the stage at its time limit, and when the job is canceled unless the condition is still true. */
function watchForStop(job: JobContext, stage: Stage, status: JobStatus): Stopping {
  const controller = new AbortController();
  const limit = stage.instance.step.timeoutInMinutes * 60_000;
  const stopForTime = () => {
    controller.abort(timedOut);
  };
  const timer = limit > 0 ? setTimeout(stopForTime, limit) : undefined;
  const unwatch = status.onCancel(() => {
    if (holds(stage, job, status)) return;
    stage.log.error('The Operation will be canceled. The next steps may not contain expected logs.');
    controller.abort(canceled);
  });
  const end = () => {
    clearTimeout(timer);
    unwatch();
  };
  return { signal: controller.signal, end };
}

function explainFailure(error: unknown, { log }: Stage, stop: AbortSignal): TaskResult {
  const reason: unknown = stop.aborted ? stop.reason : error;
  log.error(reason instanceof Error ? reason.message : String(reason));
  return reason === canceled ? 'Canceled' : 'Failed';
}

function finalResult({ outcome, instance }: Stage): TaskResult {
  const { result, commandResult } = outcome;
  const merged = commandResult === undefined ? (result ?? 'Succeeded') : mergeResults(result, commandResult);
  return merged === 'Failed' && instance.step.continueOnError ? 'SucceededWithIssues' : merged;
}
