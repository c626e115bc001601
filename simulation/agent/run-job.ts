import { createInstances } from './pipeline/step-instances';
import { connectionSecrets } from './variables/connection-secrets';
import { configurationVariables } from './variables/configuration-variables';
import { prepareAgentRoot } from './process/agent-root';
import { prepareDirectories, type Directories } from './process/directories';
import type { Collected, JobContext, StepInstance } from './job-context';
import { createJobLog } from './log/job-log';
import type { JobResult, Phase, StepResult, VariableValue } from './job-result';
import { createJobStatus, type JobStatus } from './job-status';
import type { Job, JobVariable } from './job';
import { createMasker, type Masker } from './log/masker';
import { endOrphans } from './process/orphans';
import { predefinedVariables } from './variables/predefined-variables';
import { agentEnvironment, waitsOf, type RunOptions } from './run-options';
import { runStage } from './run-stage';
import { installTask, readTasks } from './pipeline/task-catalog';
import { protectTaskFolder } from './pipeline/task-folder';
import { emptyTempDirectory, listTempFiles } from './process/temp-directory';
import { createVariables, type Variables } from './variables/variables';

/**
 * Runs a job on this computer as the Azure Pipelines agent does. Rejects if the server would not have started the run:
 * an unknown task, input or service connection. All later failures are in the result.
 */
export async function runJob(job: Job, given: RunOptions): Promise<JobResult> {
  const options = { ...given, node: prepareAgentRoot(given) };
  const directories = prepareDirectories(options.workFolder, options.hostType ?? 'build');
  const start = [...predefinedVariables(job, options, directories), ...(options.variables ?? []), ...job.variables];
  const environment = agentEnvironment(options);
  const masker = createInitialMasker(start, options, environment);
  const variables = createVariables(masker);
  [...start, ...configurationVariables(options)].forEach(variables.set);
  variables.recalculate();
  const lookUp = (name: string) => variables.get(name);
  const tasks = readTasks(options.tasks, options.nodeKind);
  const { instances, release } = install(createInstances(job, { tasks, options, masker, lookUp }), directories);
  const context = createContext({ options, directories, environment, masker, variables });
  emptyTempDirectory(directories.temp);
  const status = createJobStatus(variables, options.signal);
  printInitialization(context);
  const changedTaskFiles: string[] = [];
  const steps = await runStages(context, instances, status).finally(() => changedTaskFiles.push(...release()));
  endOrphans(variables.get('VSTS_PROCESS_LOOKUP_ID') ?? '');
  const tempFiles = listTempFiles(directories.temp);
  emptyTempDirectory(directories.temp);
  return { result: status.current(), steps, tempFiles, changedTaskFiles, ...report(context, instances) };
}

function createInitialMasker(
  given: readonly JobVariable[],
  { serviceConnections = [], systemConnection }: RunOptions,
  environment: Readonly<Record<string, string>>,
): Masker {
  const minimum = 'AZP_IGNORE_SECRETS_SHORTER_THAN';
  const masker = createMasker(Number(given.find(({ name }) => name === minimum)?.value ?? environment[minimum] ?? 0));
  for (const { secret, value } of given) if (secret) masker.addInitialSecret(value);
  serviceConnections.flatMap(connectionSecrets).concat(systemConnection.accessToken).forEach(masker.add);
  return masker;
}

/** Copies the tasks to the agent's folders; `release` removes their protection and returns what was changed. */
function install(instances: readonly StepInstance[], { tasks: folder }: Directories) {
  const definitions = new Set(instances.flatMap(({ task }) => task?.definition ?? []));
  const installed = new Map([...definitions].map((definition) => [definition, installTask(definition, folder)]));
  const readOnlyFolders = [...installed.values()].map((task) => protectTaskFolder(task.folder));
  return {
    instances: instances.map((instance): StepInstance => {
      const { task } = instance;
      if (!task) return instance;
      return { ...instance, task: { ...task, definition: installed.get(task.definition) ?? task.definition } };
    }),
    release: () => readOnlyFolders.flatMap((folder) => folder.release()),
  };
}

type ContextParts = Pick<JobContext, 'options' | 'directories' | 'environment' | 'masker' | 'variables'>;

function createContext(parts: ContextParts): JobContext {
  const { options, masker, variables } = parts;
  const debugging = variables.get('system.debug')?.toLowerCase() === 'true';
  const collected: Collected = {
    summaries: [],
    attachments: [],
    commands: [],
    unprocessedCommands: [],
    processes: [],
    outputVariables: new Map(),
  };
  return {
    ...parts,
    collected,
    waits: waitsOf(options),
    log: createJobLog(masker, debugging, options.onLine ?? (() => undefined)),
    connections: new Map((options.serviceConnections ?? []).map((one) => [one.id.toLowerCase(), one])),
    prependedPaths: [],
  };
}

/** The job's first section. A release shows the values of all public variables there. */
function printInitialization({ log, variables, options }: JobContext): void {
  const section = log.open();
  section.section('Starting: Initialize job');
  section.write(`Agent name: '${variables.get('agent.name') ?? ''}'`);
  section.write(`Current agent version: '${variables.get('agent.version') ?? ''}'`);
  if (options.hostType === 'release' || options.hostType === 'deployment') {
    section.write('Environment variables available are below.');
    for (const { name, value, secret } of variables.all()) if (!secret) section.write(`\t[${name}] --> [${value}]`);
  }
  section.section('Finishing: Initialize job');
}

async function runStages(
  job: JobContext,
  instances: readonly StepInstance[],
  status: JobStatus,
): Promise<StepResult[]> {
  const steps: StepResult[] = [];
  for (const { instance, phase } of planStages(instances)) steps.push(await runStage(job, instance, phase, status));
  status.noticeCancel();
  return steps;
}

/** All pre-job phases, then the steps, then the post-job phases in reverse order. */
function planStages(instances: readonly StepInstance[]): { instance: StepInstance; phase: Phase }[] {
  const having = (phase: Phase) =>
    instances
      .filter(({ task }) => (task ? task.definition.targets[phase] !== undefined : phase === 'main'))
      .map((instance) => ({ instance, phase }));
  return [...having('pre'), ...having('main'), ...having('post').reverse()];
}

function report({ log, variables, collected }: JobContext, instances: readonly StepInstance[]) {
  const { outputVariables, ...rest } = collected;
  return {
    log: log.lines,
    raw: log.raw,
    issues: log.issues,
    ...rest,
    variables: valuesOf(variables),
    outputVariables: Object.fromEntries(outputVariables),
    taskVariables: Object.fromEntries(
      instances.map(({ referenceName, taskVariables }) => [referenceName, valuesOf(taskVariables)]),
    ),
  };
}

function valuesOf(variables: Variables): Record<string, VariableValue> {
  const entries = variables.all();
  return Object.fromEntries(
    entries.map(({ name, value, secret }) => [name, { value, secret, readOnly: variables.isReadOnly(name) }]),
  );
}
