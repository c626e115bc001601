import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv-draft-04';
import { root } from '../definitions';

/** The schema that Azure Pipelines publishes for task.json. It is not part of this repository. */
const file = path.resolve(root, '../shared/specs/tasks.schema.json');

/** Whether the schema is available; a check that needs it must report that it is skipped. */
export const hasSchema = existsSync(file);

/** The published schema's problems with the definition of the task in the folder `task`. */
export function findSchemaProblems(task: string, definition: object): string[] {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  validate(definition);
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${task}/task.json${instancePath}: the published schema of tasks: ${message ?? ''}`,
  );
}
