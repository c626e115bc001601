/**
 * The task library echoes every input, variable and token it reads as a debug command in clear text, and relies on the
 * agent to drop or mask them. This switch makes it do so only in runs with `System.Debug`
 * (microsoft/azure-pipelines-task-lib, internal.ts). It has to be set before the library loads, hence a module.
 */
process.env.DISTRIBUTEDTASK_TASKS_NODE_SKIPDEBUGLOGSWHENDEBUGMODEOFF ??= 'true';

interface KnownVariable {
  readonly name: string;
  readonly secret: boolean;
}

function parseNames(list: string | undefined, secret: boolean): readonly KnownVariable[] {
  const names: unknown = JSON.parse(list ?? '[]');
  return Array.isArray(names) ? names.map((name) => ({ name: String(name), secret })) : [];
}

/** The job's variables at the start of the step. The library deletes these lists from the environment when it loads. */
export const knownVariables: readonly KnownVariable[] = [
  ...parseNames(process.env.VSTS_PUBLIC_VARIABLES, false),
  ...parseNames(process.env.VSTS_SECRET_VARIABLES, true),
];
