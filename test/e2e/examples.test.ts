import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeChain } from '../fixtures/certificates';
import { selectJob } from './support/select-job';
import { enforcePerimeter, limitPermissions } from './support/perimeter-place';
import { addVault, examplesFolder, addSecrets, leaveRuleBehind, runExample, readExample } from './support/example-run';
import { describeScenarios, type TestBed } from './support/scenarios';
import { assertSucceeded, assertUnreadable, seedSecrets } from './support/secrets-step';
import { multiStageExamples } from './support/multi-stage-examples';
import { rulesOf } from './support/vault-state';

const recipes = {
  ...multiStageExamples,

  'pre-job': async (testBed: TestBed) => {
    addSecrets(testBed, { 'nuget-token': 'not-a-real-token-1' });
    const before = testBed.vaultJson();
    const { outcome, call } = await runExample(testBed, readExample('pre-job'), ['dotnet']);
    assert.deepEqual([call.program, ...call.args], ['dotnet', 'restore']);
    assert.equal(call.env.NUGET_TOKEN, 'not-a-real-token-1');
    const worked = outcome.steps.filter(({ phase, result }) => phase === 'pre' && result === 'Succeeded');
    assert.deepEqual(
      worked.map(({ displayName }) => displayName),
      ['Key Vault access for this agent', 'Key Vault secrets'],
    );
    assert.equal(testBed.vaultJson(), before);
  },

  'classic-release': async (testBed: TestBed) => {
    addSecrets(testBed, { 'db-password': 'not-a-real-password-2' });
    const before = testBed.vaultJson();
    const { outcome, call } = await runExample(testBed, readExample('classic-release'), ['deploy.sh'], {
      hostType: 'release',
    });
    assert.deepEqual(call.args, ['--stage', 'Stage 1']);
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-2');
    assertUnreadable(outcome.text, 'not-a-real-password-2');
    assert.equal(testBed.vaultJson(), before);
  },

  environments: async (testBed: TestBed) => {
    addVault(testBed, 'contoso-shared-kv', { 'nuget-token': 'not-a-real-token-3' });
    for (const environment of ['test', 'prod']) {
      const secrets = { 'db-password': `not-a-real-password-of-${environment}`, other: 'not-a-real-value-4' };
      const mail = { [`shop-${environment}-mail-key`]: `not-a-real-key-of-${environment}` };
      addVault(testBed, `contoso-${environment}-kv`, { ...secrets, ...mail });
      const pipeline = readExample('environments').replace('environment: test', `environment: ${environment}`);
      const { call, outcome } = await runExample(testBed, pipeline, ['deploy.sh']);
      assert.deepEqual(call.args, ['--environment', environment]);
      assert.equal(call.env.DB_PASSWORD, `not-a-real-password-of-${environment}`);
      assert.equal(call.env.SHOP_MAIL_KEY, `not-a-real-key-of-${environment}`);
      assert.equal(outcome.variables.NUGET_TOKEN?.value, 'not-a-real-token-3');
    }
  },

  'dotnet-configuration': async (testBed: TestBed) => {
    const connection = 'Server=db.contoso.example;Password=not-a-real-password-5';
    seedSecrets(testBed, { 'ConnectionStrings--Shop': connection, 'Smtp--Password': 'not-a-real-password-6' });
    const { call, outcome } = await runExample(testBed, readExample('dotnet-configuration'), ['dotnet']);
    assert.equal(call.env.ConnectionStrings__Shop, connection);
    assert.equal(call.env.Smtp__Password, 'not-a-real-password-6');
    assert.equal(outcome.variables['ConnectionStrings.Shop']?.value, connection);
    assert.equal(outcome.variables['Smtp.Password']?.value, 'not-a-real-password-6');
  },

  'nginx-certificate': async (testBed: TestBed) => {
    const { key, leaf, intermediate, root } = await makeChain();
    const pem = key + root + intermediate + leaf;
    seedSecrets(testBed, {
      'web-certificate': { value: pem, pem, managed: true, contentType: 'application/x-pem-file' },
    });
    const { outcome, calls } = await runExample(testBed, readExample('nginx-certificate'), ['scp', 'ssh']);
    const [scp, ssh] = calls;
    const [chainPath = '', keyPath = '', target] = scp!.args;
    assert.equal(scp!.files[chainPath], leaf + intermediate);
    assert.equal(scp!.files[keyPath], key);
    assert.equal(target, 'web-1:/etc/nginx/tls/');
    assert.deepEqual(ssh!.args, ['web-1', 'nginx -t && nginx -s reload']);
    const kept = outcome.tempFiles.filter(({ path }) => path.endsWith('.pem'));
    assert.deepEqual(
      kept.map(({ mode }) => mode),
      [0o600, 0o600],
    );
  },

  'code-signing': async (testBed: TestBed) => {
    const pfx = Buffer.from('30820a0102', 'hex');
    const certificate = { value: pfx.toString('base64'), managed: true, contentType: 'application/x-pkcs12' };
    seedSecrets(testBed, { 'signing-certificate': certificate });
    const { call } = await runExample(testBed, readExample('code-signing'), ['osslsigncode']);
    assert.deepEqual(call.args.slice(0, 2), ['sign', '-pkcs12']);
    assert.deepEqual(Buffer.from(call.files[call.args[2]!]!, 'latin1'), pfx);
  },

  'json-settings': async (testBed: TestBed) => {
    const settings = JSON.stringify({ DB_HOST: 'db.contoso.example', DB_PASSWORD: 'not-a-real-password-7' });
    seedSecrets(testBed, { 'shop-settings': settings });
    const { outcome, call } = await runExample(testBed, readExample('json-settings'), ['deploy.sh']);
    const [option, path = ''] = call.args;
    assert.equal(option, '--settings');
    assert.equal(call.files[path], settings);
    assert.equal(call.env.DB_HOST, 'db.contoso.example');
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-7');
    assertUnreadable(outcome.text, 'not-a-real-password-7');
  },

  'output-variables': async (testBed: TestBed) => {
    seedSecrets(testBed, { 'api-key': 'not-a-real-key-8' });
    const example = readExample('output-variables');
    const fetched = await testBed.run(selectJob(example, 'fetch').pipeline);
    assertSucceeded(fetched);
    const { pipeline, variables } = selectJob(example, 'deploy', fetched);
    assert.deepEqual(variables, [{ name: 'apiKey', value: 'not-a-real-key-8', secret: true }]);
    const { call } = await runExample(testBed, pipeline, ['deploy.sh'], { variables });
    assert.equal(call.env.API_KEY, 'not-a-real-key-8');
    assertUnreadable(fetched.text, 'not-a-real-key-8');
  },

  sweep: async (testBed: TestBed) => {
    addVault(testBed, 'contoso-test-kv', {});
    const before = testBed.vaultJson();
    await leaveRuleBehind(testBed);
    testBed.azure.passTime(7 * 3_600_000);
    const sweeping = await testBed.run(readExample('sweep'));
    assertSucceeded(sweeping);
    assert.equal(testBed.vaultJson(), before);
  },

  perimeter: async (testBed: TestBed) => {
    addSecrets(testBed, { 'db-password': 'not-a-real-password-13' });
    const place = enforcePerimeter(testBed);
    limitPermissions(testBed, []);
    const [vault, rules] = [testBed.vaultJson(), place.rules()];
    const { call } = await runExample(testBed, readExample('perimeter'), ['deploy.sh']);
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-13');
    assert.deepEqual([testBed.vaultJson(), place.rules()], [vault, rules]);
  },

  terraform: async (testBed: TestBed) => {
    const before = testBed.vaultJson();
    const seen: string[][] = [];
    const { calls } = await runExample(testBed, readExample('terraform'), ['terraform'], {
      onLine: (line) => {
        if (line.includes('Starting: Apply')) seen.push(rulesOf(testBed));
      },
    });
    assert.deepEqual(
      calls.map(({ args }) => args),
      [
        ['init', '-input=false'],
        ['apply', '-input=false', '-auto-approve'],
      ],
    );
    assert.equal(calls[1]!.env.ARM_USE_OIDC, 'true');
    assert.ok(calls[1]!.env.SYSTEM_ACCESSTOKEN);
    assert.deepEqual(seen, [['20.50.1.10/32']]);
    assert.equal(testBed.vaultJson(), before);
  },

  'private-endpoint': async (testBed: TestBed) => {
    addSecrets(testBed, { 'db-password': 'not-a-real-password-9' });
    testBed.azure.changeVault(testBed.contoso.vault, { properties: { publicNetworkAccess: 'Disabled' } });
    const privateEndpoint = `${testBed.contoso.subscription.id}/resourceGroups/shop/privateEndpoints/build`;
    const network = { addresses: ['10.4.5.6'] as const, via: { kind: 'PrivateLink', privateEndpoint } as const };
    const { call } = await runExample(testBed, readExample('private-endpoint'), ['deploy.sh'], { network });
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-9');
  },

  // Shown by `npm run demo`, too.
  'private-vault': async (testBed: TestBed) => {
    const smtp = JSON.stringify({ HOST: 'mail.contoso.example', USER: 'shop', PASSWORD: 'not-a-real-password-10' });
    addSecrets(testBed, { 'db-password': 'not-a-real-password-11', 'web-api-key': 'not-a-real-key-12', smtp });
    const before = testBed.vaultJson();
    const outcome = await testBed.run(readExample('private-vault'));
    assertSucceeded(outcome);
    assert.match(outcome.text, /^Deploying with password \*\*\*$/m);
    assertUnreadable(outcome.text, 'not-a-real-password-10', 'not-a-real-password-11', 'not-a-real-key-12');
    assert.equal(testBed.vaultJson(), before);
  },
};

/** Templates, which the examples that include them show. */
const included = ['key-vault-steps'];

describe('the examples', () => {
  const files = readdirSync(examplesFolder).flatMap((file) => /^(.*)\.yml$/.exec(file)?.[1] ?? []);

  it('are all run by these tests', () => {
    assert.deepEqual([...Object.keys(recipes), ...included].sort(), files.sort());
  });

  for (const file of files) {
    it(`${file}.yml says what it does and what it needs before anything else`, () => {
      const header = /^(#.*\n)+/.exec(readExample(file))?.[0] ?? '';
      assert.match(header, /^# Needs: /m);
      assert.ok(header.split('\n').every((line) => line.length <= 125));
    });
  }

  it('are all on the page of recipes', () => {
    const page = readFileSync(resolve(examplesFolder, '../docs/recipes.md'), 'utf8');
    for (const file of files) assert.ok(page.includes(`(../examples/${file}.yml)`), file);
  });
});

describeScenarios(
  'The example',
  Object.fromEntries(Object.entries(recipes).map(([name, recipe]) => [`${name}.yml does what it says`, recipe])),
);
