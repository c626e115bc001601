import { agentNodes } from '../../simulation/nodes/find-node';
import { createAzureLatency } from '../../simulation/azure/latency';
import { openWorkplace } from '../../simulation/workplace';
import { median } from './metered';

const crowds = [1, 10, 50];

const pipeline = `
steps:
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-secret, keyVault: contoso-kv, timeoutInSeconds: 900 }
`;

/** The cost of opening and closing one vault if many jobs start at the same time, half of them on shared addresses. */
export async function measureOpening(tasks: string): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const jobs of crowds) {
    rows.push([String(jobs), ...(await measure(jobs, tasks))]);
  }
  return rows;
}

async function measure(jobs: number, tasks: string): Promise<string[]> {
  const place = await openWorkplace({ latency: createAzureLatency() });
  try {
    const [node] = agentNodes();
    if (node === undefined) {
      throw new Error('no Node to run the tasks on');
    }
    const opened: number[] = [];
    const closed: number[] = [];
    const started = performance.now();
    await Promise.all(
      Array.from({ length: jobs }, async (_, index) => {
        const address = index % 2 === 0 ? `20.70.0.${index + 1}` : `20.71.0.${index % 5}`;
        let isClosing = 0;
        const { result, log } = await place.run(pipeline, {
          node,
          tasks,
          network: { addresses: [address] },
          onLine: (line) => {
            if (line.includes('accepts this agent after')) {
              opened.push(performance.now() - started);
              isClosing = performance.now();
            }
          },
        });
        closed.push(performance.now() - isClosing);
        if (result !== 'Succeeded') {
          throw new Error(`a measured job ended ${result}:\n${log.join('\n')}`);
        }
      }),
    );
    const writes = place.azure.journal.filter(({ method }) => method === 'PATCH');
    const conflicts = writes.filter(({ status }) => status === 409);
    const perJob = (count: number) => (count / jobs).toFixed(2);
    const seconds = (values: readonly number[]) =>
      `${(median(values) / 1000).toFixed(1)} / ${(Math.max(...values) / 1000).toFixed(1)}`;
    return [perJob(writes.length - conflicts.length), perJob(conflicts.length), seconds(opened), seconds(closed)];
  } finally {
    await place.stop();
  }
}
