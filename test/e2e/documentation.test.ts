import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { makeChain } from '../fixtures/certificates';
import {
  documentedSecrets,
  examplesOf,
  pipelineOfExample,
  type DocumentedSecret,
  type Example,
} from './support/documented-examples';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import { assertUnreadable, seedSecrets, variablesSet } from './support/secrets-step';

const page = 'docs/key-vault-secrets.md';
const examples = examplesOf(page);

/** Fills the vaults as the page says. */
async function keepDocumented(testBed: TestBed): Promise<void> {
  addSecondVault(testBed);
  seedSecrets(testBed, {});
  const chain = await makeChain();
  const pem = chain.key + chain.intermediate + chain.leaf;
  for (const secret of documentedSecrets(page)) {
    const earlier = /earlier version `(\w+)`: `(.*)`/.exec(secret.more);
    if (earlier?.[1] !== undefined) {
      const [, version, value = ''] = earlier;
      testBed.azure.setSecret(secret.vault, { name: secret.name, value, version, created: 1_600_000_000_000 });
    }
    testBed.azure.setSecret(secret.vault, { name: secret.name, ...valueOf(secret, pem) });
  }
}

function valueOf({ value, more }: DocumentedSecret, pem: string) {
  const [, tag, tagValue = ''] = /tag `(\w+)=(\w+)`/.exec(more) ?? [];
  const expired = /expired ([\d-]+)/.exec(more)?.[1];
  const kid = 'https://contoso-kv.vault.azure.net/keys/tls-cert/0123456789abcdef0123456789abcdef';
  return {
    value: more === 'certificate' ? pem : value,
    ...(more === 'certificate' ? { managed: true, contentType: 'application/x-pem-file', kid } : {}),
    ...(tag === undefined ? {} : { tags: { [tag]: tagValue } }),
    ...(expired === undefined ? {} : { expires: Date.parse(expired) }),
    enabled: more !== 'disabled',
  };
}

/** A second vault, with the same permissions on it as on Contoso's. */
function addSecondVault({ azure, contoso }: TestBed): void {
  const { subscription, application } = contoso;
  const { id } = azure.addVault({ subscription, resourceGroup: 'shop', name: 'shared-kv' });
  const read = ['getSecret', 'readMetadata'].map((action) => `Microsoft.KeyVault/vaults/secrets/${action}/action`);
  azure.assignRole({ objectId: application.objectId, scope: id, dataActions: read });
}

async function run(testBed: TestBed, example: Example): Promise<void> {
  await keepDocumented(testBed);
  const variables = [{ name: 'tier', value: 'db', secret: false }];
  const outcome = await testBed.run(pipelineOfExample(example, 'contoso-secret'), { variables });
  assert.equal(outcome.result, example.failsWith === undefined ? 'Succeeded' : 'Failed', outcome.text);
  if (example.failsWith !== undefined) assert.match(outcome.text, new RegExp(`##\\[error\\]${example.failsWith}:`));
  assertSets(outcome, example);
  assertLog(outcome, example);
  assertUnreadable(outcome.text, 'not-a-real');
}

function assertSets(outcome: Outcome, { sets }: Example): void {
  const names = [...Object.keys(variablesSet(outcome)), ...Object.keys(outcome.outputVariables)];
  assert.deepEqual(names.sort(), sets.map(([name]) => name).sort());
  for (const [name, cell] of sets) {
    const { value, secret } = outcome.variables[name] ?? { value: '', secret: false };
    assert.equal(secret, !cell.endsWith('(not secret)'), `whether '${name}' is secret`);
    const [, path] = /^the path of `(.*)`/.exec(cell) ?? [];
    const [, text] = /^`(.*)`/.exec(cell) ?? [];
    if (path !== undefined) assert.ok(value.replaceAll('\\', '/').endsWith(`/${path}`), `${name} is ${value}`);
    else if (text !== undefined) assert.equal(value, text, name);
    else assert.ok(value.length > 100, `${name} is ${value}`);
  }
}

/** Versions are random, and so are counts of requests and times at the end of a line. */
function assertLog({ log }: Outcome, { log: documented }: Example): void {
  const settle = (line: string): string => line.replace(/\b[0-9a-f]{8}\b/g, 'version ');
  const shown = log.map(settle);
  let at = 0;
  for (const line of documented.map(settle)) {
    const found = shown.findIndex((other, index) => index >= at && other.startsWith(line));
    assert.ok(found >= 0, `The log does not show '${line}':\n${log.join('\n')}`);
    at = found + 1;
  }
}

for (const [path, shown] of [
  [page, examples],
  ['docs/migrating.md', examplesOf('docs/migrating.md')],
] as const) {
  describeScenarios(
    `The page ${path}`,
    Object.fromEntries(
      shown.map((example, index) => [
        `is right about example ${index + 1}, under '${example.heading}'`,
        (testBed: TestBed) => run(testBed, example),
      ]),
    ),
  );
}

describe(`The page ${page}`, () => {
  const shown = examples.map(({ yaml }) => yaml).join('\n');
  const { inputs } = JSON.parse(readFileSync('tasks/keyvault-secrets/task.json', 'utf8')) as {
    inputs: readonly { name: string; aliases?: readonly string[] }[];
  };

  for (const { name, aliases = [] } of inputs) {
    it(`shows the input ${name} in an example`, () => {
      assert.match(`${shown}\n`, new RegExp(`^\\s*(?:${[name, ...aliases].join('|')}):`, 'm'));
    });
  }

  for (const operation of ['trim', 'decode64', 'encode64', 'pem', 'cert', 'key', 'chain', 'pfx', 'file', 'notSecret']) {
    it(`shows the operation ${operation} in an example`, () => {
      assert.match(shown, new RegExp(`\\| ${operation}\\b`));
    });
  }
});
