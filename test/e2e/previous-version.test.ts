import assert from 'node:assert/strict';
import { describeScenarios } from './support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  seedSecrets,
  pipelineOf,
  readingStep,
  variablesSet,
} from './support/secrets-step';

const midnight = Date.UTC(2026, 0, 15);

/** The simulation lists versions by their hex digits. */
const first = '1'.repeat(32);
const last = 'f'.repeat(32);

const isVersions = ({ path }: { readonly path: string }) => path.endsWith('/versions');
const notFound = { status: 404, body: '{"error":{"code":"SecretNotFound","message":"There is no such secret."}}' };

describeScenarios('The previous version', {
  'is not the current one, if both were created in the same second': async (testBed) => {
    const versions = [
      { value: 'not-a-real-value-1', version: last, created: midnight + 100 },
      { value: 'not-a-real-value-2', version: first, created: midnight + 900 },
    ];
    for (const reversed of [false, true]) {
      const name = reversed ? 'reversed' : 'straight';
      const ids = reversed ? [first, last] : [last, first];
      versions.forEach((one, index) => {
        seedSecrets(testBed, { [name]: { ...one, version: ids[index] ?? '' } });
      });
    }
    const outcome = await testBed.run(pipelineOf(readingStep('straight/previous -> A\nreversed/previous -> B')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { A: 'not-a-real-value-1', B: 'not-a-real-value-1' });
  },

  'is not guessed if two have the same time': async (testBed) => {
    [midnight, midnight + 500, midnight + 2000].forEach((created, index) => {
      seedSecrets(testBed, { key: { value: `not-a-real-value-${index}`, created } });
    });
    const outcome = await testBed.run(pipelineOf(readingStep('key/previous?')));
    assertNothingSet(outcome);
    assert.match(
      outcome.text,
      /##\[error\]AKV-SECRET-VERSION: contoso-kv:key\/previous: 2 versions before the current one were created in the same second/,
    );
  },

  'of a missing secret is reported as a missing secret, even if the server answers 404 for its versions': async (
    testBed,
  ) => {
    seedSecrets(testBed, {});
    for (const answersNotFound of [false, true]) {
      if (answersNotFound) testBed.azure.fault({ when: isVersions, then: notFound });
      const failed = await testBed.run(pipelineOf(readingStep('never-there/previous')));
      assertNothingSet(failed);
      assert.match(
        failed.text,
        /##\[error\]AKV-SECRET-MISSING: contoso-kv:never-there\/previous: the secret does not exist/,
      );
      assertSucceeded(await testBed.run(pipelineOf(readingStep('never-there/previous?'))));
    }
  },
});
