import assert from 'node:assert/strict';
import { parse, stringify } from 'yaml';
import type { JobVariable } from '../../../simulation/agent/job';
import type { JobResult } from '../../../simulation/agent/job-result';

interface YamlJob {
  readonly job: string;
  readonly dependsOn?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly steps: readonly unknown[];
}

/** What an agent gets of one job of a pipeline. */
interface SentJob {
  readonly pipeline: string;
  readonly variables: readonly JobVariable[];
}

/**
 * Selects one job of a pipeline as Azure DevOps sends it to an agent: fills in the outputs of the job it
 * depends on, secret ones as secret variables. It knows no other runtime expressions.
 */
export function selectJob(pipeline: string, name: string, earlier?: Pick<JobResult, 'outputVariables'>): SentJob {
  const { jobs } = parse(pipeline, { schema: 'failsafe' }) as { jobs: readonly YamlJob[] };
  const job = jobs.find((one) => one.job === name);
  assert.ok(job, `the pipeline has no job '${name}'`);
  const variables = Object.entries(job.variables ?? {}).map(([variable, expression]): JobVariable => {
    const [, from, output] = /^\$\[ dependencies\.(\w+)\.outputs\['([\w.-]+)'\] \]$/.exec(expression) ?? [];
    assert.equal(from, job.dependsOn, `'${expression}' reads from a job on which '${name}' does not depend`);
    const value = earlier?.outputVariables[output ?? ''];
    assert.ok(value, `'${expression}': the job '${job.dependsOn ?? ''}' has set no such output`);
    return { name: variable, value: value.value, secret: value.secret };
  });
  return { pipeline: stringify({ steps: job.steps }), variables };
}
