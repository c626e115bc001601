import assert from 'node:assert/strict';
import { stepOf } from './support/one-step';
import { describeScenarios, type TestBed } from './support/scenarios';
import { assertSucceeded, pipelineOf, readingStep, seedSecrets } from './support/secrets-step';

const header = 'x-ms-client-request-id';

/** The client request ids that these services got. */
function idsAt({ azure }: TestBed, ...services: readonly string[]): readonly (string | undefined)[] {
  const asked = azure.journal.filter(({ service }) => services.includes(service));
  return asked.map(({ headers }) => headers[header]);
}

/** What the log says they begin with. */
function prefixesIn(text: string): readonly string[] {
  return [...text.matchAll(/^Requests to Azure have client request IDs that begin with (\S+)$/gm)].map(
    ([, id = '']) => id,
  );
}

describeScenarios('Client request IDs', {
  'begin with the same groups in all steps and phases of a job, as its log shows, and each request has its own': async (
    testBed,
  ) => {
    seedSecrets(testBed, { one: 'not-a-real-value-1', two: 'not-a-real-value-2' });
    testBed.azure.changeVault(testBed.contoso.vault, { properties: { networkAcls: { defaultAction: 'Deny' } } });
    const access = stepOf('KeyVaultAgentAccess', {}).replace(/^\s*steps:/, '');
    const outcome = await testBed.run(pipelineOf(access, readingStep('*')));
    assertSucceeded(outcome);
    const ofAzure = idsAt(testBed, 'vault', 'arm').map(String);
    const prefixes = prefixesIn(outcome.text);
    assert.equal(prefixes.length, 2, outcome.text);
    assert.deepEqual([...new Set(prefixes)], [prefixes[0]]);
    assert.match(prefixes[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-$/);
    assert.ok(ofAzure.length > 10);
    assert.equal(new Set(ofAzure).size, ofAzure.length);
    assert.deepEqual(
      ofAzure.filter((id) => !id.startsWith(prefixes[0] ?? 'none') || id.length !== 36),
      [],
    );
  },

  'are not sent to the public services of allowPublicIpLookup': async (testBed) => {
    const { azure } = testBed;
    // Neither the header nor the refusal names the agent's address.
    azure.fault({
      when: ({ service }) => service === 'vault',
      then: {
        alter: (given) => ({ ...given, headers: {}, body: given.body.replace(/Client address: \S+/, '') }),
      },
    });
    await testBed.run(stepOf('KeyVaultAgentAccess', { inputs: 'allowPublicIpLookup: true\nwaitForAccess: false' }));
    const sent = idsAt(testBed, 'echo');
    assert.equal(sent.length, 2);
    assert.deepEqual([...new Set(sent)], [undefined]);
  },
});
