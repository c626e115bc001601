import assert from 'node:assert/strict';
import { assertDone, seedVault, runStep, secretValue } from './support/one-step';
import { describeScenarios } from './support/scenarios';
import {
  assertSucceeded,
  assertUnreadable,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
} from './support/secrets-step';

/*
 * Steps that the pipeline restricts by `target`. The agent tells a task neither its restrictions nor that it has ignored
 * a command (microsoft/azure-pipelines-agent TaskRestrictionsChecker.cs), so what the user sees of it are the agent's own
 * warnings. docs/troubleshooting.md, "Steps with restrictions", says what to do about them.
 */

const lines = 'not-a-real-line-1\nnot-a-real-line-2';
const restrictedTo = (...names: readonly string[]) => `    target: { settableVariables: [${names.join(', ')}] }`;

describeScenarios('Restricted steps', {
  'KeyVaultSecrets sets what settableVariables names': async (testBed) => {
    seedSecrets(testBed, { token: secretValue });
    const outcome = await testBed.run(pipelineOf(readingStep('token -> TOKEN') + restrictedTo('TOKEN')));
    assertSucceeded(outcome);
    assert.equal(outcome.variables.TOKEN?.value, secretValue);
    assert.deepEqual(outcome.issues, []);
  },

  'KeyVaultSecrets sets nothing else: the agent warns with the name, and the value stays masked': async (testBed) => {
    seedSecrets(testBed, { token: secretValue, other: 'not-a-real-other-1' });
    const outcome = await testBed.run(
      pipelineOf(readingStep('token\nother') + restrictedTo('other'), bashStep(`echo "${secretValue}"`)),
    );
    assertSucceeded(outcome);
    assert.equal(outcome.variables.token, undefined);
    assert.match(outcome.text, /sent 2 variables to the agent\./);
    assert.equal(outcome.variables.other?.value, 'not-a-real-other-1');
    assert.deepEqual(
      outcome.issues.map(({ type, message }) => `${type}: ${message}`),
      ["warning: Setting variable 'token' has been disabled by the task or build definition."],
    );
    assertUnreadable(outcome.text, secretValue);
  },

  'KeyVaultSecrets sets a multi-line secret if the switch for it can also be set': async (testBed) => {
    seedSecrets(testBed, { lines });
    const allowed = restrictedTo('lines', 'SYSTEM_UNSAFEALLOWMULTILINESECRET');
    const outcome = await testBed.run(pipelineOf(readingStep('lines') + allowed));
    assertSucceeded(outcome);
    assert.equal(outcome.variables.lines?.value, lines);
  },

  'KeyVaultSecrets fails with a multi-line secret if the switch for it cannot be set': async (testBed) => {
    seedSecrets(testBed, { lines });
    const outcome = await testBed.run(pipelineOf(readingStep('lines') + restrictedTo('lines')));
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.equal(outcome.variables.lines, undefined);
    assert.match(outcome.text, /'SYSTEM_UNSAFEALLOWMULTILINESECRET' has been disabled/);
    assertUnreadable(outcome.text, ...lines.split('\n'));
  },

  'KeyVaultSecrets does its work with restricted commands, except for the summary': async (testBed) => {
    seedVault(testBed, 'KeyVaultSecrets');
    const restrictions = { commands: 'restricted' } as const;
    const outcome = await runStep(testBed, 'KeyVaultSecrets', { restrictions, inputs: 'publishSummary: true' });
    assertDone(testBed, 'KeyVaultSecrets', outcome);
    assert.match(outcome.text, /##\[warning\]##vso\[task\.uploadsummary\] is not allowed in this step/);
    assert.deepEqual(outcome.summaries, []);
  },

  'KeyVaultAgentAccess opens and closes, restricted as far as a step can be': async (testBed) => {
    const restrictions = { commands: 'restricted', settableVariables: [] } as const;
    const outcome = await runStep(testBed, 'KeyVaultAgentAccess', { restrictions });
    assertDone(testBed, 'KeyVaultAgentAccess', outcome);
    assert.deepEqual(
      outcome.issues.map(({ message }) => message),
      ["Setting variable 'agentIpAddress' has been disabled by the task or build definition."],
    );
  },
});
