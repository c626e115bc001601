import { openIdentityEndpoint, machineWith } from './identity-endpoint';
import { addApplication, connectByCertificate, connectionOf, isWork, type StepOptions, type Task } from './one-step';
import type { TestBed } from './scenarios';
import type { FaultEffect } from '../../../simulation/azure/http/faults';
import type { SimulatedRequest } from '../../../simulation/azure/http/exchange';
import type { WorkplaceOptions } from '../../../simulation/workplace';

/** One failure, and the result of a step that it affects. */
export interface Failure {
  /** Causes the failure, and returns how the step is then run. */
  readonly arrange: (testBed: TestBed, task: Task) => StepOptions | undefined | Promise<StepOptions | undefined>;
  /** The code with which the step fails; absent if it succeeds. */
  readonly code?: string;
  /** The failure lasts, and the step retries until its time limit, so its limit is short. */
  readonly brief?: boolean;
  /** What else the user must see. */
  readonly says?: RegExp;
  /** The one task that the failure can affect, if it is not both. */
  readonly only?: Task;
  readonly with?: WorkplaceOptions;
}

/** The failures by name. */
export type Failures = Readonly<Record<string, Failure>>;

const html = { 'content-type': 'text/html' };
const page = '<html><body>Please sign in ##vso[task.setvariable variable=token]forged</body></html>';
export const json = { 'content-type': 'application/json' };

/** An answer that is a web page. */
export const pageOf = (status: number): FaultEffect => ({ status, headers: html, body: page });

/** An answer that refuses in Azure's way. */
export const refusal = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): FaultEffect => ({
  status,
  headers: { ...json, ...headers },
  body: JSON.stringify({ error: { code, message: `The service said ${code}.` } }),
});

/** A refusal for too many requests. */
export const throttled = (headers: Readonly<Record<string, string>> = {}): FaultEffect =>
  refusal(429, 'TooManyRequests', headers);

/** The effect on every request of the task's work, or on the first few. */
export function atWork(then: FaultEffect, times?: number): Failure['arrange'] {
  return ({ azure }, task) => {
    azure.fault({ when: isWork(task), then, ...(times === undefined ? {} : { times }) });
    return undefined;
  };
}

/** The effect on every request to a service, or on the first few. */
export function at(
  service: SimulatedRequest['service'],
  then: FaultEffect,
  options: StepOptions = {},
): Failure['arrange'] {
  return onRequests((request) => request.service === service, then, options);
}

/** The effect on every request that matches, or on the first few; the step is run so. */
export function onRequests(
  when: (request: SimulatedRequest) => boolean,
  then: FaultEffect,
  { times, ...options }: StepOptions & { readonly times?: number } = {},
): Failure['arrange'] {
  return ({ azure }) => {
    azure.fault({ when, then, ...(times === undefined ? {} : { times }) });
    return options;
  };
}

/** The connection with the client secret, with some of its parameters changed; `''` removes one. */
export function changedConnection(
  parameters: Readonly<Record<string, string>>,
  data = {},
  scheme = 'ServicePrincipal',
) {
  return (testBed: TestBed): StepOptions => {
    const { application, clientSecret } = testBed.contoso;
    const own = { serviceprincipalid: application.clientId, serviceprincipalkey: clientSecret };
    const given = Object.entries({ ...own, ...parameters }).filter(([, value]) => value !== '');
    const connection = connectionOf(testBed, 'changed', scheme, Object.fromEntries(given), data);
    return { connection: 'changed', serviceConnections: [connection] };
  };
}

/** A federated connection of an application that accepts the assertion but for its audience. */
export function otherAudience(testBed: TestBed): StepOptions {
  const { issuer, subject } = testBed.contoso.connection;
  const federatedCredentials = [{ issuer, subject, audience: 'api://another' }];
  const serviceprincipalid = addApplication(testBed, { federatedCredentials }).clientId;
  const connection = connectionOf(testBed, 'changed', 'WorkloadIdentityFederation', { serviceprincipalid });
  testBed.azure.addServiceConnection({ organization: 'contoso', id: connection.id, issuer, subject });
  return { connection: 'changed', serviceConnections: [connection] };
}

/** A federated connection whose assertion differs from what the application accepts. */
export function changedFederation(change: Readonly<Record<string, string>>): Failure['arrange'] {
  return (testBed) => {
    const { issuer, subject } = testBed.contoso.connection;
    const serviceprincipalid = testBed.contoso.application.clientId;
    const claims = { issuer, subject, ...change };
    const connection = connectionOf(testBed, 'changed', 'WorkloadIdentityFederation', {
      serviceprincipalid,
      workloadIdentityFederationIssuer: claims.issuer,
      workloadIdentityFederationSubject: claims.subject,
    });
    testBed.azure.addServiceConnection({ organization: 'contoso', id: connection.id, ...claims });
    return { connection: 'changed', serviceConnections: [connection] };
  };
}

/** The vault with these properties. */
export function changedVault(properties: Readonly<Record<string, unknown>>): Failure['arrange'] {
  return ({ azure, contoso }) => {
    azure.changeVault(contoso.vault, { properties });
    return undefined;
  };
}

/** The identity has no permissions on the vault. */
export function withoutRole({ contoso }: TestBed): StepOptions {
  contoso.revokeRole();
  return {};
}

/** The vault's resource id. */
export function idOf({ azure, contoso }: TestBed): string {
  return (azure.vaultResource(contoso.vault) as { id: string }).id;
}

/** A managed identity on a machine that has none, or another one. */
export function managedIdentity(machine: 'without' | 'with another'): Failure['arrange'] {
  return async (testBed) => {
    const data = { msiclientId: 'b1ffcd00-0d1c-4f09-8c7e-7cc0ce491b22' };
    const connection = connectionOf(testBed, 'managed', 'ManagedServiceIdentity', {}, data);
    const options = { connection: 'managed', serviceConnections: [connection] };
    if (machine === 'without') {
      const nowhere = { IDENTITY_ENDPOINT: 'http://127.0.0.1:9/msi/token', IDENTITY_HEADER: 'not-a-real-header' };
      return { ...options, environment: machineWith(nowhere) };
    }
    const { environment } = await openIdentityEndpoint(testBed, 'another');
    return { ...options, environment };
  };
}

/** A certificate of which the application knows nothing. */
export async function strangeCertificate(testBed: TestBed): Promise<StepOptions> {
  const connection = await connectByCertificate(testBed);
  const parameters = { ...connection.parameters, serviceprincipalid: testBed.contoso.application.clientId };
  return { connection: connection.name, serviceConnections: [{ ...connection, parameters }] };
}

/** Signing in by certificate, which is timed by the agent's own clock. */
export async function ownCertificate(testBed: TestBed): Promise<StepOptions> {
  const connection = await connectByCertificate(testBed);
  return { connection: connection.name, serviceConnections: [connection] };
}

/** Azure's clock is this many hours ahead of the agent's. */
export function hoursAhead(hours: number): WorkplaceOptions {
  const now = () => Date.now() + hours * 3_600_000;
  return { clock: { now, sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) } };
}

/** The short limit with which a step meets a failure that does not pass: its retries take half of it on an idle machine. */
export const shortLimit = 'timeoutInSeconds: 12';
