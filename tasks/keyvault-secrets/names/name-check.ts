import { failure, type Failure } from '../failures/failure';
import { failureMessages, nameMessages as messages } from '../messages/failures';
import { warningMessages } from '../messages/warnings';
import { environmentName } from '../../shared/environment-name';
import { isReserved } from './reserved-names';
import { steersPrograms } from './steering-names';
import type { Warning } from '../failures/warning';

/** A variable that a secret is about to set. */
export interface NamedVariable {
  readonly name: string;
  /** The secret behind it, as messages name it. */
  readonly subject: string;
  /** Not secret, so in the environment of every later step. */
  readonly isPublic: boolean;
  /** The variable is also written to a file from which programs set their environment variables. */
  readonly isInEnvFile: boolean;
  /** A pattern or the fields of a JSON value determine the name, not the rule alone. */
  readonly isChosenByVault: boolean;
}

/**
 * Checks the names of variables. A person who can write to the vault must not be able to choose a name that controls
 * the agent or a program, and two secrets must not share a name. Names are compared in the agent's own form, and are
 * not case-sensitive. A secret variable is only in the environments that a pipeline maps it to, so its name causes at
 * most a warning.
 */
export function checkNames(variables: readonly NamedVariable[]): {
  readonly failures: readonly Failure[];
  readonly warnings: readonly Warning[];
} {
  return {
    failures: [...variables.flatMap(unusableName), ...collisions(variables)],
    warnings: variables
      .filter(({ name }) => steersPrograms(environmentName(name)))
      .map(({ name, subject, isPublic }) => ({
        kind: isPublic ? warningMessages.steeringPublic : warningMessages.steeringSecret,
        subject: `${name} (${subject})`,
      })),
  };
}

function unusableName({ name, subject, isPublic, isInEnvFile, isChosenByVault }: NamedVariable): readonly Failure[] {
  if (!/^[A-Za-z0-9._-]+(?:\/[0-9a-z]+)?$/.test(name)) {
    return [failure('AKV-NAME-RESERVED', subject, messages.unusable(name))];
  }
  if (isReserved(name)) {
    return [failure('AKV-NAME-RESERVED', subject, messages.reserved(name, environmentName(name)))];
  }
  if ((isPublic || isInEnvFile) && isChosenByVault && steersPrograms(environmentName(name))) {
    return [failure('AKV-NAME-RESERVED', subject, messages.steering(name))];
  }
  return [];
}

function collisions(variables: readonly NamedVariable[]): readonly Failure[] {
  const byForm = new Map<string, NamedVariable[]>();
  for (const variable of variables) {
    const form = environmentName(variable.name);
    byForm.set(form, [...(byForm.get(form) ?? []), variable]);
  }
  return [...byForm.values()].flatMap((same) => {
    const [first, ...others] = same;
    return first === undefined ? [] : others.map((other) => collision(first, other));
  });
}

function collision(first: NamedVariable, other: NamedVariable): Failure {
  const variables =
    first.name === other.name ? messages.oneVariable(first.name) : messages.twoVariables(first.name, other.name);
  const subject = failureMessages.allOf([first.subject, other.subject]);
  return failure('AKV-NAME-COLLISION', subject, messages.bothSet(variables));
}
