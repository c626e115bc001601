import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, transform, type Metafile } from 'esbuild';
import { readTask, root } from './definitions';
import { readHomepage, troubleshootingUrl } from './homepage';
import { refuseOldNode } from './node-guard';
import { listTargets, listTasks } from './tasks';

/** The file of esbuild's report on the content of each bundle, which shows why a bundle has grown. */
const accountFile = path.join(root, 'out/bundles.json');

/** The oldest Node of an agent that runs the tasks; the entry refuses older ones. */
const target = 'node20';

/** The link in messages: `''` while the project has no home page. */
const troubleshooting = troubleshootingUrl(readHomepage(root));

/** The phases whose targets are in task.json: `main` for `dist/main.js`, whose source is `main.ts`. */
function listPhases(folder: string): string[] {
  return listTargets(readTask(folder)).map((file) => path.basename(file, '.js'));
}

/**
 * Bundles the phases of a task, which share nearly all of their code. Code that a phase loads only if it has work is in
 * a separate file, so that a step without work ends immediately, and a step with work can begin before all of its code
 * is read.
 */
async function bundlePhases(folder: string, phases: readonly string[]): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: phases.map((phase) => ({ in: `${folder}/${phase}.ts`, out: `phase-${phase}` })),
    outdir: `${folder}/dist`,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    platform: 'node',
    // The only format for which esbuild supports splitting.
    format: 'esm',
    target,
    // The ESM builds of the libraries are reduced to the code in use; their CommonJS builds are not.
    mainFields: ['module', 'main'],
    // Any reference to it makes Node load all of its `fetch`, and no task sends a form.
    define: { FormData: 'undefined', TROUBLESHOOTING_URL: JSON.stringify(troubleshooting) },
    alias: { open: path.join(__dirname, 'no-browser.ts') },
    minify: true,
    // The licenses are included once, in THIRD-PARTY-NOTICES.txt.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(({ path: file, text }) => writeCommonJs(file, text)));
  return metafile;
}

/** CommonJS loads faster, including late imports: otherwise, Node must start its ESM loader. */
async function writeCommonJs(file: string, source: string): Promise<void> {
  const { code } = await transform(source, {
    format: 'cjs',
    platform: 'node',
    target,
    supported: { 'dynamic-import': false },
    minify: true,
  });
  await writeFile(file, code);
}

/** Writes `dist/<phase>.js`, the file that the agent starts: the check of the Node version, then the bundle. */
async function writeEntry(folder: string, phase: string): Promise<void> {
  const nodeCheck = `(${refuseOldNode.toString()})(process, require('fs'), ${JSON.stringify(troubleshooting)});`;
  const { code } = await transform(`${nodeCheck}\nrequire('./phase-${phase}.js');`, { minify: true, target: 'node10' });
  await writeFile(path.join(root, folder, 'dist', `${phase}.js`), code);
}

async function buildTask(folder: string): Promise<Metafile> {
  const dist = path.join(root, folder, 'dist');
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  const phases = listPhases(folder);
  const metafile = await bundlePhases(folder, phases);
  await Promise.all(phases.map((phase) => writeEntry(folder, phase)));
  return metafile;
}

/**
 * Builds all tasks into empty `dist` folders; agents need no other files. Returns esbuild's metafile of all bundles
 * together.
 */
export async function buildTasks(): Promise<Metafile> {
  const metafiles = await Promise.all(listTasks(root).map(buildTask));
  const merged: Metafile = {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)) as Metafile['inputs'],
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)) as Metafile['outputs'],
  };
  await mkdir(path.dirname(accountFile), { recursive: true });
  await writeFile(accountFile, JSON.stringify(merged));
  return merged;
}

/** `npm run build` */
async function printBuild(): Promise<void> {
  const { outputs } = await buildTasks();
  for (const [file, { bytes }] of Object.entries(outputs)) console.log(`${file}  ${Math.round(bytes / 1024)} KiB`);
}

if (require.main === module) void printBuild();
