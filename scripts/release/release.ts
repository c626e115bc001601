import { parseArgs } from 'node:util';
import { root } from '../package/definitions';
import { prepareRelease } from './prepare-release';

/** `npm run release -- 1.2.3` */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [version = ''] = positionals;
  const changed = await prepareRelease(root, version, new Date().toISOString().slice(0, 10));
  console.log(`Version ${version} written into\n  ${changed.join('\n  ')}`);
  console.log(`Now: npm test, then commit, tag v${version} and push the tag (docs/releasing.md).`);
}

void main();
