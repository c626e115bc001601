import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fillVault } from '../demo/contoso-vault';
import { describeFirewall, type FirewallSight } from '../demo/firewall-picture';
import { agentNodes } from '../../simulation/nodes/find-node';
import { root } from '../package/definitions';
import type { JobResult } from '../../simulation/agent/job-result';
import { openWorkplace } from '../../simulation/workplace';
import { findVsix, unpackVsix } from '../package/vsix';
import { composeFirewallPage } from './firewall-page';
import { composeLogPage } from './log-page';

/** The results of one run of the `npm run demo` example with the packaged tasks. */
interface Run {
  readonly result: JobResult;
  readonly vault: string;
  readonly before: FirewallSight;
  readonly during: FirewallSight;
  readonly after: FirewallSight;
}

async function runExample(): Promise<Run> {
  const [node] = agentNodes();
  if (node === undefined) throw new Error('no Node to run the tasks on');
  const tasks = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const place = await openWorkplace({ vault: { propagation: { frontEnds: 3, delay: (frontEnd) => frontEnd * 2000 } } });
  try {
    await unpackVsix(findVsix(), tasks);
    fillVault(place);
    const look = () => describeFirewall(place.azure.vaultResource(place.contoso.vault));
    const before = look();
    const sights: FirewallSight[] = [];
    const onLine = (line: string) => {
      if (line.includes('Starting: Deploy')) sights.push(look());
    };
    const example = await readFile(resolve(root, 'examples/private-vault.yml'), 'utf8');
    const result = await place.run(example, { node, tasks, onLine });
    const [during] = sights;
    if (result.result !== 'Succeeded' || during === undefined) throw new Error(result.log.join('\n'));
    return { result, vault: place.contoso.vault, before, during, after: look() };
  } finally {
    await place.stop();
    await rm(tasks, { recursive: true });
  }
}

/** The pages of a run of the example, by the names of their pictures. Takes about ten seconds. */
export async function composeRun(): Promise<Readonly<Record<string, string>>> {
  const { result, vault, before, during, after } = await runExample();
  return {
    'log.png': composeLogPage(result),
    'firewall.png': composeFirewallPage(vault, [
      { title: 'Before the job', sight: before },
      { title: 'While it runs', sight: during },
      { title: 'After its last step', sight: after },
    ]),
  };
}
