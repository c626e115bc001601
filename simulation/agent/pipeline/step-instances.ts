import type { StepInstance } from '../job-context';
import type { Job, Step, TaskStep } from '../job';
import type { Masker } from '../log/masker';
import type { RunOptions } from '../run-options';
import { compileInputs } from './step-inputs';
import type { Task } from './task-catalog';
import { createVariables } from '../variables/variables';

/** The dependencies of step instances. */
interface InstanceSources {
  readonly tasks: readonly Task[];
  readonly options: RunOptions;
  readonly masker: Masker;
  /** Variables known when the run starts. */
  readonly lookUp: (name: string) => string | undefined;
}

/** Resolves the steps of a job as the server does when it starts the run. Throws if the server would refuse it. */
export function createInstances(job: Job, sources: InstanceSources): StepInstance[] {
  const names = new Map<string, number>();
  return job.steps.map((step) => {
    const task = step.kind === 'task' ? findTask(step, sources.tasks) : undefined;
    const defaultName = task?.name ?? (step.kind === 'bash' ? 'Bash' : 'CmdLine');
    return createInstance(
      { step, task, defaultName, referenceName: step.name || nextName(defaultName, names) },
      sources,
    );
  });
}

interface InstanceParts {
  readonly step: Step;
  readonly task: Task | undefined;
  readonly defaultName: string;
  readonly referenceName: string;
}

function createInstance(parts: InstanceParts, { options, masker, lookUp }: InstanceSources): StepInstance {
  const { step, task, defaultName, referenceName } = parts;
  const inputs =
    step.kind === 'task' && task ? compileInputs(step, task, options.serviceConnections ?? [], lookUp) : {};
  return {
    id: crypto.randomUUID(),
    step,
    displayName: step.displayName || defaultName,
    referenceName,
    taskVariables: createVariables(masker),
    restrictions: [task?.restrictions, step.restrictions, options.restrictions].flatMap((list) => list ?? []),
    ...(task && { task: { definition: task, inputs } }),
  };
}

function nextName(name: string, used: Map<string, number>): string {
  const count = used.get(name) ?? 0;
  used.set(name, count + 1);
  return count === 0 ? name : `${name}${count}`;
}

/** By name, without the prefix up to its last dot: `publisher.extension.Name` is the task of this extension. */
function findTask(step: TaskStep, tasks: readonly Task[]): Task {
  const name = step.task.slice(step.task.lastIndexOf('.') + 1).toLowerCase();
  const found = tasks.find((task) => task.name.toLowerCase() === name && task.major === step.major);
  if (found) return found;
  const known = tasks.map((task) => `${task.name}@${task.major}`).join(', ');
  throw new Error(`A task is missing: '${step.task}@${step.major}'. The extension has: ${known || 'none'}.`);
}
