import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { createClientCertificate } from '../../simulation/azure/http/certificates';
import { describeScenarios, type TestBed } from './support/scenarios';
import { assertSucceeded } from './support/secrets-step';

const file = join(__dirname, '../../examples/live/azure-pipelines.yml');

interface Example {
  readonly variables: Readonly<Record<string, string>>;
  readonly jobs: readonly { readonly job: string; readonly steps: readonly { readonly displayName?: string }[] }[];
}

/** The job that runs the tasks, as one pipeline. Its last step reads the run's logs from Azure DevOps, which is not here. */
function tasksJob(): string {
  const { variables, jobs } = parse(readFileSync(file, 'utf8')) as Example;
  const steps = jobs.find(({ job }) => job === 'Tasks')?.steps ?? [];
  const [last] = steps.slice(-1);
  assert.equal(last?.displayName, 'Check that no log shows the secret');
  return stringify({ variables, steps: steps.slice(0, -1) });
}

async function fill({ azure, contoso }: TestBed, single: string): Promise<void> {
  const { certificate, privateKey } = await createClientCertificate();
  const set = (name: string, value: string, more = {}) => azure.setSecret(contoso.vault, { name, value, ...more });
  set('live-single', single);
  set('live-lines', 'first live line\nsecond live line');
  set('live-json', '{"user":"live-user","port":5432}');
  set('live-tls', `${privateKey}\n${certificate}`, { contentType: 'application/x-pem-file', managed: true });
}

describeScenarios('examples/live/azure-pipelines.yml', {
  'passes its own assertions, and leaves the vault as it was': async (testBed) => {
    await fill(testBed, 'live single value');
    const before = testBed.vaultJson();
    const outcome = await testBed.run(tasksJob());
    assertSucceeded(outcome);
    assert.match(outcome.text, /In this line the secret must be masked: \*\*\*/);
    assert.equal(testBed.vaultJson(), before);
  },

  'fails when a secret has another value': async (testBed) => {
    await fill(testBed, 'another live value');
    const outcome = await testBed.run(tasksJob());
    assert.equal(outcome.result, 'Failed', outcome.text);
    assert.match(outcome.text, /##\[error\]LIVE_SINGLE has another value/);
  },
});
