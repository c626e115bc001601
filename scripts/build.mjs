import console from 'node:console';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { refuseOldNode } from './node-guard.mjs';
import { listTasks } from './tasks.mjs';

/** The repository's folder. */
export const root = path.resolve(fileURLToPath(import.meta.url), '../..');

/** Where esbuild's account of what went into each bundle is left, for whoever wonders why one has grown. */
const accountFile = path.join(root, 'out/bundles.json');

/** The phases whose targets task.json names: `main` for `dist/main.js`, whose source is `main.ts`. */
function listPhases(folder) {
  const task = JSON.parse(readFileSync(path.join(root, folder, 'task.json'), 'utf8'));
  const handlers = [task.prejobexecution, task.execution, task.postjobexecution].flatMap((phase) =>
    Object.values(phase ?? {}),
  );
  return [...new Set(handlers.map(({ target }) => path.basename(target, '.js')))];
}

/**
 * Bundles all phases of a task into one `dist/phases.js`, because they share nearly all of their code and an agent
 * downloads the task as a whole. A phase's modules run only when it is asked for.
 */
async function bundlePhases(folder, phases) {
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: {
      contents: phases.map((phase) => `exports.${phase} = () => require('./${phase}.ts');`).join('\n'),
      resolveDir: path.join(root, folder),
      sourcefile: `${folder}/phases.js`,
    },
    outfile: `${folder}/dist/phases.js`,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The ESM builds of the libraries leave out what is not used, their CommonJS builds do not.
    mainFields: ['module', 'main'],
    alias: { open: path.join(root, 'scripts/no-browser.mjs') },
    minify: true,
    // The licences travel once, in THIRD-PARTY-NOTICES.txt.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/** Writes `dist/<phase>.js`, the file that the agent starts: the check of the Node version, then the bundle. */
async function writeEntry(folder, phase) {
  const source = `(${refuseOldNode.toString()})(process, require('fs'));\nrequire('./phases.js').${phase}();`;
  const { code } = await transform(source, { minify: true, target: 'node10' });
  await writeFile(path.join(root, folder, 'dist', `${phase}.js`), code);
}

async function buildTask(folder) {
  await rm(path.join(root, folder, 'dist'), { recursive: true, force: true });
  const phases = listPhases(folder);
  const metafile = await bundlePhases(folder, phases);
  await Promise.all(phases.map((phase) => writeEntry(folder, phase)));
  return metafile;
}

/**
 * Builds every task into its `dist` folder, anew; nothing else has to be installed on an agent. Gives esbuild's metafile
 * of all bundles together.
 */
export async function buildTasks() {
  const metafiles = await Promise.all(listTasks(root).map(buildTask));
  const merged = {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  };
  await mkdir(path.dirname(accountFile), { recursive: true });
  await writeFile(accountFile, JSON.stringify(merged));
  return merged;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { outputs } = await buildTasks();
  for (const [file, { bytes }] of Object.entries(outputs)) console.log(`${file}  ${Math.round(bytes / 1024)} KiB`);
}
