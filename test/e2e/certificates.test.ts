import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { makeChain, type TestChain } from '../fixtures/certificates';
import { describeScenarios, type TestBed } from './support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
  withFile,
} from './support/secrets-step';

/** How the vault keeps a certificate: order of PEM blocks as Azure gives them, leaf not first. */
async function keepCertificate(testBed: TestBed, form: 'pfx' | 'pem'): Promise<TestChain> {
  const chain = await makeChain();
  const pem = chain.key + chain.root + chain.intermediate + chain.leaf;
  const kid = 'https://contoso-kv.vault.azure.net/keys/tls/0123456789abcdef0123456789abcdef';
  const common = { managed: true, kid, pem };
  const pfx = { ...common, value: fakePfx, contentType: 'application/x-pkcs12' };
  seedSecrets(testBed, {
    tls: form === 'pfx' ? pfx : { ...common, value: pem, contentType: 'application/x-pem-file' },
  });
  return chain;
}

/** The vault turns a PFX into PEM by itself; the task never opens one. */
const fakePfx = Buffer.concat([
  Buffer.from('3082', 'hex'),
  Buffer.from('not a real PFX, only its first bytes'),
]).toString('base64');

const parts = ['pem', 'cert', 'key', 'chain'] as const;
const rules = [...parts, 'pfx'].flatMap((part) => [
  `tls | ${part} -> ${part.toUpperCase()}`,
  `tls | ${part} | file:${part}/server.${part} -> ${part.toUpperCase()}_PATH`,
]);

/** What a script finds in variables and files. */
async function readParts(testBed: TestBed): Promise<Readonly<Record<string, string>>> {
  return withFile(async (path, read) => {
    const names = [...parts, 'pfx'].map((part) => part.toUpperCase());
    const script = `
const got = {};
for (const name of ${JSON.stringify(names)}) {
  got[name] = process.env[name];
  const path = process.env[name + '_PATH'];
  got[name + '_FILE'] = fs.readFileSync(path, 'base64');
  got[name + '_MODE'] = (fs.statSync(path).mode & 0o777).toString(8) + ' ' + (fs.statSync(require('path').dirname(path)).mode & 0o777).toString(8);
}
fs.writeFileSync(${JSON.stringify(path)}, JSON.stringify(got));
console.log(fs.readFileSync(process.env.PEM_PATH, 'utf8'), process.env.PFX);`;
    const env = Object.fromEntries(names.map((name) => [name, name]));
    const command = `node -e ${JSON.stringify(script).replaceAll('$', '\\$').replaceAll('\\n', ' ')}`;
    const outcome = await testBed.run(pipelineOf(readingStep(rules.join('\n')), bashStep(command, env)));
    assertSucceeded(outcome);
    assert.doesNotMatch(outcome.text, /^[A-Za-z0-9+/]{40,}/m, 'no line of key or certificate is readable');
    return JSON.parse(await read()) as Record<string, string>;
  });
}

function certificatesIn(pem: string | undefined): readonly string[] {
  const blocks = pem?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).subject);
}

async function assertParts(testBed: TestBed, form: 'pfx' | 'pem'): Promise<void> {
  const { key, leaf } = await keepCertificate(testBed, form);
  const got = await readParts(testBed);
  const names = { leaf: 'CN=www.example.com', intermediate: 'CN=Test Intermediate', root: 'CN=Test Root' };
  assert.deepEqual(certificatesIn(got.CERT), [names.leaf]);
  assert.deepEqual(certificatesIn(got.CHAIN), [names.leaf, names.intermediate]);
  assert.deepEqual(certificatesIn(got.PEM), [names.leaf, names.intermediate, names.root]);
  assert.ok(got.PEM?.startsWith('-----BEGIN PRIVATE KEY-----'), 'the key comes first');
  assert.ok(new X509Certificate(leaf).checkPrivateKey(createPrivateKey(got.KEY ?? '')));
  assert.equal(createPrivateKey(got.KEY ?? '').equals(createPrivateKey(key)), true);
  for (const part of parts) {
    const name = part.toUpperCase();
    assert.equal(Buffer.from(got[`${name}_FILE`] ?? '', 'base64').toString(), got[name]);
  }
  if (form === 'pfx') assert.deepEqual([got.PFX, got.PFX_FILE], [fakePfx, fakePfx]);
  // Made for each rule, with random numbers in it, so no two are alike; TLS takes both.
  else
    for (const pfx of [got.PFX, got.PFX_FILE])
      createSecureContext({ pfx: Buffer.from(pfx ?? '', 'base64'), passphrase: '' });
  for (const name of [...parts, 'pfx']) assert.equal(got[`${name.toUpperCase()}_MODE`], '600 700');
}

describeScenarios('Certificates from KeyVaultSecrets', {
  'kept as PFX come in every part, leaf first, as variables and as files that only the agent can read': (testBed) =>
    assertParts(testBed, 'pfx'),

  'kept as PEM also come in every part, and as a PFX': (testBed) => assertParts(testBed, 'pem'),

  'are gone with the job: their files lie in the folder that the agent empties': async (testBed) => {
    await keepCertificate(testBed, 'pem');
    const outcome = await testBed.run(pipelineOf(readingStep('tls | key | file -> KEY_PATH')));
    assertSucceeded(outcome);
    const files = outcome.tempFiles.filter(({ path }) => path !== '.taskkey');
    assert.deepEqual(
      files.map(({ path, mode }) => [path.replace(/^keyvault-secrets-\w+/, 'folder'), mode]),
      [['folder/contoso-kv/tls.key.pem', 0o600]],
    );
    assert.ok(outcome.variables.KEY_PATH?.value.endsWith(files[0]?.path ?? ''));
    assert.equal(outcome.variables.KEY_PATH?.secret, false);
  },

  'that are malformed fail the step by name, and their values do not appear in the log': async (testBed) => {
    seedSecrets(testBed, { token: 'not-a-real-token-1' });
    const outcome = await testBed.run(pipelineOf(readingStep('token | pem -> PEM')));
    assertNothingSet(outcome);
    assert.match(
      outcome.text,
      /##\[error\]AKV-CERTIFICATE: contoso-kv:token: its value contains no certificate in PEM format/,
    );
    assert.ok(!outcome.text.includes('not-a-real-token-1'));
  },

  'never become variables that are not secret, regardless of the rule': async (testBed) => {
    await keepCertificate(testBed, 'pem');
    const outcome = await testBed.run(pipelineOf(readingStep('tls | notSecret -> TLS')));
    assertNothingSet(outcome);
    assert.match(outcome.text, /AKV-CERTIFICATE: contoso-kv:tls: 'notSecret' is not possible/);
  },
});
