import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from './job';
import type { JobResult } from './job-result';
import { readPipeline } from './pipeline/pipeline';
import { runJob } from './run-job';
import type { RunOptions } from './run-options';

/** A task for the agent's own tests: its phases are plain JavaScript that prints logging commands. */
export interface FakeTask {
  readonly name: string;
  readonly inputs?: readonly { name: string; type?: string; aliases?: string[]; defaultValue?: string }[];
  readonly outputVariables?: readonly { name: string }[];
  readonly restrictions?: object;
  readonly pre?: string;
  readonly main?: string;
  readonly post?: string;
  /** Keys of the phases in task.json; `Node24` alone by default. */
  readonly handlers?: readonly string[];
}

/** Runs a pipeline on the agent, with these tasks and short pauses, in a folder that is removed afterwards. */
export async function runFakeJob(
  tasks: readonly FakeTask[],
  pipeline: string | Job,
  options: Partial<RunOptions> = {},
): Promise<JobResult> {
  const folder = mkdtempSync(join(tmpdir(), 'local-agent-'));
  try {
    mkdirSync(join(folder, 'extension'));
    tasks.forEach((task, index) => {
      writeTask(task, index, join(folder, 'extension'));
    });
    return await runJob(typeof pipeline === 'string' ? readPipeline(pipeline) : pipeline, {
      node: process.execPath,
      nodeKind: '24',
      tasks: join(folder, 'extension'),
      workFolder: join(folder, '_work'),
      systemConnection: { url: 'https://pipelines.example/org', accessToken: 'not-a-real-token-1' },
      waits: { done: 50, retry: 1 },
      ...options,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTask(task: FakeTask, index: number, extension: string): void {
  const folder = join(extension, task.name);
  mkdirSync(folder, { recursive: true });
  const phases = { prejobexecution: task.pre, execution: task.main, postjobexecution: task.post };
  const written = Object.entries(phases).flatMap(([phase, source]) =>
    source === undefined ? [] : [{ phase, source }],
  );
  for (const { phase, source } of written) writeFileSync(join(folder, `${phase}.js`), source);
  const { name, inputs, outputVariables, restrictions, handlers = ['Node24'] } = task;
  const json = {
    id: `a0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name,
    friendlyName: `${name} of the test`,
    version: { Major: 1, Minor: 2, Patch: 3 },
    inputs: inputs ?? [],
    outputVariables,
    restrictions,
    ...Object.fromEntries(
      written.map(({ phase }) => [
        phase,
        Object.fromEntries(handlers.map((handler) => [handler, { target: `${phase}.js` }])),
      ]),
    ),
  };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(json));
}

/** Source of a task that writes these lines to stdout. */
export function printing(...lines: string[]): string {
  return `process.stdout.write(${JSON.stringify(lines.map((line) => `${line}\n`).join(''))});`;
}

/** Source of a task that prints variables of its environment as JSON, one a line, `undefined` for absent ones. */
export function printingEnvironment(...names: string[]): string {
  return `for (const name of ${JSON.stringify(names)}) console.log(name + ' is ' + JSON.stringify(process.env[name]));`;
}

/** Lines between the start of a step and what its task prints. */
const bannerLines = 7;

/** The result of a job with the step `Say`, which prints lines, and what the log shows between its banner and its end. */
export async function say(
  lines: readonly string[],
  { task = {}, yaml = '', ...options }: { task?: Partial<FakeTask>; yaml?: string } & Partial<RunOptions> = {},
) {
  const result = await runFakeJob(
    [{ name: 'Say', main: printing(...lines), ...task }],
    `steps:\n- task: Say@1\n${yaml}`,
    options,
  );
  const shown = result.steps[0]?.lines.slice(1 + bannerLines, -1) ?? [];
  return { ...result, shown };
}
