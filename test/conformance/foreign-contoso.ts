import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { logIn, type Contoso, type ContosoClient } from '../../simulation/azure/contoso';
import type { NewSecret } from '../../simulation/azure/population';
import type { Reply } from '../../simulation/azure/http/tunnel-client';
import { startForeignAzure, type ForeignAzure } from './foreign-azure';
import {
  administerDirectory,
  systemAssignedIdentity,
  type ForeignApplication,
  type ForeignDirectory,
} from './foreign-directory';

/** Contoso on servers of other projects: its vault, its pipeline's application, and an administrator. */
export interface ForeignContoso {
  readonly azure: ForeignAzure;
  /** With the application that the servers have made for it. */
  readonly contoso: Contoso;
  /** Signed in as that application. */
  readonly client: ContosoClient;
  readonly directory: ForeignDirectory;
  /** Signs in as an application, by its secret. */
  signIn(application: ForeignApplication): Promise<ContosoClient>;
  /** Assigns a role on the vault through ARM. Returns the function that removes it, also through ARM. */
  assign(clientId: string, role: Role): Promise<() => Promise<void>>;
  /** Adds a version, which becomes the current one. Returns its 32 hex digits. */
  setSecret(secret: NewSecret): Promise<string>;
  deleteSecret(name: string): Promise<void>;
  /** Issues a self-signed certificate; the secret behind it holds it as PEM. */
  createCertificate(name: string, subject: string): Promise<void>;
  /** Sets the vault's clock forward: two versions of the same second have no order. */
  letTimePass(seconds: number): Promise<void>;
  /** The vault answers `broken` requests with 500, and then `throttled` ones with 429 and `Retry-After: 1`. */
  failNext(counts: { readonly throttled?: number; readonly broken?: number }): Promise<void>;
  stop(): Promise<void>;
}

/** Ids of built-in roles (Microsoft Learn, "Azure built-in roles"). */
const roles = {
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
};
export type Role = keyof typeof roles;

const armVersions = { group: '2021-04-01', role: '2022-04-01' };
const vaultVersion = 'api-version=7.4';

/** Starts the servers and creates Contoso there. @throws Error if a server is missing or refuses something. */
export async function openForeignContoso(): Promise<ForeignContoso> {
  const azure = await startForeignAzure();
  try {
    return await settle(azure);
  } catch (error) {
    await azure.stop();
    throw error;
  }
}

async function settle(azure: ForeignAzure): Promise<ForeignContoso> {
  const network = await azure.connectFrom({ addresses: ['20.50.1.11'] });
  const directory = administerDirectory(azure.ports);
  const asApplication = ({ clientId, clientSecret }: ForeignApplication): Contoso => {
    const application = { ...azure.contoso.application, clientId, objectId: clientId };
    return { ...azure.contoso, application, clientSecret };
  };
  const signIn = (application: ForeignApplication) => logIn(azure, asApplication(application), network);
  const own = await directory.addApplication('contoso-pipeline');
  const administrator = await signIn(await directory.addApplication('contoso-administrator'));
  const contoso = asApplication(own);
  await createVault(contoso, administrator);
  const assign = (clientId: string, role: Role) => assignRole(contoso, administrator, clientId, role);
  for (const clientId of [own.clientId, systemAssignedIdentity]) await assign(clientId, 'Key Vault Secrets User');
  // The last one: when the vault knows this, it knows the others.
  await assign(applicationOf(administrator), 'Key Vault Administrator');
  await waitFor('the vault to know the roles', async () => (await listSecrets(contoso, administrator)) === 200);
  return {
    azure,
    contoso,
    client: await signIn(own),
    directory,
    signIn,
    assign,
    ...fill(contoso, administrator),
    letTimePass: (seconds) => control(azure.ports.vault, 'clock', { advance: seconds }),
    failNext: ({ throttled = 0, broken = 0 }) =>
      control(azure.ports.vault, 'faults', { throttleNextRequests: throttled, rejectNextRequests: broken }),
    stop: () => azure.stop(),
  };
}

/** Controls the vault's server through its own interface, which is not part of Azure. */
async function control(port: number, what: string, json: unknown): Promise<void> {
  const url = `http://127.0.0.1:${port}/_emulator/${what}`;
  const { ok, status } = await fetch(url, { method: 'POST', body: JSON.stringify(json) });
  if (!ok) throw new Error(`${url}: ${status}`);
}

/** Reads the client id out of a token: with these servers it is the principal too, as their tokens have no object id. */
function applicationOf({ vaultToken }: ContosoClient): string {
  const claims = Buffer.from(vaultToken.authorization?.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(claims) as { readonly appid: string }).appid;
}

async function createVault({ vaultUrl, tenant }: Contoso, administrator: ContosoClient): Promise<void> {
  const group = vaultUrl.replace(/\/providers\/.*/, `?api-version=${armVersions.group}`);
  const properties = { tenantId: tenant.id, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true };
  for (const [url, json] of [
    [group, { location: 'westeurope' }],
    [vaultUrl, { location: 'westeurope', properties }],
  ] as const) {
    const reply = await administrator.send(url, { method: 'PUT', headers: administrator.armToken, json });
    expectSuccess(reply, url);
  }
}

async function assignRole({ vaultUrl }: Contoso, by: ContosoClient, principalId: string, role: Role) {
  const vault = vaultUrl.replace(/\?.*/, '');
  const provider = `${vault}/providers/Microsoft.Authorization`;
  const url = `${provider}/roleAssignments/${randomUUID()}?api-version=${armVersions.role}`;
  const roleDefinitionId = new URL(`${provider}/roleDefinitions/${roles[role]}`).pathname;
  const json = { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } };
  expectSuccess(await by.send(url, { method: 'PUT', headers: by.armToken, json }), url);
  return async () => {
    expectSuccess(await by.send(url, { method: 'DELETE', headers: by.armToken }), url);
  };
}

type Filling = Pick<ForeignContoso, 'setSecret' | 'deleteSecret' | 'createCertificate'>;

function fill({ vaultUri }: Contoso, administrator: ContosoClient): Filling {
  const send = async (method: string, path: string, json?: unknown) => {
    const call = { method, headers: administrator.vaultToken, ...(json === undefined ? {} : { json }) };
    return expectSuccess(await administrator.send(`${vaultUri}${path}?${vaultVersion}`, call), path);
  };
  const seconds = (time: number | undefined) => (time === undefined ? undefined : Math.floor(time / 1000));
  return {
    setSecret: async ({ name, value, contentType, tags, enabled, notBefore, expires }) => {
      const attributes = { enabled, nbf: seconds(notBefore), exp: seconds(expires) };
      const reply = await send('PUT', `secrets/${name}`, { value, contentType, tags, attributes });
      return (reply.json as { readonly id: string }).id.split('/').at(-1) ?? '';
    },
    deleteSecret: async (name) => {
      await send('DELETE', `secrets/${name}`);
    },
    createCertificate: async (name, subject) => {
      const policy = {
        issuer: { name: 'Self' },
        secret_props: { contentType: 'application/x-pem-file' },
        x509_props: { subject },
      };
      await send('POST', `certificates/${name}/create`, { policy });
    },
  };
}

/** The status of an attempt to list the vault's secrets. */
export async function listSecrets({ vaultUri }: Contoso, by: ContosoClient): Promise<number> {
  const { status } = await by.send(`${vaultUri}secrets?${vaultVersion}`, { headers: by.vaultToken });
  return status;
}

/** The vault asks ARM once a second who may do what: waits until the condition holds. @throws Error after 20 seconds. */
export async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited 20 seconds without success for ${what}.`);
    await setTimeout(100);
  }
}

function expectSuccess(reply: Reply, what: string): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  throw new Error(`${what}: ${reply.status} ${reply.text}`);
}
