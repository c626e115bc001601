import console from 'node:console';
import { readFileSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildTasks, root } from './build.mjs';
import { checkExtension } from './check-extension.mjs';
import { composeNotices } from './licences.mjs';
import { composeSbom } from './sbom.mjs';
import { stageExtension } from './stage.mjs';
import { createVsix } from './tfx.mjs';
import { normalizeVsix } from './vsix.mjs';

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Builds, packs and checks the extension into `folder`, with its bill of materials beside it, and gives the VSIX's path.
 */
async function packageExtension(folder, { development, build }) {
  const metafile = await buildTasks();
  const stage = path.join(folder, 'stage');
  await stageExtension(root, stage, { notices: composeNotices(metafile, root), development, build });
  const overrides = development ? readJson(path.join(stage, 'overrides.dev.json')) : {};
  const manifest = { ...readJson(path.join(stage, 'vss-extension.json')), ...overrides };
  const name = path.join(folder, `${manifest.publisher}.${manifest.id}-${manifest.version}`);
  const vsix = `${name}.vsix`;
  await rm(vsix, { force: true });
  await createVsix(stage, vsix, development ? 'overrides.dev.json' : undefined);
  await normalizeVsix(vsix);
  await checkExtension(vsix);
  await writeFile(`${name}.cdx.json`, await composeSbom(metafile, root, manifest.name));
  await rm(stage, { recursive: true });
  return vsix;
}

/** The number of a development build; undefined when none is given. Throws when it is none, or there is nothing to number. */
function parseBuild({ dev, build }) {
  if (build === undefined) return undefined;
  if (!dev) throw new Error(`--build ${build} numbers a development extension: add --dev`);
  if (!/^\d{1,9}$/.test(build)) throw new Error(`--build '${build}' is not a number`);
  return Number(build);
}

const { values } = parseArgs({
  options: { dev: { type: 'boolean', default: false }, build: { type: 'string' }, output: { type: 'string' } },
});
const folder = path.resolve(values.output ?? path.join(root, 'out'));
await mkdir(folder, { recursive: true });
const vsix = await packageExtension(folder, { development: values.dev, build: parseBuild(values) });
const { size } = await stat(vsix);
console.log(`${path.relative(process.cwd(), vsix)}  ${Math.round(size / 1024)} KiB`);
