import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { transform } from 'esbuild';
import type { SideEffect } from './record-side-effects';

interface Place {
  readonly tasks: string;
  readonly temp: string;
  readonly work: string;
  /** The compiled recorder. */
  readonly recorder: string;
}

/** The recorder runs in the task's process, which has no TypeScript. */
async function compileRecorder(file: string): Promise<void> {
  const source = await readFile(path.join(__dirname, 'record-side-effects.ts'), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'cjs', platform: 'node', target: 'node20' });
  await writeFile(file, code);
}

/** Starts an entry as an agent would, without work. */
async function startEntry(entry: string, node: string, place: Place) {
  // main.js leaves the work to the pre-job phase, prejob.js to main.js, and postjob.js finds nothing to close.
  const runAsPreJob = path.basename(entry) === 'main.js';
  const env = { AGENT_TEMPDIRECTORY: place.temp, AGENT_VERSION: '5.278.0', INPUT_RUNASPREJOB: String(runAsPreJob) };
  const child = spawn(node, ['--require', place.recorder, entry], {
    cwd: place.work,
    // Windows does not start programs without its system folder.
    env: { ...env, SystemRoot: process.env.SystemRoot },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [output, notes, [code]] = await Promise.all([readAll(child.stdio[1]), readAll(child.stdio[3]), closed]);
  return { output, notes: notes === '' ? [] : (JSON.parse(notes) as SideEffect[]), code };
}

function readAll(stream: unknown): Promise<string> {
  return stream instanceof Readable ? text(stream) : Promise.resolve('');
}

function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}

async function findProblemsOf(task: string, entry: string, node: string, place: Place): Promise<string[]> {
  const { output, notes, code } = await startEntry(path.join(place.tasks, task, 'dist', entry), node, place);
  const name = `tasks/${task}/dist/${entry}`;
  const own = path.join(place.tasks, task);
  const stray = notes.filter(
    ({ kind, target }) => kind !== 'disk' || !(isWithin(target, own) || isWithin(target, place.temp)),
  );
  const touched = new Set(
    stray.map(({ kind, what, target }) => `${name} touches the ${kind} at start-up: ${what} ${target}`),
  );
  const failed = code !== 0 || output.includes('result=Failed');
  return [...touched, ...(failed ? [`${name} does not start (exit code ${code ?? 'none'}):\n${output}`] : [])];
}

/**
 * What a phase without work accesses when it starts, in addition to its own folder and the agent's temporary folder:
 * disk, network, other programs. `folder` contains the unpacked VSIX, `node` is the program to start it with.
 */
export async function findStartUpProblems(folder: string, node: string): Promise<string[]> {
  const scratch = await realpath(await mkdtemp(path.join(os.tmpdir(), 'start-up-')));
  const place: Place = {
    tasks: path.join(await realpath(folder), 'tasks'),
    temp: path.join(scratch, 'temp'),
    work: scratch,
    recorder: path.join(scratch, 'record-side-effects.cjs'),
  };
  await mkdir(place.temp);
  try {
    await compileRecorder(place.recorder);
    const problems = [];
    for (const task of await readdir(place.tasks)) {
      const files = await readdir(path.join(place.tasks, task, 'dist'));
      for (const entry of files.filter((file) => /^(prejob|main|postjob)\.js$/.test(file)).sort()) {
        problems.push(...(await findProblemsOf(task, entry, node, place)));
      }
    }
    return problems;
  } finally {
    await rm(scratch, { recursive: true });
  }
}
