import assert from 'node:assert/strict';
import type { ServiceConnection } from '../../../simulation/agent/run-options';
import { createClientCertificate, type ClientCertificate } from '../../../simulation/azure/http/certificates';
import { leastActions } from '../../../simulation/azure/contoso';
import type { SimulatedRequest } from '../../../simulation/azure/http/exchange';
import type { Application, FederatedCredential } from '../../../simulation/azure/world';
import { assertUnreadable, variablesSet } from './secrets-step';
import type { Outcome, TestBed } from './scenarios';

/** The task of a row. */
export type Task = 'KeyVaultSecrets' | 'KeyVaultAgentAccess';

/** How a test runs one step. */
export interface StepOptions extends NonNullable<Parameters<TestBed['run']>[1]> {
  /** Name of the service connection. */
  readonly connection?: string;
  readonly vault?: string;
  /** The rules of KeyVaultSecrets; `token` unless said otherwise. */
  readonly secrets?: string;
  /** Steps in front of it, as YAML. */
  readonly before?: string;
  /** Further inputs, one a line. */
  readonly inputs?: string;
}

export const secretValue = 'not-a-real-token-value-1';

/** A pipeline of one step of the task; KeyVaultSecrets reads the secret `token`. */
export function stepOf(
  task: Task,
  { connection = 'contoso-secret', vault = 'contoso-kv', secrets = 'token', before = '', inputs = '' }: StepOptions,
): string {
  return `
steps:${before}
  - task: ${task}@1
    name: step
    inputs:
      azureSubscription: ${connection}
      keyVault: ${vault}
${task === 'KeyVaultSecrets' ? `      secrets: ${JSON.stringify(secrets)}\n` : ''}${inputs.replace(/^\s*(?=.)/gm, '      ')}
`;
}

/** Writes the secret to the vault, and opens its firewall for reads. */
export function seedVault({ azure, contoso }: TestBed, task: Task, vault = contoso.vault): void {
  azure.setSecret(vault, { name: 'token', value: secretValue });
  if (task === 'KeyVaultSecrets') {
    azure.changeVault(vault, { properties: { networkAcls: { defaultAction: 'Allow', ipRules: [] } } });
  }
}

/** The requests of a task's work: reading the secret with a token, reading the vault's settings. */
export function isWork(task: Task): (request: SimulatedRequest) => boolean {
  return task === 'KeyVaultSecrets'
    ? ({ service, path, headers }) => service === 'vault' && path.startsWith('/secrets/') && 'authorization' in headers
    : ({ service, method }) => service === 'arm' && method === 'GET';
}

/** Runs one step of the task on a seeded vault. */
export function runStep(testBed: TestBed, task: Task, options: StepOptions = {}): Promise<Outcome> {
  return testBed.run(stepOf(task, options), options);
}

/** Asserts that the step did its work: the secret is set, or the firewall was opened and closed again. */
export function assertDone(testBed: TestBed, task: Task, outcome: Outcome): void {
  assert.equal(outcome.result, 'Succeeded', outcome.text);
  assert.deepEqual(outcome.unprocessedCommands, []);
  if (task === 'KeyVaultSecrets') {
    assert.equal(variablesSet(outcome).token, secretValue);
  } else {
    const patches = testBed.azure.journal.filter(({ method }) => method === 'PATCH');
    assert.ok(patches.length >= 2, `opened and closed:\n${outcome.text}`);
    assert.match(outcome.text, /20\.50\.1\.10\/32 removed/);
  }
  assertNoSecret(testBed, outcome);
}

/** Asserts that the step failed with this code, and left no variable, no rule, and no line with a secret. */
export function assertFailed(testBed: TestBed, outcome: Outcome, code: string, says = /(?:)/): void {
  assert.equal(outcome.result, 'Failed', outcome.text);
  assert.match(outcome.text, new RegExp(`##\\[error\\]${code}: `));
  assert.match(outcome.text, says);
  assert.match(outcome.text, new RegExp(`^More: ${code} in docs/troubleshooting\\.md$`, 'm'));
  assertNothingMasked(outcome);
  assert.equal(variablesSet(outcome).token, undefined);
  const { properties } = testBed.azure.vaultResource(testBed.contoso.vault) as {
    properties: { networkAcls?: { ipRules: object[] } };
  };
  assert.deepEqual(properties.networkAcls?.ipRules ?? [], []);
  assert.deepEqual(outcome.unprocessedCommands, []);
  assertNoSecret(testBed, outcome);
}

/** After the error, nothing is masked: text that the agent masks cannot be copied from the log. */
function assertNothingMasked({ text }: Outcome): void {
  const failure =
    text.slice(text.search(/##\[error\]AKV-/)).split(/\n(?!\S* ?(?:\s|Likely|To fix|More|Azure said|Request))/)[0] ??
    '';
  assert.doesNotMatch(failure, /\*\*\*/);
}

/** Neither the secret, nor the client secret, nor the job's token, nor any token that was given out. */
function assertNoSecret(testBed: TestBed, { text }: Outcome): void {
  assertUnreadable(text, secretValue, testBed.contoso.clientSecret, testBed.contoso.job.token);
  assert.doesNotMatch(text, /eyJ[\w-]{10,}\.eyJ/);
}

/** A service connection for the same subscription, of another kind. */
export function connectionOf(
  { contoso }: Pick<TestBed, 'contoso'>,
  name: string,
  scheme: string,
  parameters: Readonly<Record<string, string>>,
  data: Readonly<Record<string, string>> = {},
): ServiceConnection {
  return {
    id: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    name,
    scheme,
    url: 'https://management.azure.com/',
    parameters: { tenantid: contoso.tenant.id, ...parameters },
    data: { environment: 'AzureCloud', subscriptionid: contoso.subscription.id, scopeLevel: 'Subscription', ...data },
  };
}

/** Another application of Contoso's with the fewest permissions on its vault. */
export function addApplication(
  { azure, contoso }: TestBed,
  given: Partial<Pick<Application, 'certificates' | 'secrets'>> & { federatedCredentials?: FederatedCredential[] },
): Application {
  const application = azure.addApplication({ tenant: contoso.tenant, ...given });
  const { id } = azure.vaultResource(contoso.vault) as { id: string };
  azure.assignRole({ objectId: application.objectId, scope: id, ...leastActions });
  return application;
}

/** A certificate that is registered on an application of its own, and the connection that signs in with it. */
export async function connectByCertificate(
  testBed: TestBed,
  write: (certificate: ClientCertificate) => string = ({ certificate, privateKey }) => `${privateKey}\n${certificate}`,
): Promise<ServiceConnection> {
  const certificate = await createClientCertificate();
  const application = addApplication(testBed, { certificates: [certificate.certificate] });
  return connectionOf(testBed, 'by-certificate', 'ServicePrincipal', {
    serviceprincipalid: application.clientId,
    authenticationType: 'spnCertificate',
    servicePrincipalCertificate: write(certificate),
  });
}
