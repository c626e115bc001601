import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findVsix, unpackVsix } from '../package/vsix';
import { agentNodes } from '../../simulation/nodes/find-node';
import { createLineRenderer } from '../../simulation/agent/log/print-log';
import { openWorkplace, type Workplace } from '../../simulation/workplace';
import { fillVault } from './contoso-vault';
import { describeFirewall, renderFirewall, type FirewallSight } from './firewall-picture';

/**
 * The demonstration behind `npm run demo`: the packaged extension runs examples/private-vault.yml in the local agent
 * against the simulated Azure. It prints the log as Azure DevOps shows it, then the vault's firewall before, during and
 * after the job.
 */
async function demonstrate(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-demo-'));
  // Azure's vaults have several front ends, which apply a changed rule one after the other.
  const place = await openWorkplace({ vault: { propagation: { frontEnds: 3, delay: (frontEnd) => frontEnd * 1200 } } });
  try {
    const secrets = fillVault(place);
    return await runExample(place, join(folder, 'extension'), secrets);
  } finally {
    await place.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runExample(place: Workplace, tasks: string, secrets: readonly string[]): Promise<boolean> {
  await unpackVsix(findVsix(), tasks);
  const [node] = agentNodes();
  if (node === undefined) {
    throw new Error('no Node to run the tasks on');
  }
  const colors = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  const render = createLineRenderer(colors);
  const look = () => describeFirewall(place.azure.vaultResource(place.contoso.vault));
  const sights: { before: FirewallSight; during?: FirewallSight } = { before: look() };
  print(`examples/private-vault.yml on a local agent (Node ${node.version}), against a simulated Azure.\n`);
  const example = await readFile(resolve(__dirname, '../../examples/private-vault.yml'), 'utf8');
  const result = await place.run(example, {
    node,
    tasks,
    onLine: (line) => {
      if (line.includes('Starting: Deploy')) {
        sights.during = look();
      }
      const text = render(line);
      if (text !== undefined) {
        print(text);
      }
    },
  });
  const after = look();
  print(`\n${renderFirewall(place.contoso.vault, [sights.before, sights.during ?? sights.before, after], colors)}`);
  const log = result.log.join('\n');
  const shown = secrets.filter((secret) => log.includes(secret)).length;
  const isRestored = JSON.stringify(after) === JSON.stringify(sights.before);
  print(
    `\nJob: ${result.result}. Secret values readable in the log: ${shown} of ${secrets.length}. Firewall after the job: ${isRestored ? 'as before' : 'CHANGED'}.`,
  );
  return result.result === 'Succeeded' && shown === 0 && isRestored;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

void demonstrate().then((isFine) => {
  process.exitCode = isFine ? 0 : 1;
});
