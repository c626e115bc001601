import assert from 'node:assert/strict';
import { logIn } from '../../simulation/azure/contoso';
import { beginAddingRule } from '../../simulation/azure/arm/whole-vault-writer';
import { accessPipeline, runJobAround, untilRule } from './support/job-around';
import { describeScenarios, type Outcome, type Stage } from './support/scenarios';
import { rulesOf, tagsOf } from './support/vault-sights';

const ours = '20.50.1.10/32';
const foreign = '198.51.100.7/32';
/** Reads the vault from another network, and returns what puts it back with one more rule. */
async function readElsewhere({ azure, contoso }: Stage): Promise<() => Promise<void>> {
  const client = await logIn(azure, contoso, await azure.connectFrom({ addresses: ['20.70.0.1'] }));
  return beginAddingRule(client, contoso, '198.51.100.7');
}

/** Our rule and our lease are gone, and the other's rule is there. */
function assertClosed(stage: Stage, { result, text }: Outcome): void {
  assert.equal(result, 'Succeeded', text);
  assert.deepEqual([rulesOf(stage), tagsOf(stage)], [[foreign], {}]);
}

describeScenarios('KeyVaultAgentAccess beside somebody who writes whole vaults, as the Azure CLI does', {
  'has its access although the vault is put back as it was while it opens': async (stage) => {
    const putBack = await readElsewhere(stage);
    const overwritten = untilRule(stage, ours, true).then(putBack);
    let during: readonly string[] = [];
    const outcome = await runJobAround(stage, () => {
      during = rulesOf(stage);
      return Promise.resolve();
    });
    await overwritten;
    assert.deepEqual(during, [foreign, ours]);
    assertClosed(stage, outcome);
  },

  'leaves the rule that somebody adds while the job works': async (stage) => {
    const outcome = await runJobAround(stage, async () => {
      const putBack = await readElsewhere(stage);
      await putBack();
      assert.deepEqual(rulesOf(stage), [ours, foreign]);
    });
    assertClosed(stage, outcome);
  },

  'has nothing to close when its rule was overwritten while the job worked': async (stage) => {
    const putBack = await readElsewhere(stage);
    const outcome = await runJobAround(stage, async () => {
      await putBack();
      assert.deepEqual(rulesOf(stage), [foreign]);
    });
    assertClosed(stage, outcome);
  },

  'closes again when the vault is put back as it was while it closes': async (stage) => {
    let overwritten: Promise<void> | undefined;
    const outcome = await runJobAround(stage, async () => {
      const putBack = await readElsewhere(stage);
      overwritten = untilRule(stage, ours, false).then(putBack);
    });
    await overwritten;
    assert.match(outcome.text, /20\.50\.1\.10\/32 removed/);
    assertClosed(stage, outcome);
  },

  'finds a rule that was put back after the job by its lease, and sweeps both': async (stage) => {
    let putBack: (() => Promise<void>) | undefined;
    const outcome = await runJobAround(stage, async () => {
      putBack = await readElsewhere(stage);
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(rulesOf(stage), []);
    await putBack?.();
    assert.deepEqual([rulesOf(stage), Object.keys(tagsOf(stage))], [[ours, foreign], ['KvAgentAccess']]);
    stage.azure.passTime(7 * 3_600_000);
    const swept = await stage.run(accessPipeline(', action: sweep'));
    assert.match(swept.text, /removed expired rules of jobs that did not clean up: 20\.50\.1\.10\/32/);
    assertClosed(stage, swept);
  },
});
