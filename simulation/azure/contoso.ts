/** The company that most tests use: one subscription, one vault with a firewall, one pipeline and its service connection. */
import type { AgentNetwork, Egress } from './http/proxy';
import { startAzure } from './azure';
import type { AzureOptions, SimulatedAzure } from './azure';
import type { Population, Undo } from './population';
import { createTunnelClient } from './http/tunnel-client';
import type { TunnelClient } from './http/tunnel-client';
import type { Application, PipelineJob, ServiceConnection, Subscription, Tenant, VaultBehavior } from './world';

export interface Contoso {
  readonly tenant: Tenant;
  readonly subscription: Subscription;
  /** The service connection's application: secret and federation, permissions on the vault and on its secrets. */
  readonly application: Application;
  readonly clientSecret: string;
  readonly connection: ServiceConnection;
  readonly job: PipelineJob;
  /** Name and address of a vault whose firewall has no rules and denies by default. */
  readonly vault: string;
  readonly vaultUri: string;
  /** ARM's URL of the vault, with the version. */
  readonly vaultUrl: string;
  /** Removes the application's permissions on the vault. */
  readonly revokeRole: Undo;
}

/** The permissions that the product's documentation lists for the two tasks, and no others. */
export const leastActions = {
  actions: ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/write'],
  dataActions: [
    'Microsoft.KeyVault/vaults/secrets/getSecret/action',
    'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
  ],
};

/** Creates Contoso in an Azure; identifiers are the same every time. */
export function settleContoso(azure: Population, vaultBehavior: VaultBehavior = {}): Contoso {
  const tenant = azure.addTenant({ id: '11111111-1111-4111-8111-111111111111', domain: 'contoso.example' });
  const subscription = azure.addSubscription({
    tenant,
    id: '22222222-2222-4222-8222-222222222222',
    displayName: 'Contoso',
  });
  azure.addServiceConnection(connection);
  azure.addJob(job);
  const { issuer, subject } = connection;
  const application = azure.addApplication({
    tenant,
    clientId: '55555555-5555-4555-8555-555555555555',
    objectId: '66666666-6666-4666-8666-666666666666',
    secrets: [{ value: clientSecret }],
    federatedCredentials: [{ issuer, subject, audience: 'api://AzureADTokenExchange' }],
  });
  const vault = 'contoso-kv';
  const networkAcls = { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] };
  const place = { subscription, resourceGroup: 'shop', name: vault };
  const { id, properties } = azure.addVault({ ...place, properties: { networkAcls }, ...vaultBehavior });
  const revokeRole = azure.assignRole({ objectId: application.objectId, scope: id, ...leastActions });
  const vaultUrl = `https://management.azure.com${id}?api-version=2026-02-01`;
  const settled = { tenant, subscription, application, clientSecret, connection, job, revokeRole };
  return { ...settled, vault, vaultUri: properties.vaultUri, vaultUrl };
}

const clientSecret = 'not-a-real-password-1';

const connection: ServiceConnection = {
  organization: 'contoso',
  id: '33333333-3333-4333-8333-333333333333',
  issuer: 'https://vstoken.dev.azure.com/44444444-4444-4444-8444-444444444444',
  subject: 'sc://contoso/shop/azure',
};

const job: PipelineJob = {
  organization: 'contoso',
  projectId: '77777777-7777-4777-8777-777777777777',
  hub: 'build',
  planId: '88888888-8888-4888-8888-888888888888',
  jobId: '99999999-9999-4999-8999-999999999999',
  token: 'not-a-real-job-token-1',
};

/** A client on an agent's network that has logged in as Contoso's application. */
export interface ContosoClient extends TunnelClient {
  /** `Authorization` headers. */
  readonly vaultToken: Readonly<Record<string, string>>;
  readonly armToken: Readonly<Record<string, string>>;
}

/** Gets both tokens with the client secret. */
export async function logIn(
  azure: Pick<SimulatedAzure, 'caFile'>,
  contoso: Contoso,
  { proxyUrl }: AgentNetwork,
): Promise<ContosoClient> {
  const client = createTunnelClient({ proxyUrl, caFile: azure.caFile });
  const vaultToken = await requestToken(client, contoso, 'https://vault.azure.net/.default');
  const armToken = await requestToken(client, contoso, 'https://management.azure.com/.default');
  return { ...client, vaultToken, armToken };
}

async function requestToken(
  client: TunnelClient,
  contoso: Contoso,
  scope: string,
): Promise<Readonly<Record<string, string>>> {
  const { tenant, application, clientSecret } = contoso;
  const form = {
    grant_type: 'client_credentials',
    client_id: application.clientId,
    client_secret: clientSecret,
    scope,
  };
  const url = `https://login.microsoftonline.com/${tenant.id}/oauth2/v2.0/token`;
  const reply = await client.send(url, { method: 'POST', form });
  const { access_token: token } = reply.json as { access_token?: string };
  if (token === undefined) throw new Error(`No token for ${scope}: ${reply.text}`);
  return { authorization: `Bearer ${token}` };
}

/** Contoso's Azure, one agent's network, and a client on it: what most tests begin with. */
export interface ContosoSite {
  readonly azure: SimulatedAzure;
  readonly contoso: Contoso;
  readonly client: ContosoClient;
  readonly stop: () => Promise<void>;
}

/** Starts everything. The agent's connections come from 20.1.2.3 unless `egress` is set. */
export async function openContoso(
  options: AzureOptions = {},
  egress: Egress = { addresses: ['20.1.2.3'] },
): Promise<ContosoSite> {
  const azure = await startAzure(options);
  const contoso = settleContoso(azure);
  const client = await logIn(azure, contoso, await azure.connectFrom(egress));
  const stop = async (): Promise<void> => {
    client.close();
    await azure.stop();
  };
  return { azure, contoso, client, stop };
}
