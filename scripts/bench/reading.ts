import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AgentNode } from '../../simulation/nodes/find-node';
import type { JournalEntry } from '../../simulation/azure/http/journal';
import { openWorkplace, type Workplace } from '../../simulation/workplace';
import { median, meteredJob, meterInto, readMeter, type Metered } from './metered';

const sizes = [1, 10, 25, 250, 1000];
const roundTrips = [0, 30, 100];
const rounds = 3;

/** No limit: the rounds of all measurements together would exceed the vault's 4,000 requests in 10 seconds. */
const throttle = { capacity: 1e9, refillPerSecond: 1e9, sendsRetryAfter: false };

/** The number of parallel reads of the task. */
const width = 32;

export const readingHead = [
  'round trip ms',
  'secrets',
  'rule',
  'requests',
  'connections',
  'step ms',
  'x the barest client',
  'x listing alone',
  'CPU ms (barest)',
  'CPU ms a secret',
  'x the barest client, CPU',
  'peak MB (barest)',
];

/**
 * How long it takes to read many secrets, by `*` and by name, at several round-trip times: from the start of the task's
 * process to its end. The floor is a bare script on the same Node that sends the same requests.
 */
export async function measureReading(node: AgentNode, tasks: string): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-reading-'));
  try {
    const rows: string[][] = [];
    for (const roundTrip of roundTrips) {
      for (const size of sizes) {
        rows.push(...(await measureSize({ node, tasks, folder }, size, roundTrip)));
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
  readonly folder: string;
}

async function measureSize(ground: Ground, size: number, roundTrip: number): Promise<string[][]> {
  const place = await openWorkplace({ latency: () => roundTrip, vault: { throttle } });
  try {
    const { azure, contoso } = place;
    const names = Array.from({ length: size }, (_, index) => `secret-${index}`);
    names.forEach((name) => azure.setSecret(contoso.vault, { name, value: `not-a-real-value-of-${name}` }));
    azure.changeVault(contoso.vault, { properties: { networkAcls: { defaultAction: 'Allow' } } });
    const rows: string[][] = [];
    for (const rule of ['*', 'named']) {
      rows.push([
        String(roundTrip),
        String(size),
        rule,
        ...(await measureRule(ground, place, rule === '*' ? [] : names, size)),
      ]);
    }
    return rows;
  } finally {
    await place.stop();
  }
}

/** No names: all secrets in the vault's listing. */
async function measureRule(
  ground: Ground,
  place: Workplace,
  names: readonly string[],
  size: number,
): Promise<string[]> {
  const steps: Metered[] = [];
  const floors: Metered[] = [];
  const bounds: number[] = [];
  let sent: readonly JournalEntry[] = [];
  // One of each in turn, so that a slow period affects all of them.
  for (let round = 0; round < rounds; round += 1) {
    const before = place.azure.journal.length;
    const step = await runStep(ground, place, names);
    sent = place.azure.journal.slice(before);
    steps.push(step);
    floors.push((await runBarest(ground, place, { names, listOnly: false })).metered);
    if (names.length === 0) {
      const { metered, listed } = await runBarest(ground, place, { names, listOnly: true });
      bounds.push((step.firstRequest ?? 0) + listed - (metered.firstRequest ?? 0));
    }
  }
  return [...counts(sent), ...compare(steps, floors, bounds, size)];
}

function counts(sent: readonly JournalEntry[]): string[] {
  return [String(sent.length), String(new Set(sent.map(({ connection }) => connection)).size)];
}

function compare(
  steps: readonly Metered[],
  floors: readonly Metered[],
  bounds: readonly number[],
  size: number,
): string[] {
  const of = (key: 'total' | 'cpu' | 'memory', metered: readonly Metered[]) => median(metered.map((one) => one[key]));
  const total = of('total', steps);
  const both = (key: 'cpu' | 'memory', unit: number) =>
    `${(of(key, steps) / unit).toFixed(0)} (${(of(key, floors) / unit).toFixed(0)})`;
  return [
    total.toFixed(0),
    (total / of('total', floors)).toFixed(2),
    bounds.length === 0 ? '' : (total / median(bounds)).toFixed(2),
    both('cpu', 1),
    (of('cpu', steps) / size).toFixed(2),
    (of('cpu', steps) / of('cpu', floors)).toFixed(2),
    both('memory', 1024 * 1024),
  ];
}

async function runStep({ node, tasks, folder }: Ground, place: Workplace, names: readonly string[]): Promise<Metered> {
  const secrets = JSON.stringify(names.length === 0 ? '*' : names.join(','));
  const pipeline = `
steps:
  - task: KeyVaultSecrets@1
    inputs: { azureSubscription: contoso-secret, keyVault: contoso-kv, secrets: ${secrets} }
`;
  const { result, log } = await place.run(pipeline, { node, tasks, ...meteredJob(folder, place) });
  if (result !== 'Succeeded') {
    throw new Error(`the measured step ended ${result}:\n${log.join('\n')}`);
  }
  return readMeter(folder, 'keyvaultsecrets-main');
}

async function runBarest(
  { node, folder }: Ground,
  { azure, contoso }: Workplace,
  what: { readonly names: readonly string[]; readonly listOnly: boolean },
): Promise<{ readonly metered: Metered; readonly listed: number }> {
  const network = await azure.connectFrom({ addresses: ['20.50.1.10'] });
  try {
    const work = {
      ...what,
      width,
      proxy: network.proxyUrl,
      ca: await readFile(azure.caFile, 'utf8'),
      tenant: contoso.tenant.id,
      clientId: contoso.application.clientId,
      clientSecret: contoso.clientSecret,
      vault: contoso.vaultUri.replace(/\/$/, ''),
    };
    const env = { ...meterInto(folder), WORK: JSON.stringify(work) };
    const { stdout } = await promisify(execFile)(node.path, [join(__dirname, 'barest-client.cjs')], { env });
    return { metered: await readMeter(folder, 'script-barest-client'), listed: Number(stdout) };
  } finally {
    await network.stop();
  }
}
