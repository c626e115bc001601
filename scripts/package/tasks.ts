import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Handlers } from './definitions';

/** The phases of a task.json, as far as they are given. */
export interface Phases {
  readonly prejobexecution?: Handlers;
  readonly execution?: Handlers;
  readonly postjobexecution?: Handlers;
}

/** The tasks' folders relative to the repository `folder`, e.g. `tasks/keyvault-secrets`. */
export function listTasks(folder: string): string[] {
  const folders = readdirSync(path.join(folder, 'tasks'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const hasTask = (name: string) => readdirSync(path.join(folder, 'tasks', name)).includes('task.json');
  return folders
    .map(({ name }) => name)
    .filter(hasTask)
    .map((name) => `tasks/${name}`)
    .sort();
}

/** The files that the handlers of a task start, relative to the task's folder. */
export function listTargets({ prejobexecution, execution, postjobexecution }: Phases): string[] {
  const phases = [prejobexecution, execution, postjobexecution];
  return [...new Set(phases.flatMap((phase) => Object.values(phase ?? {}).map(({ target }) => target)))];
}
