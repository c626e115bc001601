import { mergeResults, type TaskResult } from './job-result';
import type { Variables } from './variables/variables';

/** How the job is doing; `Agent.JobStatus` always says the same. */
export interface JobStatus {
  readonly current: () => TaskResult;
  /** Only issues and failures of a step change the job (microsoft/azure-pipelines-agent StepsRunner.cs). */
  readonly absorb: (result: TaskResult) => void;
  /** Between two steps: makes the job Canceled if it was asked to be. */
  readonly noticeCancel: () => void;
  /**
   * Calls back when the job is cancelled from now on, with the status already Canceled. Never does if that happened
   * before: what starts after the cancellation is not affected. Returns a function that stops watching.
   */
  readonly onCancel: (callback: () => void) => () => void;
}

/** @param signal cancels the job when it is aborted */
export function createJobStatus(variables: Variables, signal: AbortSignal | undefined): JobStatus {
  let status: TaskResult = 'Succeeded';
  const change = (result: TaskResult) => {
    status = result;
    variables.set({ name: 'agent.jobstatus', value: result });
  };
  return {
    current: () => status,
    absorb: (result) => {
      if (result === 'SucceededWithIssues' || result === 'Failed') change(mergeResults(status, result));
    },
    noticeCancel: () => {
      if (signal?.aborted && status !== 'Canceled') change('Canceled');
    },
    onCancel: (callback) => {
      if (!signal || signal.aborted) return () => undefined;
      const listener = () => {
        change('Canceled');
        callback();
      };
      signal.addEventListener('abort', listener, { once: true });
      return () => {
        signal.removeEventListener('abort', listener);
      };
    },
  };
}
