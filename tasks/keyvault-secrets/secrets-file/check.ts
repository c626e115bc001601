import { environmentName } from '../../shared/environment-name';
import { failureMessages } from '../messages/failures';
import { secretsFileMessages as messages } from '../messages/secrets-file';
import { failure, type Failure } from '../failures/failure';
import { levelsOf, pathVariable, type SecretsFile, type SecretsFileFormat } from './format';
import { quote } from './quote';

/** A variable that is written to the file, with its secret as messages name it. */
interface Named {
  readonly name: string;
  readonly subject: string;
}

/** The names that the file cannot have, which are known before the values. */
export function nameFailures(file: SecretsFile | undefined, variables: readonly Named[]): readonly Failure[] {
  if (file === undefined) return [];
  return [
    ...variables
      .filter(({ name }) => environmentName(name) === environmentName(pathVariable))
      .map(({ subject }) => failure('AKV-NAME-COLLISION', subject, messages.pathVariableTaken)),
    ...variables
      .filter(({ name }) => file.format === 'dotenv' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      .map(({ name, subject }) => failure('AKV-NAME-RESERVED', subject, messages.noShellName(name))),
    ...sectionFailures(file.format, variables),
  ];
}

/** A name cannot be both a value and the section of another name. */
function sectionFailures(format: SecretsFileFormat, variables: readonly Named[]): readonly Failure[] {
  const values = new Map(variables.map((variable) => [variable.name, variable]));
  return variables.flatMap((variable) => {
    const levels = levelsOf(format, variable.name);
    return levels.slice(1).flatMap((_, index) => {
      const value = values.get(levels.slice(0, index + 1).join('--'));
      if (value === undefined) return [];
      const subject = failureMessages.allOf([value.subject, variable.subject]);
      return [failure('AKV-NAME-COLLISION', subject, messages.valueAndSection(value.name, variable.name))];
    });
  });
}

/** Why the file cannot hold a value exactly; does not contain any part of the value. */
export function valueFailures(format: SecretsFileFormat, value: string, subject: string): readonly Failure[] {
  if (/\p{Surrogate}/u.test(value)) return [failure('AKV-VALUE', subject, messages.noUnicode)];
  if (format === 'env' && /[\r\n]/.test(value)) return [failure('AKV-VALUE', subject, messages.lineBreak)];
  if (format === 'dotenv' && quote(value) === undefined) {
    return [failure('AKV-VALUE', subject, messages.noQuotes)];
  }
  return [];
}
