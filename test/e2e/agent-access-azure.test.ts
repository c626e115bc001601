import assert from 'node:assert/strict';
import { disablePublicAccess, forceDefaultAction, stripUnknownTags } from '../../simulation/azure/arm/policies';
import { accessPipeline } from './support/access-job';
import { describeScenarios, type Outcome, type Scenarios, type TestBed } from './support/scenarios';
import { rulesOf, tagsOf } from './support/vault-state';

const own = '20.50.1.10/32';
const pipeline = `${accessPipeline()}
  - bash: echo work
`;

/** Runs a job that opens Contoso's vault, and does something to Azure while it works. */
async function runJob(
  testBed: TestBed,
  meanwhile: () => void = () => undefined,
): Promise<Outcome & { during: string[] }> {
  let during: string[] = [];
  const outcome = await testBed.run(pipeline, {
    onLine: (line) => {
      if (line !== 'work') return;
      during = rulesOf(testBed);
      meanwhile();
    },
  });
  return { ...outcome, during };
}

const idOf = ({ azure, contoso }: TestBed) => (azure.vaultResource(contoso.vault) as { id: string }).id;
const patchesOf = ({ azure }: TestBed) => azure.journal.filter(({ method }) => method === 'PATCH').length;
function changeVault({ azure, contoso }: TestBed, properties: object): void {
  azure.changeVault(contoso.vault, { properties });
}

/** What ARM answers instead of the vault, when it is asked for it. */
function answerNotFound({ azure }: TestBed, code: string, message: string): void {
  azure.fault({
    when: ({ service, path }) => service === 'arm' && path.endsWith('/vaults/contoso-kv'),
    then: {
      status: 404,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ error: { code, message } }),
    },
  });
}

const notFound: Scenarios = Object.fromEntries(
  [
    ['SubscriptionNotFound', "The subscription '22222222-2222-4222-8222-222222222222' could not be found."],
    ['ResourceGroupNotFound', "Resource group 'shop' could not be found."],
    [
      'ResourceNotFound',
      "The Resource 'Microsoft.KeyVault/vaults/other-kv' under resource group 'shop' was not found.",
    ],
  ].map(([code = '', message = '']) => [
    `does not take ${code}, ${message.slice(0, 30)}..., for a vault that is gone`,
    async (testBed: TestBed) => {
      const outcome = await runJob(testBed, () => {
        answerNotFound(testBed, code, message);
      });
      assert.equal(outcome.result, 'SucceededWithIssues', outcome.text);
      assert.match(outcome.text, /az keyvault network-rule remove --name contoso-kv --resource-group shop/);
      assert.deepEqual(rulesOf(testBed), [own]);
    },
  ]),
);

describeScenarios('KeyVaultAgentAccess and what Azure does by itself:', {
  ...notFound,

  'opens and closes although a policy strips its tag from every write': async (testBed) => {
    testBed.azure.addPolicy(stripUnknownTags(idOf(testBed), ['owner']));
    const before = testBed.vaultJson();
    const outcome = await runJob(testBed);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, [own]);
    assert.match(outcome.text, /##\[warning\]The tags of 'contoso-kv' cannot hold a lease/);
    assert.equal(testBed.vaultJson(), before);
  },

  'closes although a policy has stripped its tag since it opened': async (testBed) => {
    const outcome = await runJob(testBed, () => {
      testBed.azure.addPolicy(stripUnknownTags(idOf(testBed), []));
      testBed.azure.changeVault(testBed.contoso.vault, { tags: {} });
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual([rulesOf(testBed), tagsOf(testBed)], [[], {}]);
  },

  'reports a policy that disables public access on its write, with the command that restores it': async (testBed) => {
    testBed.azure.addPolicy(disablePublicAccess(idOf(testBed)));
    const outcome = await runJob(testBed);
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.match(outcome.text, /##\[error\]AKV-ARM-POLICY: .*publicNetworkAccess .*from Enabled to Disabled/);
    assert.match(
      outcome.text,
      /az keyvault update --name contoso-kv --resource-group shop --subscription \S+ --public-network-access Enabled/,
    );
    assert.deepEqual(rulesOf(testBed), [], 'the post-job step has removed the rule');
  },

  'reports a policy that changes the default action on its write': async (testBed) => {
    testBed.azure.addPolicy(forceDefaultAction(idOf(testBed), 'Allow'));
    const outcome = await runJob(testBed);
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.match(outcome.text, /AKV-ARM-POLICY: .*defaultAction .*from Deny to Allow/);
    assert.match(outcome.text, /az keyvault update .* --default-action Deny/);
    assert.deepEqual(rulesOf(testBed), []);
  },

  'closes, and reports what else changed, if a policy disables public access on the write that closes': async (
    testBed,
  ) => {
    const outcome = await runJob(testBed, () => {
      testBed.azure.addPolicy(disablePublicAccess(idOf(testBed)));
    });
    assert.equal(outcome.result, 'SucceededWithIssues', outcome.text);
    assert.match(outcome.text, /##\[warning\]AKV-ARM-POLICY: .*publicNetworkAccess .*from Enabled to Disabled/);
    assert.match(outcome.text, /20\.50\.1\.10\/32 removed/);
    assert.doesNotMatch(outcome.text, /may still/);
    assert.deepEqual(rulesOf(testBed), []);
  },
});

const hour = 3_600_000;

describeScenarios('KeyVaultAgentAccess checks access before anything else:', {
  'an enforced perimeter decides, although the firewall allows all networks': async (testBed) => {
    changeVault(testBed, { networkAcls: { defaultAction: 'Allow', ipRules: [] } });
    testBed.azure.setPerimeter(testBed.contoso.vault, { accessMode: 'Enforced', admits: () => false });
    const outcome = await runJob(testBed);
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.match(outcome.text, /##\[error\]AKV-PERIMETER/);
    assert.equal(patchesOf(testBed), 0);
  },

  'an enforced perimeter decides, although the firewall could have a rule: nothing is changed': async (testBed) => {
    testBed.azure.setPerimeter(testBed.contoso.vault, { accessMode: 'Enforced', admits: () => false });
    const outcome = await runJob(testBed);
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.match(outcome.text, /##\[error\]AKV-PERIMETER/);
    assert.equal(patchesOf(testBed), 0);
  },

  ...Object.fromEntries(
    ['Disabled', 'SecuredByPerimeter'].map((publicNetworkAccess) => [
      `nothing to do when a perimeter admits this agent and public network access is ${publicNetworkAccess}`,
      async (testBed: TestBed) => {
        changeVault(testBed, { publicNetworkAccess });
        testBed.azure.passTime(hour);
        testBed.azure.setPerimeter(testBed.contoso.vault, { accessMode: 'Enforced', admits: () => true });
        const outcome = await runJob(testBed);
        assert.equal(outcome.result, 'Succeeded', outcome.text);
        assert.match(outcome.text, /contoso-kv accepts this agent already: nothing to do/);
        assert.equal(patchesOf(testBed), 0);
      },
    ]),
  ),

  'the combined text of perimeter and firewall is an ordinary refusal by the firewall': async (testBed) => {
    testBed.azure.setPerimeter(testBed.contoso.vault, { accessMode: 'Learning', admits: () => false });
    const outcome = await runJob(testBed);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, [own]);
  },

  'the address of the combined text is used if the vault does not send its header': async (testBed) => {
    testBed.azure.setPerimeter(testBed.contoso.vault, { accessMode: 'Learning', admits: () => false });
    testBed.azure.fault({
      when: ({ service }) => service === 'vault',
      then: {
        alter: ({ headers, ...answer }) => ({
          ...answer,
          headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !/network-info/i.test(name))),
        }),
      },
    });
    const outcome = await runJob(testBed);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, [own]);
  },
});
