import assert from 'node:assert/strict';
import { parse, stringify } from 'yaml';

type Value = string | null | Value[] | Template;
interface Template {
  readonly [key: string]: Value | undefined;
}

/** What an agent gets of one job of a pipeline. */
export interface ExpandedJob {
  readonly stage: string;
  readonly name: string;
  /** Of a deployment job: where approvals and checks are. */
  readonly environment: string;
  readonly pipeline: string;
}

/**
 * Expands a pipeline as Azure DevOps does: includes its templates and returns its jobs in their order, those of deployments
 * with the steps of `runOnce`. Of template expressions it knows parameters only.
 */
export function expandJobs(pipeline: string, readTemplate: (name: string) => string): readonly ExpandedJob[] {
  const root = parseYaml(pipeline);
  const stages = root.stages === undefined ? [root] : maps(root.stages);
  return stages.flatMap((stage) => {
    const jobs = stage.jobs === undefined ? [stage] : maps(stage.jobs);
    return jobs.map((job) => ({
      stage: text(stage.stage),
      name: text(job.job ?? job.deployment),
      environment: text(job.environment),
      pipeline: stringify({
        variables: Object.assign({}, ...[root, stage, job].map(({ variables }) => variables)) as object,
        steps: includeTemplates(stepsOf(job), readTemplate).map(asScript),
      }),
    }));
  });
}

function parseYaml(source: string): Template {
  return parse(source, { schema: 'failsafe' }) as Template;
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function maps(value: Value | undefined): readonly Template[] {
  assert.ok(Array.isArray(value), 'a list is expected');
  return value as readonly Template[];
}

function stepsOf(job: Template): readonly Template[] {
  const strategy = job.strategy as { readonly runOnce: { readonly deploy: Template } } | undefined;
  return maps((strategy?.runOnce.deploy ?? job).steps);
}

function includeTemplates(steps: readonly Template[], readTemplate: (name: string) => string): readonly Template[] {
  return steps.flatMap((step) => {
    if (step.template === undefined) return step;
    const template = parseYaml(readTemplate(text(step.template)));
    const given = step.parameters as Template;
    const declared = maps(template.parameters).map(({ name }) => text(name));
    assert.deepEqual(Object.keys(given).sort(), declared.sort(), `the parameters of ${text(step.template)}`);
    return maps(fillIn(template.steps ?? null, given));
  });
}

/** The value with the parameters in place of their expressions. */
function fillIn(value: Value, parameters: Template): Value {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, parameters));
  if (typeof value === 'string') {
    return value.replace(/\$\{\{ parameters\.(\w+) \}\}/g, (_, name: string) => text(parameters[name]));
  }
  if (value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item ?? null, parameters)]));
}

/** The tasks that run a script as the service connection's identity, as a script: the CLI's commands are fake programs anyway. */
function asScript({ task, inputs, ...settings }: Template): Template {
  if (task === 'AzureCLI@2') return { bash: text((inputs as Template).inlineScript), ...settings };
  if (task === 'AzurePowerShell@5') return { bash: 'true', ...settings };
  return { ...(task === undefined ? {} : { task, inputs }), ...settings };
}
