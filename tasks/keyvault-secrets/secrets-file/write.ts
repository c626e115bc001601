import type { PipelineVariable } from '../../shared/ports';
import { secretsFileMessages as messages } from '../messages/secrets-file';
import { throwFailures } from '../failures/failure';
import type { SecretsPorts } from '../ports';
import { valueFailures } from './check';
import { pathVariable, type SecretsFile } from './format';
import { render } from './render';

/**
 * Writes the file with all variables, and returns the variable with its path.
 *
 * @throws DiagnosedError if it cannot hold a value, such as the path of another file, which is known only now.
 */
export function writeSecretsFile(
  file: SecretsFile | undefined,
  variables: readonly (PipelineVariable & { readonly subject: string })[],
  { files, log }: Pick<SecretsPorts, 'files' | 'log'>,
): readonly PipelineVariable[] {
  if (file === undefined) return [];
  throwFailures(variables.flatMap(({ value, subject }) => valueFailures(file.format, value, subject)));
  const path = files.write(file.path, Buffer.from(render(file.format, variables), 'utf8'));
  log.info(messages.written(file.path, file.format, pathVariable));
  return [{ name: pathVariable, value: path, secret: false }];
}
