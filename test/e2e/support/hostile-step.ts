import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A variable that a step sets only with its output, as a tool or a test can. */
interface PrintedVariable {
  readonly name: string;
  readonly value: string;
  /** The agent then puts it into the environment of later steps as it is written. */
  readonly preserveCase?: boolean;
}

/** A step that prints logging commands. Its YAML goes between the steps of a pipeline. */
export function printingStep(...variables: readonly PrintedVariable[]): string {
  const lines = variables.map(({ name, value, preserveCase }) => {
    const properties = `variable=${name}${preserveCase === true ? ';preservecase=true' : ''}`;
    return `      echo '##vso[task.setvariable ${properties}]${value}'`;
  });
  return `
  - bash: |
${lines.join('\n')}
`;
}

/** The environment of an agent that gives post-job steps this record instead of their own. */
export function withRecord(record: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    NODE_OPTIONS: `--import ${pathToFileURL(join(__dirname, 'replaced-record.mjs')).href}`,
    TEST_RECORD: record,
  };
}
