import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { ordinaryOutput, realisticSecrets } from './support/ordinary-output';
import { describeScenarios } from './support/scenarios';
import { assertSucceeded, bashStep, seedSecrets, pipelineOf, readingStep, withFile } from './support/secrets-step';

describeScenarios('The log after KeyVaultSecrets', {
  'shows the output of ordinary builds unchanged, while realistic secrets are masked': async (testBed) => {
    seedSecrets(testBed, realisticSecrets);
    await withFile(async (path) => {
      await writeFile(path, `${ordinaryOutput}\n`);
      const outcome = await testBed.run(
        pipelineOf(readingStep('*'), bashStep(`cat ${path}`), bashStep('echo "$CONFIG"', { CONFIG: 'db-config' })),
      );
      assertSucceeded(outcome);
      const lines = outcome.steps.at(-2)?.lines ?? [];
      const shown = lines.slice(lines.findIndex((line) => line.startsWith('##[command]')) + 1, -1);
      assert.deepEqual(shown, ordinaryOutput.split('\n'));
      assert.ok(!outcome.text.includes('not-a-real'), outcome.text);
    });
  },

  'warns of a value too short to be masked, by name alone': async (testBed) => {
    seedSecrets(testBed, { pin: '17', ok: 'not-a-real-value-1' });
    const outcome = await testBed.run(pipelineOf(readingStep('*')));
    assertSucceeded(outcome);
    assert.deepEqual(
      outcome.issues.map(({ message }) => message),
      ['Too short to be masked reliably (fewer than 4 characters): pin.'],
    );
  },
});
