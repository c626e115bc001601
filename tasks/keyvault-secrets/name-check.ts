import { failure, type Failure } from './failure';
import { agentForm, controlsProcesses, isReserved } from './reserved-names';
import type { Warning } from './warning';

/** A variable that a secret is about to set. */
export interface NamedVariable {
  readonly name: string;
  /** The secret behind it, as messages name it. */
  readonly subject: string;
  /** Not secret, hence in the environment of every later step. */
  readonly isPublic: boolean;
}

/**
 * Guards the names of variables: nobody who may write to the vault must be able to choose a name that steers the agent
 * or a program, and no two secrets may share one. Names are compared in the agent's own form, without regard to case.
 */
export function checkNames(variables: readonly NamedVariable[]): {
  readonly failures: readonly Failure[];
  readonly warnings: readonly Warning[];
} {
  return {
    failures: [...variables.flatMap(unusableName), ...collisions(variables)],
    warnings: variables
      .filter(({ name, isPublic }) => !isPublic && controlsProcesses(name))
      .map(({ name, subject }) => ({
        kind: 'Programs take orders from variables of these names; map them into no environment',
        subject: `${name} (${subject})`,
      })),
  };
}

function unusableName({ name, subject, isPublic }: NamedVariable): readonly Failure[] {
  const remedy = 'Give the variable another name: secret-name -> MY_NAME';
  if (!/^[A-Za-z0-9._-]+(?:\/[0-9a-z]+)?$/.test(name)) {
    return [failure('AKV-NAME-RESERVED', subject, `'${name}' is not usable as the name of a variable`, remedy)];
  }
  if (isReserved(name)) {
    const problem = `the variable '${name}' would be ${agentForm(name)}, which belongs to the agent`;
    return [failure('AKV-NAME-RESERVED', subject, problem, remedy)];
  }
  if (isPublic && controlsProcesses(name)) {
    const problem = `the variable '${name}' would steer the programs of all later steps`;
    return [failure('AKV-NAME-RESERVED', subject, problem, remedy)];
  }
  return [];
}

function collisions(variables: readonly NamedVariable[]): readonly Failure[] {
  const byForm = new Map<string, NamedVariable[]>();
  for (const variable of variables) {
    const form = agentForm(variable.name);
    byForm.set(form, [...(byForm.get(form) ?? []), variable]);
  }
  return [...byForm.values()].flatMap((same) => {
    const [first, ...others] = same;
    return first === undefined ? [] : others.map((other) => collision(first, other));
  });
}

function collision(first: NamedVariable, other: NamedVariable): Failure {
  const names =
    first.name === other.name
      ? `the variable '${first.name}'`
      : `the variables '${first.name}' and '${other.name}', which are one to the agent`;
  const problem = `both set ${names}`;
  const remedy = 'Give one of them a name of its own (secret-name -> MY_NAME), or exclude one (!secret-name).';
  return failure('AKV-NAME-COLLISION', `${first.subject} and ${other.subject}`, problem, remedy);
}
