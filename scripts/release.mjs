import console from 'node:console';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareRelease } from './prepare-release.mjs';

/** `npm run release -- 1.2.3` */
const { positionals } = parseArgs({ allowPositionals: true });
const [version = ''] = positionals;
const root = path.resolve(fileURLToPath(import.meta.url), '../..');
const changed = await prepareRelease(root, version, new Date().toISOString().slice(0, 10));
console.log(`Version ${version} written into\n  ${changed.join('\n  ')}`);
console.log(`Now: npm test, then commit, tag v${version} and push the tag (docs/releasing.md).`);
