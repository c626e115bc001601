import { randomUUID } from 'node:crypto';
import type { HttpMethods } from '@azure/core-rest-pipeline';
import { cliToken, identityIn, principalToken, type Call, type Identity, type Reply, type Send } from './azure';
import type { LiveOptions } from './options';
import type { Removal } from './removal';

const arm = 'https://management.azure.com';
const vaultResource = 'https://vault.azure.net';
export const apiVersion = '2026-02-01';

/** Built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security */
export const roles = {
  vaultContributor: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  certificatesOfficer: 'a4417e6f-fecd-4de8-b567-7b0420556985',
};

/** A resource group with a vault, its administrator (the Azure CLI's sign-in), and the service principal. */
export interface Site {
  readonly options: LiveOptions;
  readonly send: Send;
  /** An interruption does not end these. */
  readonly sendAlways: Send;
  readonly removal: Removal;
  readonly group: string;
  readonly vault: string;
  /** The vault's resource id. */
  readonly vaultId: string;
  readonly vaultUrl: string;
  readonly administrator: SignedIn;
  readonly principal: SignedIn;
  /** A request to Azure Resource Manager as administrator. @throws Error unless it succeeds. */
  readonly manage: (method: HttpMethods, path: string, body?: unknown, version?: string) => Promise<Reply>;
  /** The vault's JSON from ARM. */
  readonly readVault: () => Promise<VaultJson>;
  /** A PATCH of the vault; returns ARM's answer. */
  readonly patchVault: (body: unknown) => Promise<VaultJson>;
  /** A request to the vault, as the service principal unless another token or no token is specified. */
  readonly ask: (path: string, call?: Call) => Promise<Reply>;
  readonly assignRole: (role: string, objectId: string) => Promise<void>;
}

interface SignedIn extends Identity {
  readonly armToken: string;
  readonly vaultToken: string;
}

export interface VaultJson {
  readonly tags?: Readonly<Record<string, string>>;
  readonly systemData: { readonly lastModifiedAt: string };
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly networkAcls?: Readonly<Record<string, unknown>> & {
      readonly ipRules: readonly { readonly value: string }[];
    };
  };
}

async function signIn({ subscription, principal }: LiveOptions, send: Send) {
  const by = async (getToken: (resource: string) => Promise<string>): Promise<SignedIn> => {
    const armToken = await getToken(arm);
    return { armToken, vaultToken: await getToken(vaultResource), ...identityIn(armToken) };
  };
  return {
    administrator: await by((resource) => cliToken(resource, subscription)),
    principal: await by((resource) => principalToken(send, principal, resource)),
  };
}

/** Signs in both and returns names; creates nothing. */
export async function planSite(
  options: LiveOptions,
  sends: { readonly checks: Send; readonly removal: Send },
  removal: Removal,
): Promise<Site> {
  const send = sends.checks;
  const name = `akv-live-${randomUUID().slice(0, 8)}`;
  const vaultId = `/subscriptions/${options.subscription}/resourceGroups/${name}/providers/Microsoft.KeyVault/vaults/${name}`;
  const { administrator, principal } = await signIn(options, send);
  const vaultUrl = `https://${name}.vault.azure.net`;
  const manage: Site['manage'] = async (method, path, body, version = apiVersion) => {
    const url = `${arm}${path}?api-version=${version}`;
    const reply = await send(method, url, { token: administrator.armToken, ...(body === undefined ? {} : { body }) });
    if (reply.status >= 300) throw new Error(`${method} ${path}: HTTP ${reply.status} ${reply.text}`);
    return reply;
  };
  const parsed = async (reply: Promise<Reply>) => (await reply).json as unknown as VaultJson;
  return {
    options,
    send,
    removal,
    group: name,
    vault: name,
    vaultId,
    vaultUrl,
    administrator,
    principal,
    manage,
    sendAlways: sends.removal,
    readVault: () => parsed(manage('GET', vaultId)),
    patchVault: (body) => parsed(manage('PATCH', vaultId, body)),
    ask: (path, call = { token: principal.vaultToken }) => send('GET', `${vaultUrl}${path}`, call),
    assignRole: async (role, principalId) => {
      const roleDefinitionId = `/subscriptions/${options.subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
      const path = `${vaultId}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
      await manage('PUT', path, { properties: { roleDefinitionId, principalId } }, '2022-04-01');
    },
  };
}
