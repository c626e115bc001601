import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { JobOptions } from '../../../simulation/workplace';

/** Programs that pipelines call and that do not need to be installed on this computer. */
export interface FakePrograms {
  /** Lets the agent find them, and writes the scripts among them to the sources. */
  readonly options: Required<Pick<JobOptions, 'environment' | 'workFolder'>>;
  /** Their calls, in order. */
  readonly calls: () => Promise<readonly Call[]>;
}

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Contents of the arguments that are files, by argument. */
  readonly files: Readonly<Record<string, string>>;
}

/** Records a call outside of logs and masks. */
const note = `
const fs = require('node:fs');
const [program, ...args] = process.argv.slice(2);
const isFile = (name) => fs.existsSync(name) && fs.statSync(name).isFile();
const files = Object.fromEntries(args.filter(isFile).map((name) => [name, fs.readFileSync(name, 'latin1')]));
const call = JSON.stringify({ program, args, env: process.env, files });
fs.writeFileSync(process.env.STAND_IN_NOTES + '/' + process.hrtime.bigint(), call);
`;

/** Puts programs in front of the real ones, those that end in `.sh` into the sources, for as long as the work takes; what they print. */
export async function withFakePrograms(
  names: readonly string[],
  work: (fakes: FakePrograms) => Promise<void>,
  prints: Readonly<Record<string, string>> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'fake-programs-'));
  const [programs, notes, workFolder] = ['bin', 'notes', 'work'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  // Where the agent has the sources of a build, and the artifacts of a release.
  const sources = [join(workFolder, '1/s'), join(workFolder, 'r1/a')];
  try {
    await Promise.all([programs, notes, ...sources].map((path) => mkdir(path, { recursive: true })));
    const script = join(folder, 'note.js');
    await writeFile(script, note);
    for (const name of names) {
      for (const place of name.endsWith('.sh') ? sources : [programs])
        await writeProgram(join(place, name), name, script, prints[name] ?? '');
    }
    const path = `${programs}${delimiter}${process.env.PATH ?? ''}`;
    const environment = { PATH: path, HOME: process.env.HOME ?? '', STAND_IN_NOTES: notes };
    await work({ options: { environment, workFolder }, calls: () => readCalls(notes) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeProgram(file: string, name: string, script: string, prints: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n"${process.execPath}" "${script}" "${name}" "$@"\nprintf '%s' '${prints}'\n`);
  await chmod(file, 0o755);
}

async function readCalls(notes: string): Promise<Call[]> {
  const names = (await readdir(notes)).sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(notes, name), 'utf8')) as Call));
}
