import { mkdtemp, rm, stat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVsix, unpackVsix } from '../package/vsix';
import { agentNodes } from '../../simulation/nodes/find-node';
import { countMasks, maskCountHead, maskingHead, measureMasking } from './masking';
import { measureOpening } from './opening';
import { measurePeer, peerHead, readPeer } from './peer';
import { measureReading, readingHead } from './reading';
import { measureStartUp, startUpHead } from './start-up';
import { measureVirtualCrowds } from './virtual-crowd';
import { measureSideBySide, sideBySideHead } from './side-by-side';
import { measurePerimeterCrowds, perimeterHead } from './virtual-perimeter';

async function compareFirewallAndPerimeter(): Promise<void> {
  print('## Firewall and perimeter side by side, in virtual time', sideBySideHead, await measureSideBySide());
}

/** `AzureKeyVault@2` is the peer that KeyVaultSecrets takes the place of; docs/performance.md says how to build it. */
async function compareWithPeer(folder: string | undefined): Promise<void> {
  const [node] = agentNodes();
  if (node === undefined) return;
  const peer = readPeer(folder, node);
  await withTasks(async (tasks) => {
    const title = `## KeyVaultSecrets and ${peer.name}@${peer.major} (${peer.version}), Node ${node.version}`;
    print(title, peerHead, await measurePeer(node, tasks, peer));
  });
}

async function withTasks(work: (tasks: string) => Promise<void>): Promise<void> {
  const tasks = await mkdtemp(join(tmpdir(), 'key-vault-bench-'));
  try {
    await unpackVsix(findVsix(), tasks);
    await work(tasks);
  } finally {
    await rm(tasks, { recursive: true, force: true });
  }
}

/**
 * `npm run bench`: Markdown tables on standard output. Counts are exact; times are medians and depend on the machine.
 * `npm run bench -- perimeter`: the firewall and a perimeter side by side, and nothing else.
 * `npm run bench -- peer FOLDER`: KeyVaultSecrets and the built task in the folder, which has the inputs of AzureKeyVault@2.
 */
async function bench(): Promise<void> {
  const [what, folder] = process.argv.slice(2);
  if (what === undefined) await withTasks(measureAll);
  else if (what === 'perimeter') await compareFirewallAndPerimeter();
  else if (what === 'peer') await compareWithPeer(folder);
  else throw new Error(`There is no '${what}' to measure: it is perimeter, peer FOLDER, or nothing for all tables.`);
}

async function measureAll(tasks: string): Promise<void> {
  print('## Sizes', ['file', 'KiB'], await sizes(tasks));
  const nodes = agentNodes();
  for (const node of nodes) {
    print(`## Start-up, Node ${node.version}`, startUpHead, await measureStartUp(node, tasks));
  }
  for (const node of nodes.slice(0, 1)) {
    print(`## Reading secrets, Node ${node.version}`, readingHead, await measureReading(node, tasks));
  }
  print('## Masks of one secret', maskCountHead, countMasks());
  print('## What masks cost', maskingHead, measureMasking());
  print(
    '## Opening and closing one vault, all jobs at once',
    ['jobs', 'writes a job', '409s a job', 'open after s (median / longest)', 'closed after s (median / longest)'],
    await measureOpening(tasks),
  );
  print(
    '## Opening and closing one vault in virtual time',
    [
      'jobs',
      'minutes',
      'writes a job',
      '409s a job',
      '429s',
      'open after s (median / longest)',
      'not open within 300 s',
      'not closed within 120 s',
    ],
    await measureVirtualCrowds(),
  );
  print('## Opening through one perimeter profile in virtual time', perimeterHead, await measurePerimeterCrowds());
  await compareFirewallAndPerimeter();
}

async function sizes(tasks: string): Promise<readonly (readonly string[])[]> {
  const inKiB = (bytes: number) => String(Math.round(bytes / 1024));
  const rows = [['VSIX', inKiB((await stat(findVsix())).size)]];
  for (const task of (await readdir(join(tasks, 'tasks'))).sort()) {
    const dist = join(tasks, 'tasks', task, 'dist');
    const files = await Promise.all((await readdir(dist)).map((file) => stat(join(dist, file))));
    rows.push([`the code of ${task}`, inKiB(files.reduce((sum, { size }) => sum + size, 0))]);
  }
  return rows;
}

function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ruler = line(head.map(() => '---'));
  process.stdout.write([title, '', line(head), ruler, ...rows.map(line), '', ''].join('\n'));
}

bench().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
