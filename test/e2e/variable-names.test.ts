import assert from 'node:assert/strict';
import { describeScenarios } from './support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
  variablesSet,
} from './support/secrets-step';

/** Names with which someone who may write to the vault could take over later steps. */
const hostile = [
  ...['KUBECONFIG', 'AWS_CONFIG_FILE', 'OPENSSL_CONF', 'DirectoryBuildPropsPath', 'GOFLAGS', 'DOTNET_ROOT'],
  ...['SHELLOPTS', 'PIP_INDEX_URL', 'NUGET_PLUGIN_PATHS', 'RUSTC_WRAPPER', 'MAVEN_OPTS', 'LD_PRELOAD', 'BASH_ENV'],
];

const printNames = bashStep(`env | grep -iE '^(${hostile.join('|')})=' | sed 's/=.*//' | sed 's/^/found /'; true`);

describeScenarios('Names that change how programs behave', {
  'cannot be chosen by the fields of a secret': async (testBed) => {
    seedSecrets(testBed, {
      settings: JSON.stringify(Object.fromEntries(hostile.map((name) => [name, '/not/a/real/path']))),
    });
    const outcome = await testBed.run(
      pipelineOf(readingStep('settings.** | notSecret -> *'), `${printNames}\n    condition: always()`),
    );
    assertNothingSet(outcome);
    assert.match(outcome.text, new RegExp(`##\\[error\\]AKV-NAME-RESERVED: ${hostile.length} problems`));
    for (const name of hostile) {
      assert.ok(outcome.text.includes(`contoso-kv:settings.**: the variable '${name}' would change how`), outcome.text);
    }
    assert.doesNotMatch(outcome.text, /^found /m);
  },

  'cannot be chosen by the names of secrets that become files': async (testBed) => {
    seedSecrets(testBed, { 'web-kubeconfig': 'not-a-real-config', 'web-openssl-conf': 'not-a-real-config' });
    const inputs = 'variableNaming: upperUnderscore';
    const outcome = await testBed.run(pipelineOf(readingStep('web-* | file -> *', inputs)));
    assertNothingSet(outcome);
    assert.match(outcome.text, /AKV-NAME-RESERVED: 2 problems/);
    assert.match(outcome.text, /contoso-kv:web-kubeconfig: the variable 'KUBECONFIG' would change how the programs/);
    assert.match(outcome.text, /write its name in a rule for this secret or field alone: secret-name -> KUBECONFIG/);
    const planned = await testBed.run(pipelineOf(readingStep('web-* | file -> *', `${inputs}\ndryRun: true`)));
    assert.equal(planned.result, 'Failed', 'a dry run says the same');
    assert.match(planned.text, /'OPENSSL_CONF' would change how the programs/);
  },

  'can be written by the author of the pipeline, with a warning': async (testBed) => {
    seedSecrets(testBed, { cluster: 'not-a-real-config', settings: '{"index":"https://packages.example"}' });
    const rules = 'cluster | file -> KUBECONFIG\nsettings.index | notSecret -> PIP_INDEX_URL';
    const outcome = await testBed.run(pipelineOf(readingStep(rules), printNames));
    assertSucceeded(outcome);
    assert.equal(variablesSet(outcome).PIP_INDEX_URL, 'https://packages.example');
    assert.match(outcome.text, /^found KUBECONFIG$/m);
    assert.match(
      outcome.text,
      /##\[warning\]These variables change how the programs of all later steps behave: KUBECONFIG \(contoso-kv:cluster\), PIP_INDEX_URL \(contoso-kv:settings\.index\)\./,
    );
  },

  'are secret if a pattern reads them, and are in no environment': async (testBed) => {
    seedSecrets(testBed, { KUBECONFIG: 'not-a-real-config' });
    const outcome = await testBed.run(pipelineOf(readingStep('*'), printNames));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { KUBECONFIG: 'not-a-real-config' });
    assert.doesNotMatch(outcome.text, /^found /m);
    assert.match(
      outcome.text,
      /##\[warning\]These names change how programs behave; do not map them to env: KUBECONFIG \(contoso-kv:KUBECONFIG\)\./,
    );
  },
});
