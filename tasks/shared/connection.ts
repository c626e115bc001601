import { findCloud, cloudNames, type Cloud } from './cloud';
import { DiagnosedError } from './diagnosis';
import { isKeyAndCertificate, normalizePem } from './pem';

/** Port: what the agent hands over of the service connections that the step's inputs name. `''` when absent. */
export interface EndpointReader {
  scheme(id: string): string;
  parameter(id: string, name: string): string;
  data(id: string, name: string): string;
}

/** How a service connection proves who it is. */
export type Identity =
  | { readonly kind: 'secret'; readonly tenantId: string; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'certificate'; readonly tenantId: string; readonly clientId: string; readonly pem: string }
  | { readonly kind: 'federated'; readonly tenantId: string; readonly clientId: string; readonly connectionId: string }
  /** A managed identity; without `clientId` the machine's system-assigned one. */
  | { readonly kind: 'managed'; readonly clientId?: string };

/** An Azure Resource Manager service connection, as far as the tasks use it. */
export interface ServiceConnection {
  readonly identity: Identity;
  readonly cloud: Cloud;
  /** Absent on connections of management-group scope. */
  readonly subscriptionId?: string;
}

const proofs = {
  secret: 'client secret',
  certificate: 'certificate',
  federated: 'workload identity federation',
} as const;

/** Who signs in and how, for the log. The agent masks application ids, which it takes for secrets. */
export function describeIdentity(identity: Identity): string {
  if (identity.kind === 'managed') {
    return identity.clientId === undefined
      ? "the machine's system-assigned managed identity"
      : `the managed identity ${identity.clientId}`;
  }
  return `application ${identity.clientId} of tenant ${identity.tenantId} by ${proofs[identity.kind]}`;
}

const emptyGuid = '00000000-0000-0000-0000-000000000000';

/**
 * Reads the connection that an input names by its id. Names of schemes are compared in any case and a missing one is a
 * service principal, as the agent has always had it (microsoft/azure-pipelines-tasks-common-packages, azure-arm-rest).
 *
 * @throws DiagnosedError AKV-CONNECTION when the connection is of a kind or cloud that cannot reach Key Vault.
 */
export function readConnection(id: string, endpoints: EndpointReader): ServiceConnection {
  // The agent exports the fields of a connection under its id in lower case, but gives the input as it was written.
  const key = id.toLowerCase();
  const environment = endpoints.data(key, 'environment');
  const cloud = findCloud(environment);
  if (cloud === undefined) {
    return refuse(
      `The service connection is for the cloud '${environment}', which this task does not support.`,
      `Use a service connection for one of: ${cloudNames.join(', ')}.`,
    );
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
      return refuse(
        `The service connection authenticates by '${endpoints.scheme(id)}', which cannot reach Key Vault.`,
        'Use an Azure Resource Manager service connection with workload identity federation (recommended), a service principal or a managed identity.',
      );
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
  return isKeyAndCertificate(pem)
    ? pem
    : refuse(
        "The service connection's certificate is not a PEM text with both a certificate and its private key.",
        'Project settings > Service connections > (this one) > Edit: paste the content of a .pem file that has both.',
      );
}

function readApplication(id: string, endpoints: EndpointReader) {
  return {
    tenantId: required(id, 'tenantid', endpoints),
    clientId: required(id, 'serviceprincipalid', endpoints),
  };
}

function required(id: string, name: string, endpoints: EndpointReader): string {
  const value = endpoints.parameter(id, name);
  if (value === '') {
    return refuse(
      `The service connection has no '${name}'.`,
      'Open Project settings > Service connections, choose this connection, and save it again with "Verify".',
    );
  }
  return value;
}

function refuse(summary: string, ...remedy: string[]): never {
  throw new DiagnosedError({ code: 'AKV-CONNECTION', summary, remedy });
}
