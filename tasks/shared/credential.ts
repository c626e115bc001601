import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { ServiceConnection } from './connection';

/** What a credential is made of beside its connection. */
export interface CredentialParts {
  readonly client: HttpClient;
  /** The assertion of a federated connection, fresh whenever it is asked for. */
  readonly assertion: () => Promise<string>;
  /** Registers a text with the log masker. */
  readonly mask: (text: string) => void;
  /** The process's environment; variables that would send credentials elsewhere are removed from it. */
  readonly environment: Record<string, string | undefined>;
}

/**
 * Pipeline variables become environment variables, and some of these make the SDK send the client secret to a host of
 * the variable's choice (`AZURE_REGIONAL_AUTHORITY_NAME`), or change which identity is used.
 */
const untrusted = [
  'AZURE_REGIONAL_AUTHORITY_NAME',
  'MSAL_FORCE_REGION',
  'REGION_NAME',
  'AZURE_AUTHORITY_HOST',
  'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH',
  'AZURE_POD_IDENTITY_AUTHORITY_HOST',
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_FEDERATED_TOKEN_FILE',
];

/** The managed identity endpoint of a virtual machine; no proxy may see a request to it. */
const instanceMetadata = '169.254.169.254,localhost,127.0.0.1';

/** The credential of exactly this connection. No other identity of the machine is ever tried. */
export function createCredential(connection: ServiceConnection, parts: CredentialParts): TokenCredential {
  for (const name of untrusted) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment is edited by key
    delete parts.environment[name];
  }
  return masked(credentialFor(connection, parts), parts.mask);
}

function credentialFor({ identity, cloud }: ServiceConnection, parts: CredentialParts): TokenCredential {
  const options = { authorityHost: cloud.authority, httpClient: parts.client, retryOptions: { maxRetries: 0 } };
  switch (identity.kind) {
    case 'secret':
      return new ClientSecretCredential(identity.tenantId, identity.clientId, identity.secret, options);
    case 'certificate':
      return new ClientCertificateCredential(
        identity.tenantId,
        identity.clientId,
        { certificate: identity.pem },
        options,
      );
    case 'federated':
      return new ClientAssertionCredential(identity.tenantId, identity.clientId, parts.assertion, options);
    case 'managed':
      parts.environment.NO_PROXY = [parts.environment.NO_PROXY ?? '', instanceMetadata].filter(Boolean).join(',');
      return new ManagedIdentityCredential(identity.clientId === undefined ? {} : { clientId: identity.clientId });
  }
}

/** Access tokens are secrets of their own: nothing that prints one by mistake may show it. */
function masked(credential: TokenCredential, mask: (text: string) => void): TokenCredential {
  return {
    async getToken(scopes, options) {
      const token = await credential.getToken(scopes, options);
      if (token !== null) {
        mask(token.token);
      }
      return token;
    },
  };
}
