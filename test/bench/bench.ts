import { mkdtemp, rm, stat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVsix, unpackVsix } from '../../scripts/vsix.mjs';
import { agentNodes, type AgentNode } from '../nodes/find-node';
import { measureOpening } from './opening';
import { measureReading } from './reading';
import { measureStartUp } from './start-up';
import { measureVirtualCrowds } from './virtual-crowd';

/** `npm run bench`: Markdown tables on standard output. Counts are exact; times are medians and depend on the machine. */
async function bench(): Promise<void> {
  const tasks = await mkdtemp(join(tmpdir(), 'key-vault-bench-'));
  try {
    await unpackVsix(await findVsix(), tasks);
    print('## Sizes', ['file', 'KiB'], await sizes(tasks));
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
    for (const node of agentNodes()) {
      await benchNode(node, tasks);
    }
  } finally {
    await rm(tasks, { recursive: true, force: true });
  }
}

async function benchNode(node: AgentNode, tasks: string): Promise<void> {
  const startUp = measureStartUp(node, tasks);
  print(`## Start-up, Node ${node.version}`, ['process', 'median ms', 'x an empty script'], startUp);
  const reading = await measureReading(node, tasks);
  print(
    `## Reading secrets, Node ${node.version}`,
    ['secrets', 'rule', 'round trip ms', 'requests', 'connections', 'step s'],
    reading,
  );
}

async function sizes(tasks: string): Promise<readonly (readonly string[])[]> {
  const vsix = await findVsix();
  const bundles = (await readdir(join(tasks, 'tasks'))).map((task) => join(tasks, 'tasks', task, 'dist', 'phases.js'));
  return Promise.all(
    [vsix, ...bundles].map(async (file) => [
      file === vsix ? 'VSIX' : file.slice(tasks.length + 1),
      String(Math.round((await stat(file)).size / 1024)),
    ]),
  );
}

function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ruler = line(head.map(() => '---'));
  process.stdout.write([title, '', line(head), ruler, ...rows.map(line), '', ''].join('\n'));
}

void bench();
