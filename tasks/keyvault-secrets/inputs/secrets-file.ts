import type { InputReader, Parsed } from '../../shared/inputs/reader';
import { secretsFileMessages as messages } from '../messages/secrets-file';
import { filePathMistake } from '../rules/operations';
import { formatOf, secretsFileFormats, type SecretsFile } from '../secrets-file/format';

/** Reads the inputs `secretsFile`, a path like that of `| file:path`, and `secretsFileFormat`. */
export function readSecretsFile(read: InputReader): SecretsFile | undefined {
  const chosen = read.choice('secretsFileFormat', secretsFileFormats);
  const path = read.parsed('secretsFile', '', parsePath);
  if (path === '') return undefined;
  const format = chosen === 'auto' ? formatOf(path) : chosen;
  if (format !== undefined) return { path, format };
  read.report('secretsFile', messages.unknownEnding(path));
  return undefined;
}

function parsePath(path: string): Parsed<string> {
  const mistake = filePathMistake(path);
  if (mistake === undefined) return { value: path };
  const { message, suggestion } = mistake;
  return { problems: [suggestion === undefined ? `${message}.` : `${message}. ${suggestion}`] };
}
