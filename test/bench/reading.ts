import type { AgentNode } from '../nodes/find-node';
import { openWorkplace } from '../simulation/workplace';
import { median } from './start-up';

const sizes = [1, 10, 25, 250];
const roundTrips = [0, 30];
const rounds = 3;

/** Requests, connections and time of a step that reads so many secrets, by `*` and by name, at several round-trip times. */
export async function measureReading(node: AgentNode, tasks: string): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const roundTrip of roundTrips) {
    for (const size of sizes) {
      for (const rule of ['*', 'named']) {
        rows.push([String(size), rule, String(roundTrip), ...(await measure(node, tasks, size, rule, roundTrip))]);
      }
    }
  }
  return rows;
}

async function measure(
  node: AgentNode,
  tasks: string,
  size: number,
  rule: string,
  roundTrip: number,
): Promise<string[]> {
  const place = await openWorkplace({ latency: () => roundTrip });
  try {
    const { azure, contoso } = place;
    const names = Array.from({ length: size }, (_, index) => `secret-${index}`);
    names.forEach((name) => azure.setSecret(contoso.vault, { name, value: `not-a-real-value-of-${name}` }));
    azure.changeVault(contoso.vault, { properties: { networkAcls: { defaultAction: 'Allow' } } });
    const times: number[] = [];
    let before = 0;
    for (let round = 0; round < rounds; round += 1) {
      before = azure.journal.length;
      times.push(await timeStep(() => place.run(pipeline(rule === '*' ? '*' : names.join(',')), { node, tasks })));
    }
    const last = azure.journal.slice(before);
    const connections = new Set(last.map(({ connection }) => connection)).size;
    return [String(last.length), String(connections), (median(times) / 1000).toFixed(2)];
  } finally {
    await place.stop();
  }
}

const pipeline = (secrets: string) => `
steps:
  - task: KeyVaultSecrets@1
    inputs: { azureSubscription: contoso-secret, keyVault: contoso-kv, secrets: ${JSON.stringify(secrets)} }
`;

async function timeStep(run: () => Promise<{ readonly result: string }>): Promise<number> {
  const started = performance.now();
  const { result } = await run();
  if (result !== 'Succeeded') {
    throw new Error(`the measured step ended ${result}`);
  }
  return performance.now() - started;
}
