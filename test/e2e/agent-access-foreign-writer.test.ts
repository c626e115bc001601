import assert from 'node:assert/strict';
import { logIn } from '../../simulation/azure/contoso';
import { beginAddingRule } from '../../simulation/azure/arm/whole-vault-writer';
import { accessPipeline, runDuringJob, untilRule } from './support/access-job';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import { rulesOf, tagsOf } from './support/vault-state';

const ours = '20.50.1.10/32';
const foreign = '198.51.100.7/32';
/** Reads the vault from another network, and returns what puts it back with one more rule. */
async function readElsewhere({ azure, contoso }: TestBed): Promise<() => Promise<void>> {
  const client = await logIn(azure, contoso, await azure.connectFrom({ addresses: ['20.70.0.1'] }));
  return beginAddingRule(client, contoso, '198.51.100.7');
}

/** Our rule and our lease are gone, and the other's rule is there. */
function assertClosed(testBed: TestBed, { result, text }: Outcome): void {
  assert.equal(result, 'Succeeded', text);
  assert.deepEqual([rulesOf(testBed), tagsOf(testBed)], [[foreign], {}]);
}

describeScenarios('KeyVaultAgentAccess while another client writes whole vaults, as the Azure CLI does', {
  'gets access although an old state overwrites its rule': async (testBed) => {
    const putBack = await readElsewhere(testBed);
    const overwritten = untilRule(testBed, ours, true).then(putBack);
    let during: readonly string[] = [];
    const outcome = await runDuringJob(testBed, () => {
      during = rulesOf(testBed);
      return Promise.resolve();
    });
    await overwritten;
    assert.deepEqual(during, [foreign, ours]);
    assertClosed(testBed, outcome);
  },

  'keeps a rule that another client adds while the job runs': async (testBed) => {
    const outcome = await runDuringJob(testBed, async () => {
      const putBack = await readElsewhere(testBed);
      await putBack();
      assert.deepEqual(rulesOf(testBed), [ours, foreign]);
    });
    assertClosed(testBed, outcome);
  },

  'has nothing to close if its rule was overwritten during the job': async (testBed) => {
    const putBack = await readElsewhere(testBed);
    const outcome = await runDuringJob(testBed, async () => {
      await putBack();
      assert.deepEqual(rulesOf(testBed), [foreign]);
    });
    assertClosed(testBed, outcome);
  },

  'closes again if an old state is written while it closes': async (testBed) => {
    let overwritten: Promise<void> | undefined;
    const outcome = await runDuringJob(testBed, async () => {
      const putBack = await readElsewhere(testBed);
      overwritten = untilRule(testBed, ours, false).then(putBack);
    });
    await overwritten;
    assert.match(outcome.text, /20\.50\.1\.10\/32 removed/);
    assertClosed(testBed, outcome);
  },

  'sweeps a rule and its lease that were written back after the job': async (testBed) => {
    let putBack: (() => Promise<void>) | undefined;
    const outcome = await runDuringJob(testBed, async () => {
      putBack = await readElsewhere(testBed);
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(rulesOf(testBed), []);
    await putBack?.();
    assert.deepEqual([rulesOf(testBed), Object.keys(tagsOf(testBed))], [[ours, foreign], ['KvAgentAccess']]);
    testBed.azure.passTime(7 * 3_600_000);
    const sweeping = await testBed.run(accessPipeline(', action: sweep'));
    assert.match(sweeping.text, /removed expired rules of jobs that did not clean up: 20\.50\.1\.10\/32/);
    assertClosed(testBed, sweeping);
  },
});
