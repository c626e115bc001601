import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a step's process has printed, line by line, and its exit code. */
interface StepProcess {
  readonly lines: readonly string[];
  readonly exitCode: number | null;
}

const root = join(__dirname, '../../..');

/**
 * Runs JavaScript in a process of its own, with the environment that an agent gives a step: the task library reads it
 * when it loads, prints to the output and sets handlers of the whole process. `require` finds the tasks' modules from
 * the repository's folder.
 */
export async function runStepProcess(
  script: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<StepProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'step-process-'));
  try {
    const env = { PATH: process.env.PATH, AGENT_TEMPDIRECTORY: folder, AGENT_VERSION: '5.278.0', ...environment };
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: root, env });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    }
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { lines: text.split('\n').filter((line) => line !== ''), exitCode };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
