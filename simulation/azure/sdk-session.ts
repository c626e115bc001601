/** How Microsoft's own libraries work with the simulation: in a separate process, because they read the environment. */
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import type { TokenCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';

/** Who logs in, and how; as JSON in `SDK_SESSION`. */
export interface SdkSession {
  readonly tenantId: string;
  readonly clientId: string;
  readonly subscriptionId: string;
  readonly vaultUri: string;
  readonly login: { readonly secret: string } | { readonly certificate: string } | { readonly assertion: string };
}

/** The result; printed as JSON. */
export interface SdkResult {
  readonly denied: string;
  readonly ipRules: readonly (string | undefined)[];
  readonly names: readonly string[];
  readonly value: string | undefined;
  readonly missing: string;
  readonly vaults: readonly (string | undefined)[];
}

async function runSession(session: SdkSession): Promise<SdkResult> {
  const credential = createCredential(session);
  const secrets = new SecretClient(session.vaultUri, credential);
  const { vaults } = new KeyVaultManagementClient(credential, session.subscriptionId);
  const denied = await messageOf(secrets.getSecret('db-password'));
  const name = new URL(session.vaultUri).host.split('.')[0] ?? '';
  const networkAcls = { defaultAction: 'Deny', ipRules: [{ value: '20.1.2.3' }] };
  const patched = await vaults.update('shop', name, { properties: { networkAcls } });
  const found: string[] = [];
  for await (const secret of secrets.listPropertiesOfSecrets()) found.push(secret.name);
  const listed: (string | undefined)[] = [];
  for await (const vault of vaults.listBySubscription()) listed.push(vault.name);
  return {
    denied,
    ipRules: (patched.properties.networkAcls?.ipRules ?? []).map(({ value }) => value),
    names: found,
    value: (await secrets.getSecret('db-password')).value,
    missing: await messageOf(secrets.getSecret('none')),
    vaults: listed,
  };
}

function createCredential({ tenantId, clientId, login }: SdkSession): TokenCredential {
  if ('secret' in login) return new ClientSecretCredential(tenantId, clientId, login.secret);
  if ('certificate' in login) return new ClientCertificateCredential(tenantId, clientId, login);
  return new ClientAssertionCredential(tenantId, clientId, () => Promise.resolve(login.assertion));
}

function messageOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

void runSession(JSON.parse(process.env.SDK_SESSION ?? '{}') as SdkSession).then((result) => {
  process.stdout.write(JSON.stringify(result));
});
