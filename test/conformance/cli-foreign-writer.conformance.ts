import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { runDuringJob, untilRule } from '../e2e/support/access-job';
import { describeScenarios, type Outcome, type TestBed } from '../e2e/support/scenarios';
import { rulesOf, tagsOf } from '../e2e/support/vault-state';
import type { SimulatedRequest } from '../../simulation/azure/http/exchange';
import { openCli, signIn, type Cli } from './cli';

const ours = '20.50.1.10/32';
const foreign = '198.51.100.7/32';
const where = ['--name', 'contoso-kv', '--resource-group', 'shop'];
const addRule = ['keyvault', 'network-rule', 'add', ...where, '--ip-address', '198.51.100.7'];
const tag = ['keyvault', 'update', ...where, '--set', 'tags.owner=shop'];

/** Plays a scenario with the CLI on another network, signed in with the same permissions. */
async function withCli(testBed: TestBed, run: (cli: Cli) => Promise<void>): Promise<void> {
  const { azure, contoso } = testBed;
  const cli = await openCli(azure, await azure.connectFrom({ addresses: ['20.70.0.1'] }));
  try {
    await signIn(cli, contoso.application, contoso.clientSecret);
    await run(cli);
  } finally {
    await cli.close();
  }
}

const isReadByCli = ({ service, method, path, headers }: SimulatedRequest): boolean =>
  service === 'arm' &&
  method === 'GET' &&
  path.endsWith('/vaults/contoso-kv') &&
  (headers['user-agent'] ?? '').startsWith('AZURECLI/');

/**
 * Starts a command that reads the vault, and resolves when it has been read; the CLI gets the answer, and goes on to
 * write what it then knows, when `finish` is called.
 */
async function beginCommand({ azure }: TestBed, cli: Cli, command: readonly string[]) {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const earlier = azure.journal.filter(isReadByCli).length;
  azure.fault({ when: isReadByCli, times: 1, then: { until } });
  const ended = cli.ask(...command);
  ended.catch(() => undefined);
  while (azure.journal.filter(isReadByCli).length === earlier) await setTimeout(5);
  return {
    finish: async (): Promise<void> => {
      release();
      await ended;
    },
  };
}

function assertClosed(
  testBed: TestBed,
  { result, text }: Outcome,
  rules: string[],
  tags: Record<string, string>,
): void {
  assert.equal(result, 'Succeeded', text);
  assert.deepEqual([rulesOf(testBed), tagsOf(testBed)], [rules, tags]);
}

describeScenarios('KeyVaultAgentAccess together with the Azure CLI', {
  'has its access although a command of the CLI that began before ends while it opens': (testBed) =>
    withCli(testBed, async (cli) => {
      const adding = await beginCommand(testBed, cli, addRule);
      const added = untilRule(testBed, ours, true).then(adding.finish);
      let during: readonly string[] = [];
      const outcome = await runDuringJob(testBed, () => {
        during = rulesOf(testBed);
        return Promise.resolve();
      });
      await added;
      assert.deepEqual(during, [foreign, ours]);
      assertClosed(testBed, outcome, [foreign], {});
    }),

  'leaves what the CLI changes while the job works, and keeps its access meanwhile': (testBed) =>
    withCli(testBed, async (cli) => {
      const outcome = await runDuringJob(testBed, async () => {
        await cli.ask(...addRule, '198.51.100.8');
        await cli.ask('keyvault', 'network-rule', 'remove', ...where, '--ip-address', '198.51.100.8');
        await cli.ask(...tag);
        assert.deepEqual(rulesOf(testBed), [ours, foreign]);
        assert.deepEqual(Object.keys(tagsOf(testBed)).sort(), ['KvAgentAccess', 'owner']);
      });
      assertClosed(testBed, outcome, [foreign], { owner: 'shop' });
    }),

  'closes again when a command of the CLI that began while it was open ends while it closes': (testBed) =>
    withCli(testBed, async (cli) => {
      let tagged: Promise<void> | undefined;
      const outcome = await runDuringJob(testBed, async () => {
        const tagging = await beginCommand(testBed, cli, tag);
        tagged = untilRule(testBed, ours, false).then(tagging.finish);
      });
      await tagged;
      assertClosed(testBed, outcome, [], { owner: 'shop' });
    }),
});
