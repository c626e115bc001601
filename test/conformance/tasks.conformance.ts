import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { machineWith } from '../e2e/support/identity-endpoint';
import { connectionOf, stepOf, type StepOptions } from '../e2e/support/one-step';
import type { Outcome } from '../e2e/support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  assertUnreadable,
  bashStep,
  variablesSet,
} from '../e2e/support/secrets-step';
import { agentNodes, type AgentNode } from '../../simulation/nodes/find-node';
import { createClientCertificate } from '../../simulation/azure/http/certificates';
import { readCertificate } from './certificate-parts';
import { listSecrets, waitFor } from './foreign-contoso';
import { systemAssignedIdentity } from './foreign-directory';
import { identityEndpoint } from './foreign-services';
import { openForeignTestBed, type ForeignTestBed } from './foreign-test-bed';

const token = 'not-a-real-token-value-1';

for (const node of agentNodes()) {
  describe(`The packaged tasks against independent servers (Node ${node.version})`, () => {
    runOn(node);
  });
}

function runOn(node: AgentNode): void {
  let testBed: ForeignTestBed;
  before(async () => {
    testBed = await openForeignTestBed();
    await testBed.setSecret({ name: 'token', value: token });
  });
  after(() => testBed.stop());

  /** One step that reads secrets; `after` is YAML of further steps. */
  const read = (secrets: string, { after: further = '', ...options }: StepOptions & { after?: string } = {}) =>
    testBed.run(stepOf('KeyVaultSecrets', { ...options, secrets }) + further, { ...options, node });

  const assertReads = async (options: StepOptions, identity: RegExp): Promise<void> => {
    const outcome = await read('token', options);
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { token });
    assert.match(outcome.text, identity);
    assertNoToken(outcome);
    assertUnreadable(outcome.text, token, testBed.contoso.clientSecret);
  };

  describe('signs in', () => {
    it('by client secret', () => assertReads({ connection: 'contoso-secret' }, /as application \*\*\*/));

    it('by certificate', async () => {
      const { clientId: serviceprincipalid } = testBed.contoso.application;
      const { certificate, privateKey } = await createClientCertificate();
      await testBed.directory.registerCertificate(serviceprincipalid, certificate);
      const connection = connectionOf(testBed, 'by-certificate', 'ServicePrincipal', {
        serviceprincipalid,
        authenticationType: 'spnCertificate',
        servicePrincipalCertificate: `${privateKey}\n${certificate}`,
      });
      await assertReads({ connection: connection.name, serviceConnections: [connection] }, /as application \*\*\*/);
    });

    it('by workload identity federation: the token service asks the issuer for its keys', async () => {
      const { application, connection } = testBed.contoso;
      const audience = 'api://AzureADTokenExchange';
      await testBed.directory.trust(application.clientId, { ...connection, audience });
      await assertReads({ connection: 'contoso-federated' }, /as application \*\*\*/);
      const keys = testBed.azure.journal.filter(({ host }) => host === 'vstoken.dev.azure.com');
      assert.deepEqual(
        keys.slice(0, 2).map(({ path }) => path.split('/').slice(2).join('/')),
        ['.well-known/openid-configuration', '.well-known/jwks'],
      );
    });

    it('with the system-assigned managed identity', async () => {
      const connection = connectionOf(testBed, 'managed', 'ManagedServiceIdentity', {});
      await assertReads(asMachine(connection), /as the machine's system-assigned managed identity/);
    });

    it('with a user-assigned managed identity', async () => {
      const identity = await testBed.directory.addApplication('build-machines');
      await testBed.assign(identity.clientId, 'Key Vault Secrets User');
      const client = await testBed.signIn(identity);
      await waitFor('the role', async () => (await listSecrets(testBed.contoso, client)) === 200);
      const data = { msiclientId: identity.clientId };
      const connection = connectionOf(testBed, 'managed', 'ManagedServiceIdentity', {}, data);
      await assertReads(asMachine(connection), new RegExp(`as the managed identity ${identity.clientId}`));
      assert.notEqual(identity.clientId, systemAssignedIdentity);
    });

    const asMachine = (connection: ReturnType<typeof connectionOf>): StepOptions => ({
      connection: connection.name,
      serviceConnections: [connection],
      environment: machineWith(identityEndpoint(testBed.azure.ports)),
    });
  });

  describe('reads', () => {
    it('every page of a listing for a pattern, but not what is disabled', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `page-${String(index).padStart(2, '0')}`);
      for (const name of names) await testBed.setSecret({ name, value: `not-a-real-value-of-${name}` });
      await testBed.setSecret({ name: 'page-off', value: 'not-a-real-value', enabled: false });
      const script = bashStep('echo "page 7 is $VALUE"', { VALUE: 'page-07' });
      const outcome = await read('page-*', { after: script });
      assertSucceeded(outcome);
      const expected = names.map((name) => [name, `not-a-real-value-of-${name}`]);
      assert.deepEqual(variablesSet(outcome), Object.fromEntries(expected));
      assert.match(outcome.text, /^page 7 is \*\*\*$/m);
      assertUnreadable(outcome.text, ...names.map((name) => `not-a-real-value-of-${name}`));
    });

    it('the current version, one by its digits, and the one before', async () => {
      const first = await testBed.setSecret({ name: 'key', value: 'not-a-real-key-1' });
      await testBed.letTimePass(5);
      await testBed.setSecret({ name: 'key', value: 'not-a-real-key-2' });
      await testBed.letTimePass(5);
      await testBed.setSecret({ name: 'key', value: 'not-a-real-key-3' });
      const outcome = await read(`key -> NOW\nkey/${first} -> FIRST\nkey/previous -> BEFORE`);
      assertSucceeded(outcome);
      const expected = { NOW: 'not-a-real-key-3', FIRST: 'not-a-real-key-1', BEFORE: 'not-a-real-key-2' };
      assert.deepEqual(variablesSet(outcome), expected);
      assertUnreadable(outcome.text, ...Object.values(expected));
    });

    it('a secret that may be missing, and sets an empty variable for it', async () => {
      const outcome = await read('token\nnever?');
      assertSucceeded(outcome);
      assert.deepEqual(variablesSet(outcome), { token, never: '' });
    });

    it('what the vault throttles, or breaks at, by asking again', async () => {
      await testBed.failNext({ broken: 1, throttled: 2 });
      const before = testBed.azure.journal.length;
      const outcome = await read('token');
      assertSucceeded(outcome);
      assert.deepEqual(variablesSet(outcome), { token });
      const answers = testBed.azure.journal.slice(before).filter(({ service }) => service === 'vault');
      assert.deepEqual(
        answers.map(({ status }) => status),
        [500, 429, 429, 401, 200],
      );
    });

    it('the parts of a certificate into variables and files', async () => {
      await testBed.createCertificate('tls', 'CN=www.example.com');
      const got = await readCertificate('tls', (rules, further) => read(rules, { after: further }));
      const leaf = new X509Certificate(got.CERT);
      assert.equal(leaf.subject, 'CN=www.example.com');
      assert.ok(leaf.checkPrivateKey(createPrivateKey(got.KEY)));
      assert.equal(got.PEM, got.KEY + got.CERT);
      assert.equal(got.CHAIN, got.CERT);
      createSecureContext({ pfx: Buffer.from(got.PFX, 'base64') });
    });
  });

  it('finds a vault by ARM, and does not change a firewall that allows all networks (KeyVaultAgentAccess)', async () => {
    const before = testBed.azure.journal.length;
    const outcome = await testBed.run(stepOf('KeyVaultAgentAccess', {}), { node });
    assertSucceeded(outcome);
    assert.match(outcome.text, /^contoso-kv allows all networks .*; nothing to do\.$/m);
    const asked = testBed.azure.journal.slice(before).filter(({ service }) => service === 'arm');
    assert.deepEqual([...new Set(asked.map(({ method }) => method))], ['GET']);
    assertNoToken(outcome);
  });

  describe('fails and sets nothing', () => {
    const assertFails = async (secrets: string, code: string, options: StepOptions = {}): Promise<Outcome> => {
      const outcome = await read(secrets, options);
      assertNothingSet(outcome);
      assert.match(outcome.text, new RegExp(`##\\[error\\]${code}: `));
      assertUnreadable(outcome.text, token);
      return outcome;
    };

    it('for a named secret that is disabled', async () => {
      await testBed.setSecret({ name: 'off', value: 'not-a-real-value', enabled: false });
      await assertFails('token\noff', 'AKV-SECRET-DISABLED');
    });

    it('for a named secret that does not exist, and suggests one of the listing that hardly differs', async () => {
      const { text } = await assertFails('tok*\ntokens', 'AKV-SECRET-MISSING');
      assert.match(text, /Did you mean 'token'\?/);
    });

    it('for a wrong client secret', async () => {
      const { clientId: serviceprincipalid } = testBed.contoso.application;
      const parameters = {
        serviceprincipalid,
        serviceprincipalkey: 'not-a-real-password',
        authenticationType: 'spnKey',
      };
      const connection = connectionOf(testBed, 'mistyped', 'ServicePrincipal', parameters);
      const options = { connection: connection.name, serviceConnections: [connection] };
      await assertFails('token', 'AKV-AUTH-SECRET', options);
    });

    it('for a federated connection that the application does not trust', async () => {
      const { clientId: serviceprincipalid } = await testBed.directory.addApplication('without-federation');
      const { id } = testBed.contoso.connection;
      const scheme = 'WorkloadIdentityFederation';
      const connection = { ...connectionOf(testBed, 'untrusted', scheme, { serviceprincipalid }), id };
      const options = { connection: connection.name, serviceConnections: [connection] };
      const { text } = await assertFails('token', 'AKV-AUTH-FEDERATION', options);
      // The agent masks issuer and subject, so the advice says where to read them.
      assert.match(text, /Read issuer and subject .* connection azure: https:\/\/dev\.azure\.com\/contoso\//);
    });

    it('before the role is assigned over ARM and after it is taken back, and reads in between', async () => {
      const newcomer = await testBed.directory.addApplication('newcomer');
      const client = await testBed.signIn(newcomer);
      const connection = connectionOf(testBed, 'newcomer', 'ServicePrincipal', {
        serviceprincipalid: newcomer.clientId,
        serviceprincipalkey: newcomer.clientSecret,
        authenticationType: 'spnKey',
      });
      const options = { connection: connection.name, serviceConnections: [connection] };
      const becomes = (status: number) =>
        waitFor(`status ${status}`, async () => (await listSecrets(testBed.contoso, client)) === status);

      const assertRefused = async (): Promise<void> => {
        const outcome = await read('token', options);
        assertNothingSet(outcome);
        assert.match(outcome.text, /##\[error\].*403/);
      };
      await assertRefused();
      const takeBack = await testBed.assign(newcomer.clientId, 'Key Vault Secrets User');
      await becomes(200);
      await assertReads(options, /as application \*\*\*/);
      await takeBack();
      await becomes(403);
      await assertRefused();
    });
  });
}

function assertNoToken({ text }: Outcome): void {
  assert.doesNotMatch(text, /eyJ[\w-]{10,}\.eyJ/);
}
