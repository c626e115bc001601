import assert from 'node:assert/strict';
import { makeChain } from '../../fixtures/certificates';
import { addVault, connectionsNamed, addSecrets, leaveRuleBehind, runExample, readExample } from './example-run';
import type { TestBed } from './scenarios';
import { assertSucceeded, assertUnreadable, seedSecrets } from './secrets-step';
import { expandJobs, type ExpandedJob } from './expand-pipeline';
import { limitPermissions } from './perimeter-place';
import { rulesOf } from './vault-state';

const closed = {
  networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
};

function propertiesOf({ azure }: TestBed, vault: string): Readonly<Record<string, unknown>> {
  return azure.vaultResource(vault).properties as Readonly<Record<string, unknown>>;
}

function jobsOf(example: string): readonly ExpandedJob[] {
  return expandJobs(readExample(example.replace('.yml', '')), (name) => readExample(name.replace('.yml', '')));
}

async function deploysFromTheTemplate(testBed: TestBed): Promise<void> {
  addSecrets(testBed, { 'db-password': 'not-a-real-password-21', 'web-api-key': 'not-a-real-key-22' });
  const before = testBed.vaultJson();
  const [job] = jobsOf('step-template');
  const { call } = await runExample(testBed, job!.pipeline, ['deploy.sh']);
  assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-21');
  assert.equal(call.env.WEB_API_KEY, 'not-a-real-key-22');
  assert.equal(testBed.vaultJson(), before);
}

/** The secrets of an environment of the pipeline that is migrated. */
const secretsOf = (environment: string) => ({
  'nuget-token': 'not-a-real-token-31',
  'db-password': `not-a-real-password-of-${environment}`,
  'mail-settings': JSON.stringify({ password: `not-a-real-mail-password-of-${environment}` }),
  'web-api-key': 'not-a-real-key-32',
  'web-callback-key': 'not-a-real-key-33',
});

/** What the scripts of the pipeline that is migrated get, before the migration and after it. */
async function deploysToBoth(
  testBed: TestBed,
  example: string,
  prodProperties: Readonly<Record<string, unknown>>,
): Promise<void> {
  addVault(testBed, 'contoso-test-kv', secretsOf('test'));
  addVault(testBed, 'contoso-prod-kv', secretsOf('prod'), prodProperties);
  const serviceConnections = connectionsNamed(testBed, 'contoso-test', 'contoso-prod');
  const before = propertiesOf(testBed, 'contoso-prod-kv');
  for (const { stage: environment, pipeline } of jobsOf(example)) {
    const programs = ['dotnet', 'deploy.sh', 'az', 'curl', 'jq', 'sleep'];
    const prints = { jq: `not-a-real-mail-password-of-${environment}`, curl: '20.50.1.10' };
    const renamed = pipeline.replaceAll('AzureKeyVault@2', 'KeyVaultSecrets@1');
    const { calls, outcome } = await runExample(testBed, renamed, programs, { serviceConnections }, prints);
    assertUnreadable(outcome.text, 'not-a-real-');
    const { env, args } = calls.find(({ program }) => program === (environment === 'build' ? 'dotnet' : 'deploy.sh'))!;
    if (environment === 'build') {
      assert.equal(env.NUGET_TOKEN, 'not-a-real-token-31');
      continue;
    }
    assert.deepEqual(args, ['--environment', environment]);
    assert.equal(env.DB_PASSWORD, `not-a-real-password-of-${environment}`);
    assert.equal(env.MAIL_PASSWORD, `not-a-real-mail-password-of-${environment}`);
    assert.deepEqual([env.API_KEY, env.CALLBACK_KEY], ['not-a-real-key-32', 'not-a-real-key-33']);
  }
  assert.deepEqual(propertiesOf(testBed, 'contoso-prod-kv'), before);
}

/** Examples of several jobs, with templates, or with output of the programs that they call. */
export const multiStageExamples = {
  'step-template': deploysFromTheTemplate,

  'environment-approvals': async (testBed: TestBed) => {
    const serviceConnections = connectionsNamed(testBed, 'contoso-test', 'contoso-prod');
    const jobs = jobsOf('environment-approvals');
    assert.deepEqual(
      jobs.map(({ environment }) => environment),
      ['shop-test', 'shop-prod'],
    );
    for (const { stage: environment, pipeline } of jobs) {
      const vault = `contoso-${environment}-kv`;
      addVault(testBed, vault, { 'db-password': `not-a-real-password-of-${environment}` }, closed);
      const { call } = await runExample(testBed, pipeline, ['deploy.sh'], { serviceConnections });
      assert.deepEqual(call.args, ['--environment', environment]);
      assert.equal(call.env.DB_PASSWORD, `not-a-real-password-of-${environment}`);
      assert.deepEqual(propertiesOf(testBed, vault).networkAcls, closed.networkAcls);
    }
  },

  rotation: async (testBed: TestBed) => {
    const name = 'signing-key';
    seedSecrets(testBed, { [name]: { value: 'not-a-real-key-41', created: 1_600_000_000_000 } });
    const first = await runExample(testBed, readExample('rotation'), ['deploy.sh']);
    assert.equal(first.call.env.SIGNING_KEY, 'not-a-real-key-41');
    assert.equal(first.call.env.SIGNING_KEY_PREVIOUS, '', 'there is no previous version yet');
    seedSecrets(testBed, { [name]: 'not-a-real-key-42' });
    const rotated = await runExample(testBed, readExample('rotation'), ['deploy.sh']);
    assert.equal(rotated.call.env.SIGNING_KEY, 'not-a-real-key-42');
    assert.equal(rotated.call.env.SIGNING_KEY_PREVIOUS, 'not-a-real-key-41');
  },

  'optional-secrets': async (testBed: TestBed) => {
    seedSecrets(testBed, { 'db-password': 'not-a-real-password-71' });
    const without = await runExample(testBed, readExample('optional-secrets'), ['deploy.sh']);
    assert.deepEqual(without.call.args, ['--log-level', 'info', '--region', 'West Europe']);
    assert.equal(without.call.env.NEW_RELIC_LICENSE_KEY, '');
    assert.match(without.outcome.text, /^log-level +- +LOG_LEVEL +- +not secret, missing, set to the default$/m);
    assert.match(without.outcome.text, /^newrelic-key +- +NEW_RELIC_LICENSE_KEY +- +missing, set to an empty value$/m);
    seedSecrets(testBed, {
      'db-password': 'not-a-real-password-71',
      'log-level': 'not-a-real-level-72',
      'newrelic-key': 'not-a-real-key-73',
    });
    const { call, outcome } = await runExample(testBed, readExample('optional-secrets'), ['deploy.sh']);
    assert.deepEqual(call.args, ['--log-level', 'not-a-real-level-72', '--region', 'West Europe']);
    assert.equal(call.env.NEW_RELIC_LICENSE_KEY, 'not-a-real-key-73');
    assertUnreadable(outcome.text, 'not-a-real-level-72', 'not-a-real-key-73');
  },

  'expiry-check': async (testBed: TestBed) => {
    const day = 86_400_000;
    const list = ['Microsoft.KeyVault/vaults/secrets/readMetadata/action'];
    limitPermissions(testBed, [], list);
    seedSecrets(testBed, { soon: { expires: Date.now() + 20 * day }, late: { expires: Date.now() + 60 * day } });
    const warned = await testBed.run(readExample('expiry-check'));
    assert.match(warned.text, /##\[warning\].*'?soon'?/);
    assert.doesNotMatch(warned.text, /##\[warning\].*late/);
    assert.equal(warned.result, 'Succeeded', warned.text);
    seedSecrets(testBed, { over: { expires: Date.now() - day } });
    const failed = await testBed.run(readExample('expiry-check'));
    assert.equal(failed.result, 'Failed');
    assert.match(failed.text, /##\[error\]AKV-SECRET-EXPIRED: .*over/);
    const [, page] = [warned, failed].map(({ summaries }) => summaries.join('\n'));
    assert.match(page ?? '', /^\| contoso-kv:over \| over \| [\d-]+ \| expired on [\d-]+ \|$/m);
  },

  'docker-env-file': async (testBed: TestBed) => {
    const connection = 'Server=db;Password=not-a-real-password-81;Options="$x"';
    seedSecrets(testBed, {
      'shop-db-connection': connection,
      'shop-api-key': 'not-a-real-key-82',
      other: 'not-a-real-83',
    });
    const { call, outcome } = await runExample(testBed, readExample('docker-env-file'), ['docker']);
    const [command, remove, option, file = '', image] = call.args;
    assert.deepEqual([command, remove, option, image], ['run', '--rm', '--env-file', 'shop:1']);
    assert.equal(call.files[file], `API_KEY=not-a-real-key-82\nDB_CONNECTION=${connection}\n`);
    assertUnreadable(outcome.text + JSON.stringify([call.args, call.env]), 'not-a-real-');
  },

  'docker-build': async (testBed: TestBed) => {
    seedSecrets(testBed, { 'nuget-token': 'not-a-real-token-51' });
    const { call, outcome } = await runExample(testBed, readExample('docker-build'), ['docker']);
    const [build, option, secret = '', tag, name] = call.args;
    assert.deepEqual([build, option, tag, name], ['build', '--secret', '--tag', 'shop:1']);
    const [, file = ''] = /^id=nuget-token,src=(.+)$/.exec(secret) ?? [];
    assert.ok(
      outcome.tempFiles.some(({ path }) => file.endsWith(path)),
      file,
    );
    assertUnreadable(JSON.stringify([call.args, call.env]), 'not-a-real-token-51');
  },

  'kubernetes-secret': async (testBed: TestBed) => {
    const { key, leaf, intermediate } = await makeChain();
    const pem = key + leaf + intermediate;
    const certificate = { value: pem, managed: true, contentType: 'application/x-pem-file' };
    seedSecrets(testBed, { 'db-password': 'not-a-real-password-61', 'web-certificate': certificate });
    const { calls } = await runExample(testBed, readExample('kubernetes-secret'), ['kubectl']);
    const [generic, tls] = calls.filter(({ args }) => args[0] === 'create');
    assert.match(generic!.args.join(' '), /^create secret generic shop --from-file db-password=\/\S+ --dry-run=client/);
    const [, , , , , chainFile = '', , keyFile = ''] = tls!.args;
    assert.equal(tls!.files[chainFile], leaf + intermediate);
    assert.equal(tls!.files[keyFile], key);
    assert.equal(calls.filter(({ args }) => args[0] === 'apply').length, 2);
    assertUnreadable(JSON.stringify(calls.map(({ args, env }) => [args, env])), 'not-a-real-password-61');
  },

  'sweep-all': async (testBed: TestBed) => {
    addVault(testBed, 'contoso-quiet-kv', {});
    const before = testBed.vaultJson();
    const none = await testBed.run(readExample('sweep-all'));
    assertSucceeded(none);
    assert.match(none.text, /No vault of subscription \S+ that this identity can read has a lease/);
    await leaveRuleBehind(testBed);
    const early = await testBed.run(readExample('sweep-all'));
    assert.match(early.text, /^contoso-kv +no expired rule$/m);
    assert.deepEqual(rulesOf(testBed), ['20.50.1.10/32'], 'the lease has not expired yet');
    testBed.azure.passTime(7 * 3_600_000);
    const late = await testBed.run(readExample('sweep-all'));
    assertSucceeded(late);
    assert.equal(testBed.vaultJson(), before);
    const [summary] = late.summaries;
    assert.match(summary ?? '', /\| contoso-kv \| removed 20\.50\.1\.10\/32 \|/);
    assert.doesNotMatch(late.text, /contoso-quiet-kv/);
  },

  check: async (testBed: TestBed) => {
    addVault(testBed, 'contoso-test-kv', {});
    const before = testBed.vaultJson();
    const outcome = await testBed.run(readExample('check'));
    assertSucceeded(outcome);
    assert.equal(testBed.vaultJson(), before);
    const [summary] = outcome.summaries;
    assert.match(summary ?? '', /\| contoso-kv \| refuses this agent \| add 20\.50\.1\.10\/32 and a lease/);
    assert.match(summary ?? '', /\| contoso-test-kv \| accepts this agent \| nothing \|/);
  },

  'multi-stage-before': (testBed: TestBed) => deploysToBoth(testBed, 'multi-stage-before', {}),
  'multi-stage-after': (testBed: TestBed) => deploysToBoth(testBed, 'multi-stage-after', closed),
};
