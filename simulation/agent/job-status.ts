import { mergeResults, type TaskResult } from './job-result';
import type { Variables } from './variables/variables';

/** The status of the job; `Agent.JobStatus` always has the same value. */
export interface JobStatus {
  readonly current: () => TaskResult;
  /** Only issues and failures of a step change the job (microsoft/azure-pipelines-agent StepsRunner.cs). */
  readonly absorb: (result: TaskResult) => void;
  /** Between two steps: sets the job to Canceled if its cancellation was requested. */
  readonly noticeCancel: () => void;
  /**
   * Calls back when the job is canceled from now on, with the status already Canceled. Does not call back for an
   * earlier cancellation, because later stages are not affected by it. Returns a function that stops watching.
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
