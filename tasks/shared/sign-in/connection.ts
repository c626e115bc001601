import { findCloud, cloudNames, type Cloud } from './cloud';
import { DiagnosedError, type Diagnosis } from '../errors/diagnosis';
import { connectionMessages as messages, identityMessages } from '../messages/connection';
import type { EndpointReader } from '../ports';
import { isKeyAndCertificate, normalizePem } from './pem';

/** The credential of a service connection. */
export type Identity =
  | { readonly kind: 'secret'; readonly tenantId: string; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'certificate'; readonly tenantId: string; readonly clientId: string; readonly pem: string }
  | { readonly kind: 'federated'; readonly tenantId: string; readonly clientId: string; readonly connectionId: string }
  /** A managed identity; without `clientId` the machine's system-assigned one. */
  | { readonly kind: 'managed'; readonly clientId?: string };

/** The members of an Azure Resource Manager service connection that the tasks use. */
export interface ServiceConnection {
  readonly identity: Identity;
  readonly cloud: Cloud;
  /** Absent on connections of management-group scope. */
  readonly subscriptionId?: string;
}

/** Who signs in and how, for the log. The agent masks application IDs, which it treats as secrets. */
export function describeIdentity(identity: Identity): string {
  if (identity.kind === 'managed') {
    return identity.clientId === undefined
      ? identityMessages.systemAssigned
      : identityMessages.userAssigned(identity.clientId);
  }
  const { clientId, tenantId, kind } = identity;
  return identityMessages.application(clientId, tenantId, identityMessages.proofs[kind]);
}

const emptyGuid = '00000000-0000-0000-0000-000000000000';

/**
 * Reads the connection whose ID is in an input. Names of schemes are not case-sensitive, and a missing scheme means a
 * service principal, as in the agent's own tasks (microsoft/azure-pipelines-tasks-common-packages, azure-arm-rest).
 *
 * @throws DiagnosedError AKV-CONNECTION if the connection's type or cloud is not supported.
 */
export function readConnection(id: string, endpoints: EndpointReader): ServiceConnection {
  // The agent exports the fields of a connection under its lowercase ID, but passes the input as it was written.
  const key = id.toLowerCase();
  const environment = endpoints.data(key, 'environment');
  const cloud = findCloud(environment);
  if (cloud === undefined) {
    return refuse(messages.unknownCloud(environment, cloudNames));
  }
  const subscriptionId = endpoints.data(key, 'subscriptionid');
  return Object.freeze({
    identity: readIdentity(key, endpoints),
    cloud,
    ...(subscriptionId === '' || subscriptionId === emptyGuid ? {} : { subscriptionId }),
  });
}

function readIdentity(id: string, endpoints: EndpointReader): Identity {
  const scheme = endpoints.scheme(id).toLowerCase();
  switch (scheme) {
    case '':
    case 'serviceprincipal':
      return readServicePrincipal(id, endpoints);
    case 'workloadidentityfederation':
      return { kind: 'federated', ...readApplication(id, endpoints), connectionId: id };
    case 'managedserviceidentity': {
      const clientId = endpoints.data(id, 'msiclientId');
      return { kind: 'managed', ...(clientId === '' ? {} : { clientId }) };
    }
    default:
      return refuse(messages.unknownScheme(endpoints.scheme(id)));
  }
}

function readServicePrincipal(id: string, endpoints: EndpointReader): Identity {
  const application = readApplication(id, endpoints);
  if (endpoints.parameter(id, 'authenticationType').toLowerCase() === 'spncertificate') {
    return { kind: 'certificate', ...application, pem: readCertificate(id, endpoints) };
  }
  return { kind: 'secret', ...application, secret: required(id, 'serviceprincipalkey', endpoints) };
}

function readCertificate(id: string, endpoints: EndpointReader): string {
  const pem = normalizePem(required(id, 'servicePrincipalCertificate', endpoints));
  return isKeyAndCertificate(pem) ? pem : refuse(messages.noCertificate);
}

function readApplication(id: string, endpoints: EndpointReader) {
  return {
    tenantId: required(id, 'tenantid', endpoints),
    clientId: required(id, 'serviceprincipalid', endpoints),
  };
}

function required(id: string, name: string, endpoints: EndpointReader): string {
  const value = endpoints.parameter(id, name);
  return value === '' ? refuse(messages.parameterMissing(name)) : value;
}

function refuse(text: Omit<Diagnosis, 'code'>): never {
  throw new DiagnosedError({ code: 'AKV-CONNECTION', ...text });
}
