import assert from 'node:assert/strict';
import { leastActions } from '../../simulation/azure/contoso';
import { renderEntry } from '../../tasks/keyvault-agent-access/protocol/lease';
import { accessPipeline } from './support/access-job';
import { printingStep, withRecord } from './support/hostile-step';
import { shiftedClock } from './support/shifted-clock';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import { rulesOf, tagsOf } from './support/vault-state';

const recordNames = [
  { name: 'VSTS_TASKVARIABLE_KeyVaultAgentAccess_Opened', preserveCase: true },
  { name: 'VSTS_TASKVARIABLE_KeyVaultAgentAccess_Opened' },
];

/** A step that prints a forged record of what KeyVaultAgentAccess has opened, under all names that could be read. */
function forgedRecord(resourceId: string, rules: readonly string[]): string {
  const value = JSON.stringify([{ resourceId, leaseId: 'forged', rules, leased: false, added: true }]);
  return printingStep(...recordNames.map((name) => ({ ...name, value })));
}

/** A second vault that the service connection can write, with rules of another owner. */
function addOtherVault({ azure, contoso }: TestBed) {
  const networkAcls = {
    bypass: 'AzureServices',
    defaultAction: 'Deny',
    ipRules: [{ value: '198.51.100.7/32' }, { value: '203.0.113.0/24' }],
    virtualNetworkRules: [],
  };
  const { subscription, application } = contoso;
  const vault = azure.addVault({ subscription, resourceGroup: 'shop', name: 'other-kv', properties: { networkAcls } });
  azure.assignRole({ objectId: application.objectId, scope: vault.id, ...leastActions });
  const json = () => JSON.stringify(azure.vaultResource('other-kv'));
  return { id: vault.id, json };
}

/** Runs a job, and records the vault's rules during the job. */
async function runWatching(
  testBed: TestBed,
  pipeline: string,
  options: Parameters<TestBed['run']>[1] = {},
): Promise<Outcome & { readonly during: readonly string[] }> {
  let during: readonly string[] = [];
  const outcome = await testBed.run(pipeline, {
    ...options,
    onLine: (line) => {
      if (line === 'work') during = rulesOf(testBed);
    },
  });
  return { ...outcome, during };
}

const work = `
  - bash: echo work
`;
const access = (more = '') => accessPipeline().replace('steps:\n', '').concat(more);

describeScenarios('KeyVaultAgentAccess, whatever other steps print,', {
  'adds nothing that a forged record names': async (testBed) => {
    const { id } = testBed.azure.vaultResource(testBed.contoso.vault) as { id: string };
    const before = testBed.vaultJson();
    const forged = forgedRecord(id, ['6.6.6.6/32', '66.0.0.0/8']);
    const outcome = await runWatching(testBed, `steps:${forged}${access()}${work}`);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, ['20.50.1.10/32']);
    assert.equal(testBed.vaultJson(), before);
  },

  'closes what it has opened, and nothing on another vault, if a forged record is printed afterwards': async (
    testBed,
  ) => {
    const other = addOtherVault(testBed);
    const [before, otherBefore] = [testBed.vaultJson(), other.json()];
    const forged = forgedRecord(other.id, ['198.51.100.7/32', '203.0.113.0/24']);
    const outcome = await runWatching(testBed, `steps:${access()}${work}${forged}`);
    assert.deepEqual(outcome.during, ['20.50.1.10/32'], outcome.text);
    assert.equal(testBed.vaultJson(), before);
    assert.equal(other.json(), otherBefore);
  },

  'does nothing after the job if its main part was skipped, regardless of a forged record': async (testBed) => {
    testBed.azure.changeVault(testBed.contoso.vault, {
      properties: { networkAcls: { ipRules: [{ value: '198.51.100.7/32' }] } },
    });
    const { id } = testBed.azure.vaultResource(testBed.contoso.vault) as { id: string };
    const before = testBed.vaultJson();
    const skipped = access("    condition: eq(variables['never'], 'set')\n");
    const outcome = await runWatching(testBed, `steps:${forgedRecord(id, ['198.51.100.7/32'])}${skipped}${work}`);
    assert.equal(testBed.vaultJson(), before, outcome.text);
  },

  'closes by its own lease if its record was destroyed, and reports it': async (testBed) => {
    testBed.azure.changeVault(testBed.contoso.vault, {
      properties: { networkAcls: { ipRules: [{ value: '198.51.100.7/32' }] } },
    });
    const before = testBed.vaultJson();
    const environment = withRecord('destroyed');
    const outcome = await runWatching(testBed, `steps:${access()}${work}`, { environment });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, ['198.51.100.7/32', '20.50.1.10/32']);
    assert.match(outcome.text, /record of what this step added cannot be trusted/);
    assert.match(outcome.text, /Firewall of contoso-kv: 20\.50\.1\.10\/32 removed/);
    assert.equal(testBed.vaultJson(), before);
  },

  'closes by its own lease when a variable has the name of the key that signs its record': async (testBed) => {
    const before = testBed.vaultJson();
    const name = 'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN';
    const printed = printingStep(
      { name, value: 'not-a-real-token' },
      {
        name: 'Endpoint_Auth_Parameter_SystemVssConnection_AccessToken',
        value: 'not-a-real-token',
        preserveCase: true,
      },
    );
    const outcome = await runWatching(testBed, `steps:${access()}${work}${printed}`);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, ['20.50.1.10/32']);
    assert.equal(testBed.vaultJson(), before);
  },

  'reports what it cannot do, with the commands, if its record was destroyed and it has no lease': async (testBed) => {
    const environment = withRecord('destroyed');
    const outcome = await testBed.run(`${accessPipeline(', coordination: none')}${work}`, { environment });
    assert.equal(outcome.result, 'SucceededWithIssues', outcome.text);
    assert.match(outcome.text, /cannot tell whether it added a rule to the firewall of 'contoso-kv'/);
    assert.match(outcome.text, /az keyvault network-rule list --name contoso-kv/);
    assert.deepEqual(rulesOf(testBed), ['20.50.1.10/32']);
  },
});

const hour = 3_600_000;

/** Sets these rules of the vault, and leases that a person with the role Tag Contributor has written. */
function forgeLeases(
  { azure, contoso }: TestBed,
  rules: readonly string[],
  ...leases: Parameters<typeof renderEntry>[0][]
) {
  azure.changeVault(contoso.vault, {
    tags: { KvAgentAccess: leases.map(renderEntry).join(',') },
    properties: { networkAcls: { ipRules: rules.map((value) => ({ value })) } },
  });
}

const sweep = accessPipeline(', action: sweep');

describeScenarios('KeyVaultAgentAccess, whoever writes tags,', {
  "never removes a company's range for an expired lease, and says how to": async (testBed) => {
    const range = '51.144.0.0/24';
    forgeLeases(testBed, [range], { rule: range, expires: Date.now() - 24 * hour, id: 'forged' });
    for (const pipeline of [sweep, `steps:${access()}${work}`]) {
      const outcome = await testBed.run(pipeline);
      assert.deepEqual(rulesOf(testBed), [range], outcome.text);
    }
    const { text } = await testBed.run(sweep);
    assert.match(
      text,
      /the range 51\.144\.0\.0\/24 has an expired lease.*az keyvault network-rule remove --name contoso-kv/,
    );
  },

  'removes its rule although a forged lease ends in 2084': async (testBed) => {
    const own = '20.50.1.10/32';
    forgeLeases(testBed, ['198.51.100.7/32'], { rule: own, expires: Date.UTC(2084, 0, 1), id: 'forged' });
    const outcome = await runWatching(testBed, `steps:${access()}${work}`);
    assert.deepEqual(outcome.during, ['198.51.100.7/32', own], outcome.text);
    assert.deepEqual(rulesOf(testBed), ['198.51.100.7/32']);
  },

  "keeps the rules of running jobs on a machine whose clock is 8 hours ahead, because Azure's clock counts": async (
    testBed,
  ) => {
    const live = '20.60.0.9/32';
    forgeLeases(testBed, [live], { rule: live, expires: Date.now() + 5 * hour, id: 'theirs' });
    const sweeping = await testBed.run(sweep, { environment: shiftedClock(8) });
    assert.equal(sweeping.result, 'Succeeded', sweeping.text);
    assert.match(sweeping.text, /no expired lease/);
    assert.deepEqual(rulesOf(testBed), [live]);
  },

  "writes its lease by Azure's clock on a machine whose clock is 8 hours behind": async (testBed) => {
    let ends = 0;
    await testBed.run(`steps:${access()}${work}`, {
      environment: shiftedClock(-8),
      onLine: (line) => {
        const minutes = tagsOf(testBed).KvAgentAccess?.slice(9, 14) ?? '';
        if (line === 'work') ends = Number.parseInt(minutes, 36) * 60_000;
      },
    });
    assert.ok(ends > Date.now() + 6 * hour && ends < Date.now() + 7 * hour);
  },

  "does not take a lock on a vault with 'tag' in its name as a refusal of tags": async (testBed) => {
    const { azure, contoso } = testBed;
    const networkAcls = { bypass: 'None', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] };
    const { subscription, application } = contoso;
    const place = { subscription, resourceGroup: 'shop', name: 'price-tag-kv' };
    const { id } = azure.addVault({ ...place, properties: { networkAcls } });
    azure.assignRole({ objectId: application.objectId, scope: id, ...leastActions });
    azure.addLock({ scope: id, level: 'ReadOnly' });
    const outcome = await testBed.run(accessPipeline().replace('contoso-kv', 'price-tag-kv'));
    assert.equal(outcome.result, 'Failed');
    assert.match(outcome.text, /##\[error\]AKV-ARM-LOCK/);
    assert.doesNotMatch(outcome.text, /cannot hold a lease/);
  },
});
