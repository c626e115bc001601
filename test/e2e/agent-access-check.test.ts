import assert from 'node:assert/strict';
import { leastActions } from '../../simulation/azure/contoso';
import { accessPipeline } from './support/access-job';
import { discoveryActions, enforcePerimeter, limitPermissions } from './support/perimeter-place';
import { describeScenarios, type Outcome, type Scenarios, type TestBed } from './support/scenarios';

const check = (more = '') => accessPipeline(`, action: check${more}`);

/** Runs the check, and makes sure that it has changed nothing: no vault, no rule of a perimeter, by no request. */
async function runCheck(testBed: TestBed, pipeline = check(), options: Parameters<TestBed['run']>[1] = {}) {
  const { azure } = testBed;
  const vault = testBed.vaultJson();
  const outcome = await testBed.run(pipeline, options);
  assert.equal(testBed.vaultJson(), vault);
  const changes = azure.journal.filter(({ method, service }) => service === 'arm' && method !== 'GET');
  assert.deepEqual(changes, []);
  const after = outcome.steps.find(({ phase }) => phase === 'post');
  assert.equal(after?.result, 'Succeeded', 'the post-job step has nothing to do');
  return outcome;
}

/** The row of a vault in the table of the log. */
function rowOf(vault: string, { log }: Outcome): readonly string[] {
  const line = log.find((text) => text.startsWith(`${vault}  `));
  assert.ok(line, log.join('\n'));
  return line.split(/ {2,}/);
}

const scenarios: Scenarios = {
  'shows the address, the rules, the leases, the change and the permissions for a vault with a firewall': async (
    testBed,
  ) => {
    const { azure, contoso } = testBed;
    azure.changeVault(contoso.vault, {
      properties: { networkAcls: { ipRules: [{ value: '198.51.100.0/24' }, { value: '203.0.113.7/32' }] } },
    });
    const outcome = await runCheck(testBed);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(
      outcome.text,
      /contoso-kv: public network access Enabled, default action Deny, 2 IP rules: 198\.51\.100\.0\/24, 203\.0\.113\.7\/32\./,
    );
    assert.match(outcome.text, /contoso-kv sees this agent as 20\.50\.1\.10 \(reported by the vault itself\)/);
    assert.match(
      outcome.text,
      /Permissions needed: Microsoft\.KeyVault\/vaults\/read, Microsoft\.KeyVault\/vaults\/write\./,
    );
    assert.deepEqual(rowOf('contoso-kv', outcome), [
      'contoso-kv',
      'refuses this agent',
      'add 20.50.1.10/32 and a lease to the firewall',
      'sufficient',
    ]);
    assert.match(outcome.text, /cannot see resource locks and Azure Policy/);
  },

  'shows that another job with the same address has the rule, and its lease': async (testBed) => {
    const before = testBed.vaultJson();
    const checked = await testBed.run(`${accessPipeline()}  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv, action: check }
`);
    assert.match(checked.text, /Leases of jobs in the tags of contoso-kv: 1 valid, 0 expired/);
    assert.deepEqual(rowOf('contoso-kv', checked).slice(1), [
      'accepts this agent',
      'add a lease for 20.50.1.10/32, which another job has added',
      'sufficient',
    ]);
    assert.equal(testBed.vaultJson(), before);
  },

  'fails, with the commands that help, if the identity can read the vault but not write it': async (testBed) => {
    limitPermissions(testBed, ['Microsoft.KeyVault/vaults/read']);
    const outcome = await runCheck(testBed);
    assert.equal(outcome.result, 'Failed');
    assert.match(
      outcome.text,
      /AKV-ARM-ACCESS: The service connection's identity does not have Microsoft\.KeyVault\/vaults\/write on 'contoso-kv'/,
    );
    assert.match(outcome.text, /az role assignment create --role "Key Vault Firewall Operator"/);
  },

  'reports that Azure does not show the permissions': async (testBed) => {
    const body = '{"error":{"code":"AuthorizationFailed","message":"not yours"}}';
    testBed.azure.fault({ when: ({ path }) => path.endsWith('/permissions'), then: { status: 403, body } });
    const outcome = await runCheck(testBed);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(outcome.text, /Azure does not show which permissions this identity has \(AuthorizationFailed\)/);
    assert.equal(rowOf('contoso-kv', outcome)[3], 'not visible');
  },

  'shows the profile of a perimeter, its rules, and the permissions on it': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, discoveryActions);
    const rules = place.rules();
    for (const pipeline of [check(), check(`, perimeterProfile: ${place.profileId}`)]) {
      const outcome = await runCheck(testBed, pipeline);
      assert.equal(outcome.result, 'Succeeded', outcome.text);
      assert.match(
        outcome.text,
        /Profile contoso-perimeter\/shop: 1 access rule: office \(198\.51\.100\.0\/24\); 1 of 200 rule elements/,
      );
      assert.deepEqual(rowOf('contoso-kv', outcome).slice(1), [
        'refuses this agent',
        'add an access rule for 20.50.1.10/32 to profile contoso-perimeter/shop',
        'sufficient',
      ]);
    }
    assert.deepEqual(place.rules(), rules);
  },

  'fails if no rule can help, as opening would': async (testBed) => {
    testBed.azure.changeVault('contoso-kv', { properties: { publicNetworkAccess: 'Disabled' } });
    const outcome = await runCheck(testBed);
    assert.equal(outcome.result, 'Failed');
    assert.match(outcome.text, /##\[error\]AKV-PRIVATE-ONLY/);
  },

  'checks every vault of the step, even if one of them fails, and then fails': async (testBed) => {
    const { azure, contoso } = testBed;
    const networkAcls = { bypass: 'None', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] };
    const { subscription, application } = contoso;
    const open = { subscription, resourceGroup: 'shop', name: 'open-kv', properties: { networkAcls } };
    azure.assignRole({ objectId: application.objectId, scope: azure.addVault(open).id, ...leastActions });
    const outcome = await runCheck(testBed, check().replace('contoso-kv', 'none-kv, open-kv'.replace(/^|$/g, '"')));
    assert.equal(outcome.result, 'Failed');
    assert.match(outcome.text, /##\[warning\]AKV-ARM-NOT-FOUND: .*'none-kv'/);
    assert.match(outcome.text, /##\[error\]AKV-VAULTS: Key Vault access check: 1 of 2 failed: none-kv \(AKV-ARM-NOT-F/);
    assert.deepEqual(rowOf('open-kv', outcome).slice(1, 3), ['accepts this agent', 'nothing']);
  },
};

describeScenarios('KeyVaultAgentAccess with action: check', scenarios);
