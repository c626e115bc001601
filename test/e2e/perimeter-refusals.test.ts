import assert from 'node:assert/strict';
import { ruleActions } from '../../simulation/azure/perimeter/perimeter-fixture';
import { accessPipeline } from './support/access-job';
import {
  assertOpened,
  discoveryActions,
  enforcePerimeter,
  limitPermissions,
  withProfile,
  work,
  writes,
} from './support/perimeter-place';
import { describeScenarios, type Scenarios } from './support/scenarios';

const refusals: Scenarios = {
  'the three actions, with the commands that grant them': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const { profileId } = place;
    const other = testBed.azure.addProfile({
      ...{ subscription: testBed.contoso.subscription, resourceGroup: 'network' },
      ...{ perimeter: 'contoso-perimeter', profile: 'bank' },
    });
    const outcome = await testBed.run(accessPipeline(`, perimeterProfile: ${other}`));
    assert.match(
      outcome.text,
      /AKV-ARM-ACCESS: .*not authorized to manage the access rules of profile contoso-perimeter\/bank/,
    );
    for (const action of ruleActions) assert.ok(outcome.text.includes(`"${action}"`), action);
    assert.ok(outcome.text.includes(`--scope ${other}`));
    assert.deepEqual(testBed.azure.accessRules(profileId), place.rules());
  },

  'a policy': async (testBed) => {
    const place = enforcePerimeter(testBed);
    testBed.azure.addPolicy({
      name: 'no-rules',
      scope: place.profileId,
      effect: 'denyAccessRule',
      matches: () => true,
    });
    const outcome = await testBed.run(withProfile(place));
    assert.match(
      outcome.text,
      /AKV-ARM-POLICY: Azure Policy denies the access rule in profile contoso-perimeter\/shop/,
    );
  },

  'a lock': async (testBed) => {
    const place = enforcePerimeter(testBed);
    testBed.azure.addLock({ scope: place.profileId, level: 'ReadOnly' });
    const outcome = await testBed.run(withProfile(place));
    assert.match(
      outcome.text,
      /AKV-ARM-LOCK: A lock prevents changes to the access rules of profile contoso-perimeter\/shop/,
    );
  },

  'a lock that lets it add and not remove the rule, with the command that removes it': async (testBed) => {
    const place = enforcePerimeter(testBed);
    testBed.azure.addLock({ scope: place.profileId, level: 'CanNotDelete' });
    const outcome = await testBed.run(withProfile(place));
    assert.equal(outcome.result, 'SucceededWithIssues', outcome.text);
    assert.match(outcome.text, /AKV-ARM-LOCK/);
    const [rule = ''] = Object.keys(place.rules()).filter((name) => name.startsWith('akv-'));
    assert.ok(outcome.text.includes(`az resource delete --ids ${place.profileId}/accessRules/${rule} --api-version`));
  },

  'a full profile': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const addressPrefixes = Array.from({ length: 199 }, (_, index) => `20.9.${index}.0/24`);
    testBed.azure.putAccessRule(place.profileId, 'all', { direction: 'Inbound', addressPrefixes });
    const outcome = await testBed.run(withProfile(place, ', timeoutInSeconds: 10'));
    assert.match(outcome.text, /AKV-PERIMETER-FULL: Profile contoso-perimeter\/shop .* has 200 of 200 rule elements/);
  },

  'a rule that Azure could not put into effect': async (testBed) => {
    const place = enforcePerimeter(testBed, { provisioningState: 'Failed' });
    const outcome = await testBed.run(withProfile(place));
    assert.match(outcome.text, /AKV-PERIMETER: .*its provisioning state is Failed/);
    assert.deepEqual(place.added(), [], 'and the post-job step removes it');
  },

  'a perimeter whose association has problems, in a warning': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const { profileId } = place;
    testBed.azure.associate({ vault: 'contoso-kv', profileId, accessMode: 'Enforced', hasProvisioningIssues: true });
    limitPermissions(testBed, discoveryActions);
    const outcome = await testBed.run(accessPipeline() + work);
    assert.equal(outcome.result, 'Succeeded', outcome.text);
    assert.match(
      outcome.text,
      /##\[warning\]Azure reports a problem with the network security perimeter of 'contoso-kv': The vault has not taken over/,
    );
  },

  'a profile that does not exist': async (testBed) => {
    const place = enforcePerimeter(testBed);
    testBed.azure.assignRole({ objectId: testBed.contoso.application.objectId, scope: '/', actions: ['*'] });
    const outcome = await testBed.run(
      accessPipeline(`, perimeterProfile: ${place.profileId.replace(/shop$/, 'none')}`),
    );
    assert.match(outcome.text, /AKV-ARM-NOT-FOUND: .*contoso-perimeter\/none does not exist or is not accessible/);
  },

  'a vault that does not follow its perimeter, and removes the rule': async (testBed) => {
    const place = enforcePerimeter(testBed, { propagation: { frontEnds: 1, delay: () => 3_600_000 } });
    const outcome = await testBed.run(withProfile(place, ', timeoutInSeconds: 10'));
    assert.equal(outcome.result, 'Failed');
    assert.match(outcome.text, /contoso-kv takes over access rules of its perimeter within 1 to 15 minutes/);
    assert.match(outcome.text, /AKV-TIMEOUT/);
    assert.deepEqual(place.added(), []);
  },

  'a vault that does not report the address': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const network = { stripResponseHeaders: ['x-ms-keyvault-network-info'] };
    const outcome = await testBed.run(withProfile(place), { network });
    assert.match(outcome.text, /AKV-ADDRESS-UNKNOWN: .*the input 'ipAddresses'/s);
    assert.deepEqual([place.added(), writes(testBed)], [[], []]);
  },

  'what is not a profile, before any request to Azure': async (testBed) => {
    const outcome = await testBed.run(accessPipeline(', perimeterProfile: contoso-perimeter/shop'));
    assert.match(
      outcome.text,
      /Input 'perimeterProfile': 'contoso-perimeter\/shop' is not the resource ID of a profile/,
    );
    assert.equal(testBed.azure.journal.length, 0);
  },

  'writes that Azure answers with 409 or not at all, by sending the same again': async (testBed) => {
    const place = enforcePerimeter(testBed);
    const isPut = ({ method }: { method: string }) => method === 'PUT';
    const isDelete = ({ method }: { method: string }) => method === 'DELETE';
    const conflict = { status: 409, body: '{"error":{"code":"AnotherOperationInProgress","message":"busy"}}' };
    testBed.azure.fault({ when: isPut, times: 1, then: conflict });
    testBed.azure.fault({ when: isPut, times: 1, then: 'reset-after' });
    testBed.azure.fault({ when: isDelete, times: 1, then: conflict });
    testBed.azure.fault({ when: isDelete, times: 1, then: 'reset-after' });
    await assertOpened(testBed, place, withProfile(place));
    const puts = writes(testBed).filter(isPut);
    assert.equal(puts.length, 3);
    assert.equal(new Set(puts.map(({ path, body }) => path + body)).size, 1);
  },
};

describeScenarios('KeyVaultAgentAccess explains, of a perimeter,', refusals);
