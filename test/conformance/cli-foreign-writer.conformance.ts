import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { runJobAround, untilRule } from '../e2e/support/job-around';
import { describeScenarios, type Outcome, type Stage } from '../e2e/support/scenarios';
import { rulesOf, tagsOf } from '../e2e/support/vault-sights';
import type { SimulatedRequest } from '../../simulation/azure/http/exchange';
import { openCli, signIn, type Cli } from './cli';

const ours = '20.50.1.10/32';
const foreign = '198.51.100.7/32';
const where = ['--name', 'contoso-kv', '--resource-group', 'shop'];
const addRule = ['keyvault', 'network-rule', 'add', ...where, '--ip-address', '198.51.100.7'];
const tag = ['keyvault', 'update', ...where, '--set', 'tags.owner=shop'];

/** Plays a scenario with the CLI on another network, signed in with the same rights. */
async function withCli(stage: Stage, play: (cli: Cli) => Promise<void>): Promise<void> {
  const { azure, contoso } = stage;
  const cli = await openCli(azure, await azure.connectFrom({ addresses: ['20.70.0.1'] }));
  try {
    await signIn(cli, contoso.application, contoso.clientSecret);
    await play(cli);
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
async function beginCommand({ azure }: Stage, cli: Cli, command: readonly string[]) {
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

function assertClosed(stage: Stage, { result, text }: Outcome, rules: string[], tags: Record<string, string>): void {
  assert.equal(result, 'Succeeded', text);
  assert.deepEqual([rulesOf(stage), tagsOf(stage)], [rules, tags]);
}

describeScenarios('KeyVaultAgentAccess beside the Azure CLI', {
  'has its access although a command of the CLI that began before ends while it opens': (stage) =>
    withCli(stage, async (cli) => {
      const adding = await beginCommand(stage, cli, addRule);
      const added = untilRule(stage, ours, true).then(adding.finish);
      let during: readonly string[] = [];
      const outcome = await runJobAround(stage, () => {
        during = rulesOf(stage);
        return Promise.resolve();
      });
      await added;
      assert.deepEqual(during, [foreign, ours]);
      assertClosed(stage, outcome, [foreign], {});
    }),

  'leaves what the CLI changes while the job works, and keeps its access meanwhile': (stage) =>
    withCli(stage, async (cli) => {
      const outcome = await runJobAround(stage, async () => {
        await cli.ask(...addRule, '198.51.100.8');
        await cli.ask('keyvault', 'network-rule', 'remove', ...where, '--ip-address', '198.51.100.8');
        await cli.ask(...tag);
        assert.deepEqual(rulesOf(stage), [ours, foreign]);
        assert.deepEqual(Object.keys(tagsOf(stage)).sort(), ['KvAgentAccess', 'owner']);
      });
      assertClosed(stage, outcome, [foreign], { owner: 'shop' });
    }),

  'closes again when a command of the CLI that began while it was open ends while it closes': (stage) =>
    withCli(stage, async (cli) => {
      let tagged: Promise<void> | undefined;
      const outcome = await runJobAround(stage, async () => {
        const tagging = await beginCommand(stage, cli, tag);
        tagged = untilRule(stage, ours, false).then(tagging.finish);
      });
      await tagged;
      assertClosed(stage, outcome, [], { owner: 'shop' });
    }),
});
