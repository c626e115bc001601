import assert from 'node:assert/strict';
import { leastActions } from '../../simulation/azure/contoso';
import { accessPipeline } from './support/access-job';
import { printingStep } from './support/hostile-step';
import {
  address,
  assertOpened,
  discoveryActions,
  enforcePerimeter,
  limitPermissions,
  runWatching,
  withProfile,
  work,
  writes,
  type PerimeterPlace,
} from './support/perimeter-place';
import { describeScenarios, type TestBed } from './support/scenarios';
import { rulesOf } from './support/vault-state';

describeScenarios('KeyVaultAgentAccess in a network security perimeter', {
  'gives the job its own rule in the profile, with three actions and no permission on the vault': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, []);
    const { text } = await assertOpened(testBed, place, withProfile(place));
    assert.match(text, /contoso-kv: using the network security perimeter profile contoso-perimeter\/shop \(set in/);
    assert.match(text, /Profile contoso-perimeter\/shop: rule akv-\w+-\w+ allows 20\.50\.1\.10\/32\./);
    assert.match(text, /contoso-kv accepts this agent after/);
    assert.match(text, /Profile contoso-perimeter\/shop: rule akv-\w+-\w+ removed\./);
    assert.deepEqual(
      writes(testBed).map(({ method }) => method),
      ['PUT', 'DELETE'],
    );
    const asked = testBed.azure.journal.filter(({ service, path }) => service === 'arm' && path.includes('KeyVault'));
    assert.deepEqual(asked, [], 'nothing is asked about the vault');
  },

  'finds the profile of an enforced perimeter, if the identity has permission to read it': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, discoveryActions);
    const { text } = await assertOpened(testBed, place, accessPipeline() + work);
    assert.match(text, /with which the vault is associated \(access mode Enforced\)/);
  },

  'finds it with the stable version of the API, if the preview is withdrawn': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, discoveryActions);
    testBed.azure.offerConfigurations(['2026-04-01']);
    await assertOpened(testBed, place, accessPipeline() + work);
  },

  'reports which input to set if Azure offers no version, and changes nothing': async (testBed) => {
    const place = enforcePerimeter(testBed);
    testBed.azure.offerConfigurations([]);
    const rules = place.rules();
    const outcome = await testBed.run(accessPipeline() + work);
    assert.equal(outcome.result, 'Failed');
    assert.match(outcome.text, /AKV-PERIMETER: .*does not show this identity which one \(Azure does not offer/);
    assert.match(outcome.text, /Set 'perimeterProfile' to the resource id/);
    assert.deepEqual([place.rules(), writes(testBed)], [rules, []]);
  },

  'reports that the identity has no permission to read it': async (testBed) => {
    enforcePerimeter(testBed);
    limitPermissions(testBed, ['Microsoft.KeyVault/vaults/read']);
    const outcome = await testBed.run(accessPipeline() + work);
    assert.match(outcome.text, /AKV-PERIMETER: .*\(Azure answered AuthorizationFailed\)/);
  },

  "uses the vault's firewall in learning mode with public access, and says why": async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, [...discoveryActions, 'Microsoft.KeyVault/vaults/write']);
    testBed.azure.associate({ vault: 'contoso-kv', profileId: place.profileId, accessMode: 'Learning' });
    const before = testBed.vaultJson();
    let during: readonly string[] = [];
    const outcome = await testBed.run(accessPipeline() + work, {
      onLine: (line) => {
        if (line === 'work') during = rulesOf(testBed);
      },
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(
      outcome.text,
      /\(access mode Learning\), which leaves the decision to the vault's firewall: using that/,
    );
    assert.deepEqual(during, [address]);
    assert.equal(testBed.vaultJson(), before);
    assert.deepEqual(place.added(), []);
  },

  'uses the perimeter in learning mode without public access': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, discoveryActions);
    testBed.azure.associate({ vault: 'contoso-kv', profileId: place.profileId, accessMode: 'Learning' });
    testBed.azure.changeVault('contoso-kv', { properties: { publicNetworkAccess: 'Disabled' } });
    await assertOpened(testBed, place, accessPipeline() + work);
  },

  'follows the perimeter although the firewall allows all networks': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, discoveryActions);
    testBed.azure.changeVault('contoso-kv', { properties: { networkAcls: { defaultAction: 'Allow' } } });
    await assertOpened(testBed, place, accessPipeline() + work);
  },

  'changes nothing when a rule of the perimeter allows the agent already': async (testBed) => {
    const place = enforcePerimeter(testBed);
    testBed.azure.changeVault('contoso-kv', { properties: { publicNetworkAccess: 'SecuredByPerimeter' } });
    testBed.azure.putAccessRule(place.profileId, 'agents', { direction: 'Inbound', addressPrefixes: ['20.50.0.0/16'] });
    for (const pipeline of [withProfile(place), accessPipeline() + work]) {
      const outcome = await testBed.run(pipeline);
      assert.equal(outcome.result, 'Succeeded', outcome.text);
    }
    assert.deepEqual(writes(testBed), []);
  },

  'reports that a vault that is secured by a perimeter, but in none, must be associated': async (testBed) => {
    testBed.azure.changeVault('contoso-kv', { properties: { publicNetworkAccess: 'SecuredByPerimeter' } });
    limitPermissions(testBed, discoveryActions);
    const outcome = await testBed.run(accessPipeline() + work);
    assert.equal(outcome.result, 'Failed');
    assert.match(outcome.text, /AKV-PERIMETER: 'contoso-kv' is secured by .* but is associated with none/);
    assert.deepEqual(writes(testBed), []);
  },

  'waits until every front end of the vault applies the rule': async (testBed) => {
    const place = enforcePerimeter(testBed, {
      propagation: { frontEnds: 3, delay: (frontEnd) => frontEnd * 3_000 },
    });
    await assertOpened(testBed, place, withProfile(place));
    const checks = testBed.azure.journal.filter(({ path }) => path === '/secrets');
    assert.deepEqual(
      checks.slice(-3).map(({ status }) => status),
      [200, 200, 200],
    );
  },

  'adds another address of the agent to the same rule': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const addresses = ['20.50.1.10', '20.50.1.11', '20.50.1.12', '20.50.1.13'] as const;
    const outcome = await runWatching(testBed, place, withProfile(place), { network: { addresses } });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.ok(outcome.during.length >= 3, outcome.text);
    assert.deepEqual(place.added(), []);
  },

  'removes the rule after a later step has failed': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const outcome = await testBed.run(`${withProfile(place)}  - bash: exit 3\n`);
    assert.equal(outcome.result, 'Failed');
    assert.match(outcome.text, /rule akv-\S+ removed/);
    assert.deepEqual(place.added(), []);
  },

  'removes the rule after it was canceled while it waited for the vault': async (testBed) => {
    const place = enforcePerimeter(testBed, { propagation: { frontEnds: 1, delay: () => 840_000 } });
    const cancel = new AbortController();
    let waiting: readonly unknown[] = [];
    const onLine = (text: string) => {
      if (text.includes('takes over access rules of its perimeter')) {
        waiting = place.added();
        cancel.abort();
      }
    };
    const outcome = await testBed.run(withProfile(place), { signal: cancel.signal, onLine });
    assert.equal(outcome.result, 'Canceled');
    assert.deepEqual([waiting, place.added()], [[address], []]);
  },

  'removes the rule after its own process was killed directly after the PUT': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const outcome = await testBed.run(withProfile(place), { onProcess: killOnce(place) });
    assert.equal(outcome.result, 'Failed');
    assert.deepEqual(place.added(), []);
  },

  'keeps the rule of a failed attempt of the same step': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const isCheck = ({ path, headers }: { path: string; headers: Readonly<Record<string, string>> }) =>
      path === '/secrets' && 'authorization' in headers && place.added().length > 0;
    testBed.azure.fault({
      when: isCheck,
      times: 1,
      then: { status: 401, body: '{"error":{"code":"Unauthorized","message":"x"}}' },
    });
    const retried = withProfile(place).replace('- task: KeyVaultAgentAccess@1', '$&\n    retryCountOnTaskFailure: 2');
    const outcome = await runWatching(testBed, place, retried);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    const puts = writes(testBed).filter(({ method }) => method === 'PUT');
    assert.equal(new Set(puts.map(({ path }) => path)).size, 1, 'always the same rule');
    assert.deepEqual([outcome.during, place.added()], [[address], []]);
  },

  'leaves the rule of a lost agent to the next job, which removes it after it has expired': {
    with: {},
    run: async (testBed) => {
      const place = enforcePerimeter(testBed);
      const expired = `akv-${Math.floor(Date.now() / 1000 - 3_600).toString(36)}-other0`;
      const live = `akv-${Math.floor(Date.now() / 1000 + 3_600).toString(36)}-other1`;
      for (const name of [expired, live, 'akv-office']) {
        testBed.azure.putAccessRule(place.profileId, name, { direction: 'Inbound', addressPrefixes: ['20.60.0.1/32'] });
      }
      const outcome = await testBed.run(withProfile(place));
      assert.equal(outcome.result, 'Succeeded', outcome.text);
      assert.match(outcome.text, /removed 1 expired rule of jobs that did not clean up/);
      assert.deepEqual(Object.keys(place.rules()), ['office', live, 'akv-office']);
    },
  },

  'sweeps the profile with the same three actions, and nothing else': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, []);
    const expired = `akv-${Math.floor(Date.now() / 1000 - 3_600).toString(36)}-other0`;
    testBed.azure.putAccessRule(place.profileId, expired, { direction: 'Inbound', addressPrefixes: ['20.60.0.1/32'] });
    const outcome = await testBed.run(accessPipeline(`, perimeterProfile: ${place.profileId}, action: sweep`));
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(Object.keys(place.rules()), ['office']);
  },

  'sweeps the profile that it finds': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, [...discoveryActions, 'Microsoft.KeyVault/vaults/write']);
    const expired = `akv-${Math.floor(Date.now() / 1000 - 3_600).toString(36)}-other0`;
    const live = `akv-${Math.floor(Date.now() / 1000 + 3_600).toString(36)}-other1`;
    for (const name of [expired, live]) {
      testBed.azure.putAccessRule(place.profileId, name, { direction: 'Inbound', addressPrefixes: ['20.60.0.1/32'] });
    }
    const before = testBed.vaultJson();
    const outcome = await testBed.run(accessPipeline(', action: sweep'));
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(outcome.text, /^contoso-kv +profile contoso-perimeter\/shop: removed 1 expired rule$/m);
    assert.deepEqual(Object.keys(place.rules()), ['office', live]);
    assert.equal(testBed.vaultJson(), before);
  },

  'uses the perimeter in learning mode if the vault answers like one without a perimeter': async (testBed) => {
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, discoveryActions);
    testBed.azure.associate({ vault: 'contoso-kv', profileId: place.profileId, accessMode: 'Learning' });
    testBed.azure.changeVault('contoso-kv', { properties: { publicNetworkAccess: 'Disabled' } });
    const message =
      'Public network access is disabled and request is not from a trusted service nor via an approved private link.';
    const error = { code: 'Forbidden', message, innererror: { code: 'ForbiddenByConnection' } };
    testBed.azure.fault({
      when: ({ path, headers }) => path === '/secrets' && 'authorization' in headers && place.added().length === 0,
      then: { status: 403, body: JSON.stringify({ error }) },
    });
    const { text } = await assertOpened(testBed, place, accessPipeline() + work);
    assert.match(text, /with which the vault is associated \(access mode Learning\)/);
  },

  "removes no other job's rule that a forged record names": async (testBed) => {
    const place = enforcePerimeter(testBed);
    const live = `akv-${Math.floor(Date.now() / 1000 + 3_600).toString(36)}-other1`;
    testBed.azure.putAccessRule(place.profileId, live, { direction: 'Inbound', addressPrefixes: ['20.60.0.1/32'] });
    const ids = ['office', live].map((name) => `${place.profileId}/accessRules/${name}`);
    const claims = ids.map((resourceId) => ({ resourceId, leaseId: 'other1', rules: [], leased: true, added: true }));
    const name = 'VSTS_TASKVARIABLE_KeyVaultAgentAccess_Opened';
    const value = JSON.stringify(claims);
    const forged = printingStep({ name, value, preserveCase: true }, { name, value });
    const outcome = await runWatching(testBed, place, withProfile(place) + forged);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, ['20.60.0.1/32', address]);
    assert.deepEqual(Object.keys(place.rules()), ['office', live]);
  },

  'removes its rule although the record of it cannot be trusted': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const forged = `
  - bash: echo '##vso[task.setvariable variable=VSTS_TASKVARIABLE_KeyVaultAgentAccess_Opened;preservecase=true]forged'
`;
    const outcome = await runWatching(testBed, place, withProfile(place) + forged);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual([outcome.during, place.added()], [[address], []]);
    assert.deepEqual(Object.keys(place.rules()), ['office']);
  },

  'opens several vaults, some of them in a perimeter': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const { azure, contoso } = testBed;
    const networkAcls = { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] };
    const { subscription, application } = contoso;
    for (const [name, accessMode] of [
      ['bank-kv', 'Enforced'],
      ['legacy-kv', undefined],
    ] as const) {
      const { id } = azure.addVault({ subscription, resourceGroup: 'shop', name, properties: { networkAcls } });
      azure.assignRole({ objectId: application.objectId, scope: id, ...leastActions });
      if (accessMode !== undefined) azure.associate({ vault: name, profileId: place.profileId, accessMode });
    }
    const pipeline = `
steps:
  - task: KeyVaultAgentAccess@1
    name: access
    inputs:
      azureSubscription: contoso-federated
      keyVault: contoso-kv, bank-kv, legacy-kv
      perimeterProfile: |
        contoso-kv: ${place.profileId}
        bank-kv: ${place.profileId}
${work}`;
    const legacy = () =>
      (azure.vaultResource('legacy-kv').properties as { networkAcls?: { ipRules: unknown[] } }).networkAcls?.ipRules;
    let legacyDuring: unknown;
    const outcome = await runWatching(testBed, place, pipeline, {
      onLine: (line) => {
        if (line === 'work') legacyDuring = legacy();
      },
    });
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.deepEqual(outcome.during, [address], 'one rule for both vaults of the profile');
    assert.deepEqual(legacyDuring, [{ value: address }]);
    assert.deepEqual([place.added(), legacy()], [[], []]);
    assert.equal(outcome.outputVariables['access.agentIpAddress']?.value, '20.50.1.10');
  },

  'separates jobs that share an address: each has its own rule': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const outcomes = await Promise.all([1, 2, 3].map(() => testBed.run(withProfile(place))));
    assert.deepEqual(
      outcomes.map(({ result }) => result),
      ['Succeeded', 'Succeeded', 'Succeeded'],
    );
    const names = new Set(
      writes(testBed)
        .filter(({ method }) => method === 'PUT')
        .map(({ path }) => path),
    );
    assert.equal(names.size, 3);
    assert.deepEqual(place.added(), []);
  },
});

/** Kills the main process as soon as Azure has its rule. */
function killOnce(place: PerimeterPlace): NonNullable<NonNullable<Parameters<TestBed['run']>[1]>['onProcess']> {
  return (_step, phase, child) => {
    if (phase !== 'main' || !child.spawnargs.some((argument) => argument.endsWith('main.js'))) return;
    const timer = setInterval(() => {
      if (place.added().length > 0) child.kill('SIGKILL');
    }, 5);
    child.once('exit', () => {
      clearInterval(timer);
    });
  };
}
