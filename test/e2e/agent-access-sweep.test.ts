import assert from 'node:assert/strict';
import { leastActions } from '../../simulation/azure/contoso';
import { renderEntry } from '../../tasks/keyvault-agent-access/protocol/lease';
import { enforcePerimeter } from './support/perimeter-place';
import { describeScenarios, type TestBed } from './support/scenarios';

const hour = 3_600_000;
const sweepAll = (more = '') => `
steps:
  - task: KeyVaultAgentAccess@1
    name: sweep
    inputs:
      azureSubscription: contoso-federated
      keyVault: '*'
      action: sweep
${more}
  - bash: echo "##vso[task.uploadsummary]$(sweep.summaryFile)"
    condition: ne(variables['sweep.summaryFile'], '')
`;

/** A vault with one rule of someone else, and one of a job whose lease ends this many hours from now. */
function addLeased({ azure, contoso }: TestBed, name: string, hours: number, resourceGroup = 'shop'): string {
  const rule = '20.60.0.9/32';
  const rules = [{ value: '198.51.100.7/32' }, { value: rule }];
  const networkAcls = { bypass: 'None', defaultAction: 'Deny', ipRules: rules, virtualNetworkRules: [] };
  const { subscription, application } = contoso;
  const { id } = azure.addVault({ subscription, resourceGroup, name, properties: { networkAcls } });
  const lease = renderEntry({ rule, expires: Date.now() + hours * hour, id: 'other0' });
  azure.changeVault(name, { tags: { owner: 'shop', KvAgentAccess: lease } });
  azure.assignRole({ objectId: application.objectId, scope: id, ...leastActions });
  return id;
}

function rulesIn({ azure }: TestBed, name: string): readonly string[] {
  const { properties } = azure.vaultResource(name) as unknown as {
    properties: { networkAcls: { ipRules: { value: string }[] } };
  };
  return properties.networkAcls.ipRules.map(({ value }) => value);
}

const swept = ['198.51.100.7/32'];
const kept = ['198.51.100.7/32', '20.60.0.9/32'];

describeScenarios("KeyVaultAgentAccess with action: sweep and keyVault: '*'", {
  'sweeps every vault with a lease, page by page, and reports them': {
    with: { armPageSize: 2 },
    run: async (testBed) => {
      for (let index = 1; index <= 5; index += 1) addLeased(testBed, `shop-${index}-kv`, index === 3 ? 2 : -2);
      const contoso = testBed.vaultJson();
      const outcome = await testBed.run(sweepAll());
      assert.equal(outcome.result, 'Succeeded', outcome.text);
      assert.deepEqual(rulesIn(testBed, 'shop-3-kv'), kept, 'its job is still running');
      for (const index of [1, 2, 4, 5]) assert.deepEqual(rulesIn(testBed, `shop-${index}-kv`), swept);
      assert.match(outcome.text, /^shop-1-kv +removed 20\.60\.0\.9\/32$/m);
      assert.match(outcome.text, /^shop-3-kv +no expired rule$/m);
      assert.equal(testBed.vaultJson(), contoso);
      const asked = testBed.azure.journal.filter(({ path }) => path.includes('/vaults/contoso-kv'));
      assert.deepEqual(asked, [], 'a vault without a lease is not asked about');
      const [summary] = outcome.summaries;
      assert.match(summary ?? '', /^4 expired rules removed from 5 vaults and profiles\.$/m);
      assert.match(summary ?? '', /\| shop-5-kv \| removed 20\.60\.0\.9\/32 \|/);
    },
  },

  'sweeps the others if one vault fails, and then fails, with a report': async (testBed) => {
    const locked = addLeased(testBed, 'locked-kv', -2);
    const another = addLeased(testBed, 'shop-kv', -2);
    addLeased(testBed, 'till-kv', -2);
    testBed.azure.addLock({ scope: locked, level: 'ReadOnly' });
    testBed.azure.addLock({ scope: another, level: 'ReadOnly' });
    const outcome = await testBed.run(sweepAll());
    assert.equal(outcome.result, 'Failed');
    assert.deepEqual(rulesIn(testBed, 'till-kv'), swept);
    assert.match(outcome.text, /##\[warning\]AKV-ARM-LOCK: A ReadOnly lock prevents changes to 'locked-kv'/);
    assert.match(
      outcome.text,
      /##\[error\]AKV-VAULTS: Key Vault sweep: 2 of 3 failed: locked-kv \(AKV-ARM-LOCK\), shop-kv \(AKV-ARM-LOCK\)\./,
    );
    const [summary] = outcome.summaries;
    assert.match(summary ?? '', /\| locked-kv \| failed: AKV-ARM-LOCK \|/);
    assert.match(summary ?? '', /\| locked-kv \| AKV-ARM-LOCK: A ReadOnly lock/);
  },

  'sweeps only the vaults of a resource group, if one is specified': async (testBed) => {
    addLeased(testBed, 'shop-kv', -2);
    addLeased(testBed, 'bank-kv', -2, 'bank');
    const outcome = await testBed.run(sweepAll('      resourceGroupName: BANK'));
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual([rulesIn(testBed, 'shop-kv'), rulesIn(testBed, 'bank-kv')], [kept, swept]);
  },

  'sweeps the profiles that are given': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const expired = `akv-${Math.floor(Date.now() / 1000 - 3_600).toString(36)}-other0`;
    testBed.azure.putAccessRule(place.profileId, expired, { direction: 'Inbound', addressPrefixes: ['20.60.0.1/32'] });
    const outcome = await testBed.run(sweepAll(`      perimeterProfile: ${place.profileId}`));
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(outcome.text, /^profile contoso-perimeter\/shop +removed 1 expired rule$/m);
    assert.deepEqual(Object.keys(place.rules()), ['office']);
  },

  'treats a vault that was deleted in the meantime as done': async (testBed) => {
    addLeased(testBed, 'gone-kv', -2);
    let isListed = false;
    const when = ({ path }: { path: string }) => {
      if (isListed) testBed.azure.deleteVault('gone-kv');
      isListed = path.endsWith('/resources');
      return false;
    };
    testBed.azure.fault({ when, then: 'reset-after' });
    const outcome = await testBed.run(sweepAll());
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(outcome.text, /^gone-kv +no longer exists$/m);
  },

  'reports that it found none': async (testBed) => {
    const outcome = await testBed.run(sweepAll());
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(outcome.text, /No vault of subscription 2222\S+ that this identity can read has a lease/);
  },
});
