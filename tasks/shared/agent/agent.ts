// First, because it determines what libraries find in the environment when they load.
import { knownVariables, readExactly, readVariable } from './environment';
import { environmentName } from '../environment-name';
import { TaskCommand } from 'azure-pipelines-task-lib/taskcommand';
import { withSwitchesFor } from './agent-switch';
import type { Log, PhaseMemory, PipelineVariable, PipelineVariables } from '../ports';
import { printableLine, printableLines } from './printable';

/**
 * The ports of `ports.ts` on a real agent. Only the commands of the task library are used. The rest of it is as large
 * as all of this code, prints and writes a file when it loads, and treats names that differ only in case as one.
 */

function command(name: string, properties: Readonly<Record<string, string>>, text: string): void {
  process.stdout.write(lineOf(name, properties, text));
}

function lineOf(name: string, properties: Readonly<Record<string, string>>, text: string): string {
  return `${new TaskCommand(name, properties, text).toString()}\n`;
}

/**
 * Up to this many bytes are written to a pipe completely or not at all (Linux, `man 7 pipe`, PIPE_BUF). A step that is
 * killed cannot send half a command, which the agent would treat as a whole one.
 */
const wholeWrite = 4_096;

/** Writes lines in as few pieces as that allows, because each piece takes as long as dozens of lines. */
function writeTogether(lines: readonly string[]): void {
  let [piece, size] = ['', 0];
  for (const line of lines) {
    const length = Buffer.byteLength(line);
    if (size > 0 && size + length > wholeWrite) {
      process.stdout.write(piece);
      [piece, size] = ['', 0];
    }
    piece += line;
    size += length;
  }
  process.stdout.write(piece);
}

const isDebugging = readVariable('System.Debug').toLowerCase() === 'true';

export const log: Log = {
  info: (text) => {
    process.stdout.write(
      printableLines(text)
        .map((line) => `${line}\n`)
        .join(''),
    );
  },
  debug: (text) => {
    if (isDebugging) {
      printableLines(text).forEach((line) => {
        command('task.debug', {}, line);
      });
    }
  },
  warning: (text) => {
    issue('warning', text);
  },
};

function issue(type: 'warning' | 'error', text: string): void {
  command('task.issue', { type, source: 'TaskInternal' }, printableLines(text).join('\n'));
}

export const variables: PipelineVariables = {
  mask: (texts) => {
    writeTogether(texts.filter((text) => text !== '').map((text) => lineOf('task.setsecret', {}, text)));
  },
  set: (variable) => {
    setVariable(variable, false);
  },
  setOutput: (variable) => {
    setVariable(variable, true);
  },
  list: () => knownVariables,
};

function setVariable(given: PipelineVariable, output: boolean): void {
  const set = ({ name: variable, value, secret }: PipelineVariable, isOutput = false) => {
    command('task.setvariable', { variable, isOutput: String(isOutput), issecret: String(secret) }, value);
  };
  const write = (name: string, value: string) => {
    set({ name, value, secret: false });
  };
  withSwitchesFor(given, { read: readVariable, write }, () => {
    set(given, output);
  });
}

export const memory: PhaseMemory = {
  read: (name) => readExactly(`VSTS_TASKVARIABLE_${environmentName(name)}`) || undefined,
  remember: (name, text) => {
    command('task.settaskvariable', { variable: name, issecret: 'false' }, text);
    return flushed();
  },
};

/** Resolves when everything written so far has been passed to the agent's pipe. */
function flushed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => {
      resolve();
    });
  });
}

/**
 * Adds Markdown to the run's summary page. The file must be kept, because the agent uploads it at the end of the job.
 */
export function uploadSummary(path: string): void {
  command('task.uploadsummary', {}, path);
}

/** Ends the step with success; `sentence` is shown with its result, unmasked, so it must not contain a secret. */
export function succeed(sentence: string): void {
  complete('Succeeded', printableLine(sentence));
}

/** Ends the step as failed. */
export function fail(text: string): void {
  issue('error', text);
  complete('Failed', text);
}

/** Ends the step as skipped, which the run shows in gray. */
export function skip(reason: string): void {
  log.info(reason);
  complete('Skipped', printableLine(reason));
}

/** Ends the step as succeeded with a warning. */
export function succeedWithIssues(text: string): void {
  issue('warning', text);
  complete('SucceededWithIssues', text);
}

function complete(result: 'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Skipped', text: string): void {
  command('task.complete', { result }, printableLines(text).join('\n'));
}
