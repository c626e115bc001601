import { mkdtemp, rm, stat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVsix, unpackVsix } from '../package/vsix';
import { agentNodes } from '../../simulation/nodes/find-node';
import { countMasks, maskCountHead, maskingHead, measureMasking } from './masking';
import { measureOpening } from './opening';
import { measureReading, readingHead } from './reading';
import { measureStartUp, startUpHead } from './start-up';
import { measureVirtualCrowds } from './virtual-crowd';
import { measureSideBySide, sideBySideHead } from './side-by-side';
import { measurePerimeterCrowds, perimeterHead } from './virtual-perimeter';

async function compareFirewallAndPerimeter(): Promise<void> {
  print('## Firewall and perimeter side by side, in virtual time', sideBySideHead, await measureSideBySide());
}

/**
 * `npm run bench`: Markdown tables on standard output. Counts are exact; times are medians and depend on the machine.
 * `npm run bench -- perimeter`: the firewall and a perimeter side by side, and nothing else.
 */
async function bench(): Promise<void> {
  if (process.argv.includes('perimeter')) {
    await compareFirewallAndPerimeter();
    return;
  }
  const tasks = await mkdtemp(join(tmpdir(), 'key-vault-bench-'));
  try {
    await unpackVsix(findVsix(), tasks);
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
  } finally {
    await rm(tasks, { recursive: true, force: true });
  }
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

void bench();
