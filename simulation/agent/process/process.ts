import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLineSplitter } from '../log/line-splitter';
import type { Waits } from '../run-options';

/** What to start. */
interface ProcessPlan {
  readonly file: string;
  readonly parameters: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly waits: Waits;
  /** If aborted, the process gets SIGINT, then SIGTERM, and is finally killed. */
  readonly stop: AbortSignal;
  /** If aborted, the process continues, but its output is no longer read. */
  readonly abandon: AbortSignal;
  readonly onLine: (line: string) => void;
  readonly onStart: (child: ChildProcess) => void;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a process with closed stdin and both streams read line by line, as microsoft/azure-pipelines-agent
 * ProcessInvoker.cs does. Rejects when it cannot be started.
 */
export async function runProcess(plan: ProcessPlan): Promise<ProcessEnd> {
  const child = spawn(plan.file, [...plan.parameters], { cwd: plan.directory, env: plan.environment, stdio: 'pipe' });
  const exited = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
  child.stdin.on('error', () => undefined); // The process may end before its input is closed.
  child.stdin.end();
  const output = readOutput(child, plan);
  plan.onStart(child);
  const stopped = new AbortController();
  const stop = () => void stopProcess(child, plan.waits, stopped.signal);
  plan.stop.addEventListener('abort', stop, { once: true });
  if (plan.stop.aborted) stop();
  const abandoned = aborted(plan.abandon).then((): ProcessEnd => ({ exitCode: 0, signal: null }));
  const end = await Promise.race([exited, abandoned]).finally(() => {
    plan.stop.removeEventListener('abort', stop);
    stopped.abort();
  });
  await Promise.race([output.closed, sleep(plan.waits.pipes, undefined, { ref: false }), aborted(plan.abandon)]);
  output.detach();
  return end;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** SIGINT, SIGTERM, SIGKILL, to this one process only (microsoft/azure-pipelines-agent ProcessInvoker.cs). */
async function stopProcess(child: ChildProcess, waits: Waits, ended: AbortSignal): Promise<void> {
  const attempts = [
    ['SIGINT', waits.interrupt],
    ['SIGTERM', waits.terminate],
    ['SIGKILL', 0],
  ] as const;
  for (const [signal, wait] of attempts) {
    if (ended.aborted) return;
    child.kill(signal);
    await sleep(wait, undefined, { signal: ended }).catch(() => undefined);
  }
}

interface Output {
  readonly closed: Promise<unknown>;
  /** Delivers what has arrived, and stops reading. */
  readonly detach: () => void;
}

/** Delivers lines in batches, those of stderr first: the agent does not keep the order between the streams. */
function readOutput(child: ChildProcessWithoutNullStreams, plan: ProcessPlan): Output {
  const queues = { stderr: [] as string[], stdout: [] as string[] };
  const deliver = () => {
    for (const queue of [queues.stderr, queues.stdout]) queue.splice(0).forEach(plan.onLine);
  };
  const read = (name: keyof typeof queues) => {
    const stream = child[name];
    const splitter = createLineSplitter();
    stream.on('data', (bytes: Buffer) => {
      queues[name].push(...splitter.push(bytes));
      setImmediate(deliver);
    });
    return new Promise<void>((resolve) => {
      stream.once('close', () => {
        queues[name].push(...splitter.end());
        resolve();
      });
    });
  };
  const closed = Promise.all([read('stderr'), read('stdout')]);
  const detach = () => {
    deliver();
    // A process that still writes must not block or fail, and must not keep this program running.
    for (const stream of [child.stdout, child.stderr]) {
      stream.removeAllListeners('data').resume();
      if (stream instanceof Socket) stream.unref();
    }
    child.unref();
  };
  return { closed, detach };
}
