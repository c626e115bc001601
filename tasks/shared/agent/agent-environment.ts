import { knownVariables } from './quiet-task-lib';

/*
 * What the agent itself put into the environment of this process, as it was before the task library loaded: that moves
 * it away, and takes names that differ only in case for one.
 */

/** Windows does not tell environment names apart by their case; elsewhere only the agent's own spelling counts. */
const spelled = (name: string) => (process.platform === 'win32' ? name.toUpperCase() : name);

const snapshot: ReadonlyMap<string, string> = new Map(
  Object.entries(process.env).map(([name, value]) => [spelled(name), value ?? '']),
);

/** The value under exactly this upper-case name; `''` when there is none. */
export function readExactly(name: string): string {
  return snapshot.get(name) ?? '';
}

/**
 * True when the job has a public variable whose place in the environment is this name, so that an agent that writes
 * variables last (all before microsoft/azure-pipelines-agent pull request 5606) shows the variable instead of its own value.
 */
export function mayBeOverwritten(name: string): boolean {
  return knownVariables.some(
    (variable) => !variable.secret && variable.name.replace(/[. ]/g, '_').toUpperCase() === name,
  );
}
