import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVsix, unpackVsix } from '../../scripts/package/vsix';
import { agentNodes } from '../../simulation/nodes/find-node';
import { createAzureLatency } from '../../simulation/azure/latency';
import { openWorkplace, type Workplace } from '../../simulation/workplace';
import { rulesOf } from './support/vault-state';

const jobs = 50;
/** Every tenth job's machine dies in the middle of its work. */
const isDoomed = (index: number) => index % 10 === 9;
/** Every second job has an address of its own; the others share five. */
const addressOf = (index: number) => (index % 2 === 0 ? `20.70.0.${index + 1}` : `20.71.0.${index % 5}`);

const pipeline = `
steps:
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv, timeoutInSeconds: 900 }
  - bash: sleep 2
    displayName: Work
`;

const sweep = `
steps:
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv, action: sweep }
`;

interface Observation {
  /** Jobs that were reported open while their rule was missing. */
  readonly lost: string[];
  readonly foreign: string[];
}

/** Checks the vault after every change: it accepts each job whose step succeeded, and the rules of others are unchanged. */
function observe(place: Workplace, open: ReadonlySet<string>): { readonly seen: Observation; stop(): void } {
  const seen: Observation = { lost: [], foreign: [] };
  const timer = setInterval(() => {
    const rules = rulesOf(place);
    for (const address of open) {
      if (!rules.includes(`${address}/32`)) {
        seen.lost.push(address);
      }
    }
    if (!rules.includes('198.51.100.0/24')) {
      seen.foreign.push(rules.join(','));
    }
  }, 20);
  return {
    seen,
    stop: () => {
      clearInterval(timer);
    },
  };
}

describe(`KeyVaultAgentAccess with ${jobs} jobs at once, a tenth of them killed`, () => {
  it('loses no access, changes nothing foreign, and leaves nothing after a sweep', async function () {
    this.timeout(600_000);
    const tasks = await mkdtemp(join(tmpdir(), 'key-vault-crowd-'));
    await unpackVsix(findVsix(), tasks);
    const place = await openWorkplace({ latency: createAzureLatency() });
    place.azure.changeVault(place.contoso.vault, {
      tags: { owner: 'shop' },
      properties: { networkAcls: { ipRules: [{ value: '198.51.100.0/24' }] } },
    });
    const before = place.vaultJson();
    const nodes = agentNodes();
    const open = new Map<string, number>();
    const openAddresses = new Set<string>();
    const change = (address: string, by: number) => {
      open.set(address, (open.get(address) ?? 0) + by);
      openAddresses[(open.get(address) ?? 0) > 0 ? 'add' : 'delete'](address);
    };
    const watch = observe(place, openAddresses);
    const results = await Promise.all(
      Array.from({ length: jobs }, async (_, index) => {
        const address = addressOf(index);
        let isOpen = false;
        const result = await place.run(pipeline, {
          node: nodes[index % nodes.length] ?? nodes[0]!,
          tasks,
          network: { addresses: [address] },
          onProcess: (_step, phase, child) => {
            if (isDoomed(index) && phase === 'post') {
              child.kill('SIGKILL');
            }
          },
          onLine: (line) => {
            if (line.includes('Starting: Work')) {
              isOpen = true;
              change(address, 1);
            } else if (line.includes('Finishing: Work') && isOpen) {
              isOpen = false;
              change(address, -1);
            }
          },
        });
        return { index, result };
      }),
    );
    watch.stop();
    const unexpected = results.filter(
      ({ index, result }) => result.result !== (isDoomed(index) ? 'Failed' : 'Succeeded'),
    );
    assert.deepEqual(
      unexpected.map(({ result }) => result.log.join('\n')),
      [],
    );
    assert.deepEqual(watch.seen, { lost: [], foreign: [] });
    const left = rulesOf(place).filter((rule) => rule !== '198.51.100.0/24');
    const doomed = [
      ...new Set(results.filter(({ index }) => isDoomed(index)).map(({ index }) => `${addressOf(index)}/32`)),
    ];
    assert.deepEqual(left.sort(), doomed.sort(), 'only the killed jobs have left something');
    place.azure.passTime(7 * 3_600_000);
    const sweeping = await place.run(sweep, { node: nodes[0]!, tasks });
    assert.equal(sweeping.result, 'Succeeded', sweeping.log.join('\n'));
    assert.equal(place.vaultJson(), before);
    await place.stop();
    await rm(tasks, { recursive: true });
  });
});
