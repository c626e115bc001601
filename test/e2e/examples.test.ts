import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeChain } from '../fixtures/certificates';
import { jobOf } from './support/job-of';
import { enforcePerimeter, limitRights } from './support/perimeter-place';
import { addVault, examplesFolder, hold, leaveRuleBehind, play, readExample } from './support/played-example';
import { describeScenarios, type Stage } from './support/scenarios';
import { assertSucceeded, assertUnreadable, keep } from './support/secrets-step';
import { stagedRecipes } from './support/staged-recipes';
import { rulesOf } from './support/vault-sights';

const recipes = {
  ...stagedRecipes,

  'pre-job': async (stage: Stage) => {
    hold(stage, { 'nuget-token': 'not-a-real-token-1' });
    const before = stage.vaultJson();
    const { outcome, call } = await play(stage, readExample('pre-job'), ['dotnet']);
    assert.deepEqual([call.program, ...call.args], ['dotnet', 'restore']);
    assert.equal(call.env.NUGET_TOKEN, 'not-a-real-token-1');
    const worked = outcome.steps.filter(({ phase, result }) => phase === 'pre' && result === 'Succeeded');
    assert.deepEqual(
      worked.map(({ displayName }) => displayName),
      ['Key Vault access for this agent', 'Key Vault secrets'],
    );
    assert.equal(stage.vaultJson(), before);
  },

  'classic-release': async (stage: Stage) => {
    hold(stage, { 'db-password': 'not-a-real-password-2' });
    const before = stage.vaultJson();
    const { outcome, call } = await play(stage, readExample('classic-release'), ['deploy.sh'], { hostType: 'release' });
    assert.deepEqual(call.args, ['--stage', 'Stage 1']);
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-2');
    assertUnreadable(outcome.text, 'not-a-real-password-2');
    assert.equal(stage.vaultJson(), before);
  },

  environments: async (stage: Stage) => {
    addVault(stage, 'contoso-shared-kv', { 'nuget-token': 'not-a-real-token-3' });
    for (const environment of ['test', 'prod']) {
      const secrets = { 'db-password': `not-a-real-password-of-${environment}`, other: 'not-a-real-value-4' };
      const mail = { [`shop-${environment}-mail-key`]: `not-a-real-key-of-${environment}` };
      addVault(stage, `contoso-${environment}-kv`, { ...secrets, ...mail });
      const pipeline = readExample('environments').replace('environment: test', `environment: ${environment}`);
      const { call, outcome } = await play(stage, pipeline, ['deploy.sh']);
      assert.deepEqual(call.args, ['--environment', environment]);
      assert.equal(call.env.DB_PASSWORD, `not-a-real-password-of-${environment}`);
      assert.equal(call.env.SHOP_MAIL_KEY, `not-a-real-key-of-${environment}`);
      assert.equal(outcome.variables.NUGET_TOKEN?.value, 'not-a-real-token-3');
    }
  },

  'dotnet-configuration': async (stage: Stage) => {
    const connection = 'Server=db.contoso.example;Password=not-a-real-password-5';
    keep(stage, { 'ConnectionStrings--Shop': connection, 'Smtp--Password': 'not-a-real-password-6' });
    const { call, outcome } = await play(stage, readExample('dotnet-configuration'), ['dotnet']);
    assert.equal(call.env.ConnectionStrings__Shop, connection);
    assert.equal(call.env.Smtp__Password, 'not-a-real-password-6');
    assert.equal(outcome.variables['ConnectionStrings.Shop']?.value, connection);
    assert.equal(outcome.variables['Smtp.Password']?.value, 'not-a-real-password-6');
  },

  'nginx-certificate': async (stage: Stage) => {
    const { key, leaf, intermediate, root } = await makeChain();
    const pem = key + root + intermediate + leaf;
    keep(stage, { 'web-certificate': { value: pem, pem, managed: true, contentType: 'application/x-pem-file' } });
    const { outcome, calls } = await play(stage, readExample('nginx-certificate'), ['scp', 'ssh']);
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

  'code-signing': async (stage: Stage) => {
    const pfx = Buffer.from('30820a0102', 'hex');
    const certificate = { value: pfx.toString('base64'), managed: true, contentType: 'application/x-pkcs12' };
    keep(stage, { 'signing-certificate': certificate });
    const { call } = await play(stage, readExample('code-signing'), ['osslsigncode']);
    assert.deepEqual(call.args.slice(0, 2), ['sign', '-pkcs12']);
    assert.deepEqual(Buffer.from(call.files[call.args[2]!]!, 'latin1'), pfx);
  },

  'json-settings': async (stage: Stage) => {
    const settings = JSON.stringify({ DB_HOST: 'db.contoso.example', DB_PASSWORD: 'not-a-real-password-7' });
    keep(stage, { 'shop-settings': settings });
    const { outcome, call } = await play(stage, readExample('json-settings'), ['deploy.sh']);
    const [option, path = ''] = call.args;
    assert.equal(option, '--settings');
    assert.equal(call.files[path], settings);
    assert.equal(call.env.DB_HOST, 'db.contoso.example');
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-7');
    assertUnreadable(outcome.text, 'not-a-real-password-7');
  },

  'output-variables': async (stage: Stage) => {
    keep(stage, { 'api-key': 'not-a-real-key-8' });
    const example = readExample('output-variables');
    const fetched = await stage.run(jobOf(example, 'fetch').pipeline);
    assertSucceeded(fetched);
    const { pipeline, variables } = jobOf(example, 'deploy', fetched);
    assert.deepEqual(variables, [{ name: 'apiKey', value: 'not-a-real-key-8', secret: true }]);
    const { call } = await play(stage, pipeline, ['deploy.sh'], { variables });
    assert.equal(call.env.API_KEY, 'not-a-real-key-8');
    assertUnreadable(fetched.text, 'not-a-real-key-8');
  },

  sweep: async (stage: Stage) => {
    addVault(stage, 'contoso-test-kv', {});
    const before = stage.vaultJson();
    await leaveRuleBehind(stage);
    stage.azure.passTime(7 * 3_600_000);
    const swept = await stage.run(readExample('sweep'));
    assertSucceeded(swept);
    assert.equal(stage.vaultJson(), before);
  },

  perimeter: async (stage: Stage) => {
    hold(stage, { 'db-password': 'not-a-real-password-13' });
    const place = enforcePerimeter(stage);
    limitRights(stage, []);
    const [vault, rules] = [stage.vaultJson(), place.rules()];
    const { call } = await play(stage, readExample('perimeter'), ['deploy.sh']);
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-13');
    assert.deepEqual([stage.vaultJson(), place.rules()], [vault, rules]);
  },

  terraform: async (stage: Stage) => {
    const before = stage.vaultJson();
    const seen: string[][] = [];
    const { calls } = await play(stage, readExample('terraform'), ['terraform'], {
      onLine: (line) => {
        if (line.includes('Starting: Apply')) seen.push(rulesOf(stage));
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
    assert.equal(stage.vaultJson(), before);
  },

  'private-endpoint': async (stage: Stage) => {
    hold(stage, { 'db-password': 'not-a-real-password-9' });
    stage.azure.changeVault(stage.contoso.vault, { properties: { publicNetworkAccess: 'Disabled' } });
    const privateEndpoint = `${stage.contoso.subscription.id}/resourceGroups/shop/privateEndpoints/build`;
    const network = { addresses: ['10.4.5.6'] as const, via: { kind: 'PrivateLink', privateEndpoint } as const };
    const { call } = await play(stage, readExample('private-endpoint'), ['deploy.sh'], { network });
    assert.equal(call.env.DB_PASSWORD, 'not-a-real-password-9');
  },

  // Shown by `npm run demo`, too.
  'private-vault': async (stage: Stage) => {
    const smtp = JSON.stringify({ HOST: 'mail.contoso.example', USER: 'shop', PASSWORD: 'not-a-real-password-10' });
    hold(stage, { 'db-password': 'not-a-real-password-11', 'web-api-key': 'not-a-real-key-12', smtp });
    const before = stage.vaultJson();
    const outcome = await stage.run(readExample('private-vault'));
    assertSucceeded(outcome);
    assert.match(outcome.text, /^Deploying with password \*\*\*$/m);
    assertUnreadable(outcome.text, 'not-a-real-password-10', 'not-a-real-password-11', 'not-a-real-key-12');
    assert.equal(stage.vaultJson(), before);
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
