import { parse } from 'yaml';
import type { Job, JobVariable, Step } from '../job';
import { readStep } from './pipeline-step';
import { check, checkKeys, list, map, scalar, type YamlMap, type YamlValue } from './yaml-value';

/** Keys that determine when and where a pipeline runs; this agent runs it immediately on this computer. */
const schedulingKeys = ['name', 'trigger', 'pr', 'schedules', 'pool', 'appendCommitMessageToRunName'];

/**
 * Reads a pipeline with one job: `steps`, or `jobs` or `stages` with exactly one. A key that this agent does not know
 * is an error that names it, and so are template expressions, which the server would replace.
 */
export function readPipeline(yamlText: string): Job {
  // The failsafe schema keeps all scalars as texts, as Azure Pipelines does.
  const root = map('the pipeline', parse(yamlText, { schema: 'failsafe' }) as YamlValue);
  rejectTemplates(yamlText);
  checkKeys('the pipeline', root, [...schedulingKeys, 'variables', 'steps', 'jobs', 'stages']);
  const stage = 'stages' in root ? single('stages', root.stages) : root;
  if (stage !== root) checkKeys('the stage', stage, ['stage', 'displayName', 'pool', 'variables', 'jobs']);
  const job = 'jobs' in stage ? single('jobs', stage.jobs) : stage;
  if (job !== root) checkKeys('the job', job, jobKeys);
  const name = scalar('job', job.job ?? 'Job');
  return {
    name,
    displayName: scalar('displayName', job.displayName ?? name),
    variables: [...new Set([root, stage, job])].flatMap((level) => readVariables(level.variables)),
    steps: readSteps(job.steps),
  };
}

const jobKeys = [
  'job',
  'displayName',
  'pool',
  'variables',
  'steps',
  'timeoutInMinutes',
  'cancelTimeoutInMinutes',
  'workspace',
];

function rejectTemplates(yamlText: string): void {
  const template = /^(?!\s*#).*?(\$\{\{.*?\}\}|\$\[.*?\])/m.exec(yamlText)?.[1];
  check(template === undefined, `'${template ?? ''}': this agent does not evaluate template or runtime expressions.`);
}

function single(key: string, value: YamlValue): YamlMap {
  const items = list(key, value);
  check(items.length === 1, `'${key}' has ${items.length} entries; this agent runs a pipeline with exactly one.`);
  return map(key, items[0]);
}

function readVariables(value: YamlValue): JobVariable[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    return Object.entries(map('variables', value)).map(([name, text]) =>
      variable(name, scalar(`variables.${name}`, text)),
    );
  }
  return value.map((item) => {
    const entry = map('variables', item);
    checkKeys('a variable', entry, ['name', 'value', 'readonly']);
    const readOnly = scalar('readonly', entry.readonly ?? 'false').toLowerCase() === 'true';
    return { ...variable(scalar('name', entry.name), scalar('value', entry.value)), readOnly };
  });
}

function variable(name: string, value: string): JobVariable {
  return { name, value, secret: false };
}

function readSteps(value: YamlValue): Step[] {
  const steps = list('steps', value).flatMap((item, index) => readStep(map(`steps[${index}]`, item)) ?? []);
  check(steps.length > 0, `'steps' has no step to run.`);
  return steps;
}
