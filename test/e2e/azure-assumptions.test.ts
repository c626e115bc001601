import assert from 'node:assert/strict';
import { stripUnknownTags } from '../../simulation/azure/arm/policies';
import type { SimulatedRequest } from '../../simulation/azure/http/exchange';
import { runJobAround } from './support/job-around';
import { describeScenarios, type Stage } from './support/scenarios';
import { rulesOf, tagsOf } from './support/vault-sights';

const ours = '20.50.1.10/32';

function isVaultRead({ service, method, path }: SimulatedRequest): boolean {
  return service === 'arm' && method === 'GET' && path.endsWith('/contoso-kv');
}

function scopeOf({ contoso }: Stage): string {
  return `/subscriptions/${contoso.subscription.id}`;
}

describeScenarios('KeyVaultAgentAccess leaves nothing open when Azure, against all assumptions,', {
  'merges tags instead of replacing them': async (stage) => {
    stage.azure.addPolicy({
      name: 'merge-tags',
      scope: scopeOf(stage),
      effect: 'modify',
      change: (vault) => ({ ...vault, tags: { ...tagsOf(stage), ...vault.tags } }),
    });
    const outcome = await runJobAround(stage, () => {
      assert.deepEqual(rulesOf(stage), [ours]);
      return Promise.resolve();
    });
    assert.deepEqual(rulesOf(stage), [], outcome.text);
    assert.match(outcome.text, /##\[warning\].*AKV-ARM-POLICY/);
  },

  'stores the rules and not the tags of one PATCH': async (stage) => {
    stage.azure.addPolicy(stripUnknownTags(scopeOf(stage), []));
    const { text } = await runJobAround(stage, () => Promise.resolve());
    assert.deepEqual([rulesOf(stage), tagsOf(stage)], [[], {}], text);
    assert.match(text, /##\[(warning|error)\]/);
  },

  'shows an old state after a write': async (stage) => {
    const { azure } = stage;
    const beforeOpening = JSON.stringify(azure.vaultResource(stage.contoso.vault));
    const isFirstAfterPatch = (request: SimulatedRequest): boolean =>
      isVaultRead(request) && azure.journal.some(({ method, status }) => method === 'PATCH' && status === 200);
    azure.fault({
      when: isFirstAfterPatch,
      times: 1,
      then: { alter: (answer) => ({ ...answer, body: beforeOpening }) },
    });
    const outcome = await runJobAround(stage, () => {
      assert.deepEqual(rulesOf(stage), [ours]);
      azure.fault({ when: isVaultRead, times: 2, then: { alter: (answer) => ({ ...answer, body: beforeOpening }) } });
      return Promise.resolve();
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual([rulesOf(stage), tagsOf(stage)], [[], {}]);
  },

  'checks permissions before the firewall': async (stage) => {
    const denial = {
      code: 'Forbidden',
      message: 'Caller is not authorized to perform action on resource.',
      innererror: { code: 'ForbiddenByRbac' },
    };
    stage.azure.fault({
      when: ({ service, headers }) => service === 'vault' && 'authorization' in headers,
      then: {
        alter: (answer) => (answer.status === 403 ? { ...answer, body: JSON.stringify({ error: denial }) } : answer),
      },
    });
    let during: readonly string[] = [];
    const outcome = await runJobAround(stage, () => {
      during = rulesOf(stage);
      return Promise.resolve();
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual([during, rulesOf(stage), tagsOf(stage)], [[ours], [], {}]);
  },
});
