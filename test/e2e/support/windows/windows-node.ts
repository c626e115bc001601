import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../../../scripts/package/definitions';
import { agentNodes, type AgentNode } from '../../../../simulation/nodes/find-node';

/** Debian's Wine; the program `wine` is a shell script around it. */
const loader = '/usr/lib/wine/wine64';
const server = '/usr/lib/wine/wineserver64';
/** From the end of the last Windows process; preparing and packaging lie between it and the tests. */
const serverStaysForSeconds = 600;
const folder = join(root, 'out/windows');
const installed = join(folder, 'node_modules/node20-win-x64');
const prefix = join(folder, 'wine');
const launcher = join(folder, 'node');

/** Why no Node for Windows can be run here; undefined when `prepareWindowsNodes` can provide for it. */
export function whyNoWindows(): string | undefined {
  if (process.platform === 'win32' || existsSync(loader)) return undefined;
  return `this is not Windows, and there is no ${loader} (Debian's package wine)`;
}

/** The Nodes that run the tasks on Windows: the agent's own there, and under Wine the one that works: Node 20. */
export function windowsNodes(): AgentNode[] {
  if (process.platform === 'win32') return agentNodes();
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string };
  return [{ kind: '20', version: `${version} for Windows, under Wine`, path: launcher, exact: true }];
}

/** Installs Node for Windows, and Wine's own folder. */
export function prepareWindowsNodes(): void {
  if (process.platform === 'win32') return;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(root, 'simulation/nodes', file), join(folder, file));
  }
  const install = ['ci', '--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit' });
  buildSync({
    entryPoints: [join(__dirname, 'node-on-wine.ts')],
    outfile: launcher,
    bundle: true,
    platform: 'node',
    banner: { js: `#!${process.execPath}` },
    define: {
      LOADER: JSON.stringify(loader),
      PREFIX: JSON.stringify(prefix),
      NODE: JSON.stringify(join(installed, 'bin/node.exe')),
    },
  });
  chmodSync(launcher, 0o755);
  const env = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all' };
  // A server that the first Windows process of a job started would be ended with that job, as the agent ends whatever
  // a job leaves behind, and the other jobs would wait for it forever. Starting a second one fails.
  spawnSync(server, [`-p${String(serverStaysForSeconds)}`], { env, stdio: 'ignore' });
  // Node refuses to run on the Windows that Wine is by default.
  execFileSync(loader, ['winecfg', '/v', 'win10'], { env, stdio: 'ignore' });
}
