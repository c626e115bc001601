import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import type { AccessToken, TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { watchLogin, type WatchedLogin } from './login';
import type { Cloud } from './cloud';
import type { Identity, ServiceConnection } from './connection';
import { explain } from '../errors/explain';
import type { FailureContext } from '../errors/explanation';
import type { AssertionSource } from './oidc';

/** The dependencies of a credential, in addition to its connection. */
interface CredentialParts {
  /** Lets nothing pass for a success that has no token. */
  readonly client: HttpClient;
  /** The assertion of a federated connection. */
  readonly assertion: AssertionSource;
  readonly failureContext: FailureContext;
}

/**
 * The credential of exactly this connection. Other identities on the machine are never used.
 *
 * @throws from its `getToken`: a DiagnosedError with the reason why this identity got no token.
 */
export function createCredential({ identity, cloud }: ServiceConnection, parts: CredentialParts): TokenCredential {
  const login = watchLogin(parts.client);
  const credential = credentialFor(identity, cloud, login, parts.assertion);
  return {
    async getToken(scopes, options) {
      login.reset();
      try {
        return await getToken(() => credential.getToken(scopes, options), identity, login, parts.assertion);
      } catch (error) {
        const federation = parts.assertion.claims();
        const context = { ...parts.failureContext, ...(federation === undefined ? {} : { federation }) };
        throw explain(login.failure() ?? error, { ...context, isManagedSignIn: identity.kind === 'managed' });
      }
    },
  };
}

/** An assertion can expire between two requests of one sign-in. Then a new one is tried, once. */
async function getToken(
  get: () => Promise<AccessToken | null>,
  identity: Identity,
  login: WatchedLogin,
  assertion: AssertionSource,
): Promise<AccessToken | null> {
  try {
    return await get();
  } catch (error) {
    if (identity.kind !== 'federated' || !(error as Error).message.includes('AADSTS700024')) {
      throw error;
    }
    assertion.forget();
    login.reset();
    return get();
  }
}

function credentialFor(
  identity: Identity,
  cloud: Cloud,
  login: WatchedLogin,
  assertion: AssertionSource,
): TokenCredential {
  const options = { authorityHost: cloud.authority, httpClient: login.client, retryOptions: { maxRetries: 0 } };
  const assert = () => login.watch(assertion.get());
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
      return new ClientAssertionCredential(identity.tenantId, identity.clientId, assert, options);
    case 'managed':
      return new ManagedIdentityCredential({
        ...options,
        ...(identity.clientId === undefined ? {} : { clientId: identity.clientId }),
      });
  }
}
