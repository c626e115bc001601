import assert from 'node:assert/strict';
import { stripUnknownTags } from '../../simulation/azure/arm/policies';
import type { SimulatedRequest } from '../../simulation/azure/http/exchange';
import { runDuringJob } from './support/access-job';
import { describeScenarios, type TestBed } from './support/scenarios';
import { rulesOf, tagsOf } from './support/vault-state';

const ours = '20.50.1.10/32';

function isVaultRead({ service, method, path }: SimulatedRequest): boolean {
  return service === 'arm' && method === 'GET' && path.endsWith('/contoso-kv');
}

function scopeOf({ contoso }: TestBed): string {
  return `/subscriptions/${contoso.subscription.id}`;
}

describeScenarios('KeyVaultAgentAccess leaves nothing open when Azure, against all assumptions,', {
  'merges tags instead of replacing them': async (testBed) => {
    testBed.azure.addPolicy({
      name: 'merge-tags',
      scope: scopeOf(testBed),
      effect: 'modify',
      change: (vault) => ({ ...vault, tags: { ...tagsOf(testBed), ...vault.tags } }),
    });
    const outcome = await runDuringJob(testBed, () => {
      assert.deepEqual(rulesOf(testBed), [ours]);
      return Promise.resolve();
    });
    assert.deepEqual(rulesOf(testBed), [], outcome.text);
    assert.match(outcome.text, /##\[warning\].*AKV-ARM-POLICY/);
  },

  'stores the rules and not the tags of one PATCH': async (testBed) => {
    testBed.azure.addPolicy(stripUnknownTags(scopeOf(testBed), []));
    const { text } = await runDuringJob(testBed, () => Promise.resolve());
    assert.deepEqual([rulesOf(testBed), tagsOf(testBed)], [[], {}], text);
    assert.match(text, /##\[(warning|error)\]/);
  },

  'shows an old state after a write': async (testBed) => {
    const { azure } = testBed;
    const beforeOpening = JSON.stringify(azure.vaultResource(testBed.contoso.vault));
    const isFirstAfterPatch = (request: SimulatedRequest): boolean =>
      isVaultRead(request) && azure.journal.some(({ method, status }) => method === 'PATCH' && status === 200);
    azure.fault({
      when: isFirstAfterPatch,
      times: 1,
      then: { alter: (answer) => ({ ...answer, body: beforeOpening }) },
    });
    const outcome = await runDuringJob(testBed, () => {
      assert.deepEqual(rulesOf(testBed), [ours]);
      azure.fault({ when: isVaultRead, times: 2, then: { alter: (answer) => ({ ...answer, body: beforeOpening }) } });
      return Promise.resolve();
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual([rulesOf(testBed), tagsOf(testBed)], [[], {}]);
  },

  'checks permissions before the firewall': async (testBed) => {
    const denial = {
      code: 'Forbidden',
      message: 'Caller is not authorized to perform action on resource.',
      innererror: { code: 'ForbiddenByRbac' },
    };
    testBed.azure.fault({
      when: ({ service, headers }) => service === 'vault' && 'authorization' in headers,
      then: {
        alter: (answer) => (answer.status === 403 ? { ...answer, body: JSON.stringify({ error: denial }) } : answer),
      },
    });
    let during: readonly string[] = [];
    const outcome = await runDuringJob(testBed, () => {
      during = rulesOf(testBed);
      return Promise.resolve();
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual([during, rulesOf(testBed), tagsOf(testBed)], [[ours], [], {}]);
  },
});
