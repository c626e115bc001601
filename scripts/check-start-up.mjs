import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';

const witness = path.resolve(fileURLToPath(import.meta.url), '../start-up-witness.mjs');

/** Starts an entry as an agent would, with nothing to do for it, and gives its exit code, output and the witness's notes. */
async function startEntry(entry, node, place) {
  // main.js leaves the work to the pre-job phase, prejob.js to main.js, and postjob.js finds nothing that was opened.
  const runAsPreJob = path.basename(entry) === 'main.js';
  const env = { AGENT_TEMPDIRECTORY: place.temp, AGENT_VERSION: '5.278.0', INPUT_RUNASPREJOB: String(runAsPreJob) };
  const child = spawn(node, ['--import', pathToFileURL(witness).href, entry], {
    cwd: place.work,
    // Windows starts no program without its system folder.
    env: { ...env, SystemRoot: process.env['SystemRoot'] },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const exit = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [output, notes, code] = await Promise.all([text(child.stdout), text(child.stdio[3]), exit]);
  return { output, notes: notes === '' ? [] : JSON.parse(notes), code };
}

function isWithin(file, folder) {
  return file === folder || file.startsWith(folder + path.sep);
}

async function findProblemsOf(task, entry, node, place) {
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
  return [...touched, ...(failed ? [`${name} does not start (exit code ${code}):\n${output}`] : [])];
}

/**
 * What a start of any phase, with nothing to do, touches besides its own folder and the agent's temporary folder: disk,
 * network, other programs. `folder` holds the unpacked VSIX, `node` is the program to start it with.
 */
export async function findStartUpProblems(folder, node) {
  const scratch = await realpath(await mkdtemp(path.join(os.tmpdir(), 'start-up-')));
  const place = { tasks: path.join(await realpath(folder), 'tasks'), temp: path.join(scratch, 'temp'), work: scratch };
  await mkdir(place.temp);
  try {
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
