import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse, resolve } from 'node:path';
import { readTasks, type Task } from '../../simulation/agent/pipeline/task-catalog';
import type { AgentNode } from '../../simulation/nodes/find-node';
import { openWorkplace, type Workplace } from '../../simulation/workplace';
import { median, meteredJob, readMeter, type Metered } from './metered';

const sizes = [1, 250, 1000];
const roundTrip = 30;
const rounds = 5;
/** What a new connection costs before its first request: nothing, or a round trip for TCP and one for TLS. */
const connectingTimes = [0, 2 * roundTrip];

/** No limit, so that no round slows down the next. */
const throttle = { capacity: 1e9, refillPerSecond: 1e9, sendsRetryAfter: false };

export const peerHead = [
  'connecting ms',
  'secrets',
  'requests (peer)',
  'connections (peer)',
  'step ms',
  'peer ms',
  'x the peer',
  'CPU ms',
  'peer CPU ms',
  'x the peer, CPU',
];

/** The built task in this folder. */
export function readPeer(folder: string | undefined, { kind }: Pick<AgentNode, 'kind'>): Task {
  if (!folder) throw new Error('Name the folder of the built task: npm run bench -- peer FOLDER.');
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  if (!isFolder) throw new Error(`There is no folder '${folder}'.`);
  if (!statSync(join(folder, 'task.json'), { throwIfNoEntry: false })) {
    throw new Error(`The folder '${folder}' is no built task: there is no task.json in it.`);
  }
  const [task] = readTasks(resolve(folder), kind);
  const target = task?.targets.main?.file;
  if (task === undefined || target === undefined) {
    throw new Error(`The task in '${folder}' has no 'execution' in its task.json.`);
  }
  if (!statSync(join(folder, target), { throwIfNoEntry: false })) {
    throw new Error(`The task in '${folder}' is not built: there is no ${target} in it.`);
  }
  return task;
}

/**
 * KeyVaultSecrets and another task that takes the inputs of AzureKeyVault@2, with one pipeline, each in turn with the
 * other. Both read all secrets, and both must set the same variables. A ratio is the median of those of the rounds.
 */
export async function measurePeer(node: AgentNode, tasks: string, peer: Task): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-peer-'));
  try {
    const rows: string[][] = [];
    for (const connecting of connectingTimes) {
      for (const size of sizes) {
        const cells = await measureSize({ node, tasks, peer, folder, connecting }, size);
        rows.push([String(connecting), String(size), ...cells]);
      }
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ground {
  readonly node: AgentNode;
  readonly tasks: string;
  readonly peer: Task;
  readonly folder: string;
  readonly connecting: number;
}

interface Step extends Metered {
  readonly requests: number;
  readonly connections: number;
}

async function measureSize({ tasks, peer, ...ground }: Ground, size: number): Promise<string[]> {
  const place = await openWorkplace({ latency: () => roundTrip, vault: { throttle } });
  try {
    const { azure, contoso } = place;
    const values = Object.fromEntries(
      Array.from({ length: size }, (_, index) => [`secret-${index}`, `not-a-real-value-of-${index}`]),
    );
    Object.entries(values).forEach(([name, value]) => azure.setSecret(contoso.vault, { name, value }));
    azure.changeVault(contoso.vault, { properties: { networkAcls: { defaultAction: 'Allow' } } });
    const ours = { task: 'KeyVaultSecrets@1', tasks, script: 'keyvaultsecrets-main' };
    const theirs = {
      task: `${peer.name}@${peer.major}`,
      tasks: peer.folder,
      script: `script-${parse(peer.targets.main?.file ?? '').name}`,
    };
    const pairs: [Step, Step][] = [];
    for (let round = 0; round < rounds; round += 1) {
      const run = (subject: Subject) => runStep(ground, place, subject, values);
      pairs.push([await run(ours), await run(theirs)]);
    }
    return compare(pairs);
  } finally {
    await place.stop();
  }
}

function compare(pairs: readonly (readonly [Step, Step])[]): string[] {
  const each = (key: 'total' | 'cpu') => [
    median(pairs.map(([ours]) => ours[key])).toFixed(0),
    median(pairs.map(([, theirs]) => theirs[key])).toFixed(0),
    median(pairs.map(([ours, theirs]) => ours[key] / theirs[key])).toFixed(2),
  ];
  const counts = (key: 'requests' | 'connections') => `${pairs[0]?.[0][key] ?? ''} (${pairs[0]?.[1][key] ?? ''})`;
  return [counts('requests'), counts('connections'), ...each('total'), ...each('cpu')];
}

interface Subject {
  readonly task: string;
  readonly tasks: string;
  readonly script: string;
}

async function runStep(
  { node, folder, connecting }: Omit<Ground, 'tasks' | 'peer'>,
  place: Workplace,
  { task, tasks, script }: Subject,
  values: Readonly<Record<string, string>>,
): Promise<Step> {
  const pipeline = `
steps:
  - task: ${task}
    inputs: { ConnectedServiceName: contoso-secret, KeyVaultName: contoso-kv, SecretsFilter: '*' }
`;
  const before = place.azure.journal.length;
  const { result, log, variables } = await place.run(pipeline, {
    ...{ node, tasks, network: { connecting } },
    ...meteredJob(folder, place),
  });
  if (result !== 'Succeeded') throw new Error(`The measured step of ${task} ended ${result}:\n${log.join('\n')}`);
  for (const [name, value] of Object.entries(values)) {
    if (variables[name]?.value !== value || !variables[name].secret) {
      throw new Error(`The measured step of ${task} did not set '${name}' as the secret variable that it is.`);
    }
  }
  const sent = place.azure.journal.slice(before);
  const connections = new Set(sent.map(({ connection }) => connection)).size;
  return { ...(await readMeter(folder, script)), requests: sent.length, connections };
}
