import console from 'node:console';
import { readFileSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildTasks, root } from './build.mjs';
import { composeNotices } from './licences.mjs';
import { stageExtension } from './stage.mjs';
import { createVsix } from './tfx.mjs';
import { normalizeVsix } from './vsix.mjs';

/** In bytes. Every job on a hosted machine downloads its tasks anew, so size is time. */
const budgets = { bundle: 700 * 1024, vsix: 1024 * 1024 };

function readJson(file) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

function refuseAbove(budget, name, bytes) {
  if (bytes > budget) throw new Error(`${name} has ${bytes} bytes, ${bytes - budget} more than its budget`);
}

/** Builds and packs the extension into `folder` and gives the VSIX's path. */
async function packageExtension(folder, development) {
  const metafile = await buildTasks();
  for (const [name, { bytes }] of Object.entries(metafile.outputs)) refuseAbove(budgets.bundle, name, bytes);
  const stage = path.join(folder, 'stage');
  await stageExtension(root, stage, { notices: composeNotices(metafile, root), development });
  const manifest = { ...readJson('vss-extension.json'), ...(development ? readJson('overrides.dev.json') : {}) };
  const vsix = path.join(folder, `${manifest.publisher}.${manifest.id}-${manifest.version}.vsix`);
  await rm(vsix, { force: true });
  await createVsix(stage, vsix, development ? 'overrides.dev.json' : undefined);
  await normalizeVsix(vsix);
  const { size } = await stat(vsix);
  refuseAbove(budgets.vsix, vsix, size);
  await rm(stage, { recursive: true });
  return { vsix, size };
}

const { values } = parseArgs({ options: { dev: { type: 'boolean', default: false }, output: { type: 'string' } } });
const folder = path.resolve(values.output ?? path.join(root, 'out'));
await mkdir(folder, { recursive: true });
const { vsix, size } = await packageExtension(folder, values.dev);
console.log(`${path.relative(process.cwd(), vsix)}  ${Math.round(size / 1024)} KiB`);
