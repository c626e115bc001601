import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildTasks } from './build';
import { checkExtension } from './check/extension';
import { readJson, root, type ExtensionManifest } from './definitions';
import { composeNotices } from './licenses';
import { composeSbom } from './sbom';
import { stageExtension, type StageOptions } from './stage';
import { refusePlaceholders } from '../release/placeholders';
import { createVsix } from './tfx';
import { normalizeVsix } from './vsix';

type Kind = Pick<StageOptions, 'visibility' | 'development' | 'build'>;

/**
 * Builds, packs and checks the extension into `folder`, next to its bill of materials, and returns the VSIX's path.
 */
async function packageExtension(folder: string, kind: Kind): Promise<string> {
  const metafile = await buildTasks();
  const stage = path.join(folder, 'stage');
  await stageExtension(root, stage, { ...kind, notices: composeNotices(metafile, root) });
  const overrides = kind.development ? (readJson(path.join(stage, 'overrides.dev.json')) as object) : {};
  const manifest = { ...(readJson(path.join(stage, 'vss-extension.json')) as ExtensionManifest), ...overrides };
  const name = path.join(folder, `${manifest.publisher}.${manifest.id}-${manifest.version}`);
  const vsix = `${name}.vsix`;
  await rm(vsix, { force: true });
  await createVsix(stage, vsix, kind.development ? 'overrides.dev.json' : undefined);
  await normalizeVsix(vsix);
  await checkExtension(vsix);
  if (kind.visibility === 'public') await refusePlaceholders(vsix);
  await writeFile(`${name}.cdx.json`, await composeSbom(metafile, root, manifest.name));
  await rm(stage, { recursive: true });
  return vsix;
}

/**
 * The number of a development build; undefined if none is specified. Throws if it is not a number, or if there is no
 * development build.
 */
function parseBuild(development: boolean, build: string | undefined): number | undefined {
  if (build === undefined) return undefined;
  if (!development) throw new Error(`--build ${build} numbers a development extension: add --dev`);
  if (!/^\d{1,9}$/.test(build)) throw new Error(`--build '${build}' is not a number`);
  return Number(build);
}

/** `npm run package`; with `-- --public` the extension for everyone, with `-- --dev` the one for tests. */
async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: { public: flag, dev: flag, build: { type: 'string' }, output: { type: 'string' } },
  });
  if (values.public && values.dev) throw new Error('A development extension (--dev) is never public (--public)');
  const folder = path.resolve(values.output ?? path.join(root, 'out'));
  await mkdir(folder, { recursive: true });
  const vsix = await packageExtension(folder, {
    visibility: values.public ? 'public' : 'private',
    development: values.dev,
    build: parseBuild(values.dev, values.build),
  });
  const { size } = await stat(vsix);
  console.log(`${path.relative(process.cwd(), vsix)}  ${Math.round(size / 1024)} KiB`);
}

void main();
