import { issuerOf } from '../../simulation/azure/caller';
import { logIn, openContoso, type Contoso, type ContosoClient } from '../../simulation/azure/contoso';
import { createAzureKeys } from '../../simulation/azure/http/keys';
import type { NewSecret } from '../../simulation/azure/population';
import { createSigningKey, signToken } from '../../simulation/azure/entra/token';
import type { Call, Reply } from '../../simulation/azure/http/tunnel-client';
import { openForeignContoso } from './foreign-contoso';

/** The sender of a request. */
export type Authorization =
  | 'valid'
  | 'forArm'
  | 'stranger'
  | 'strangerForArm'
  | 'slash'
  | 'expired'
  | 'expiredForArm'
  | 'badSignature'
  | 'otherTenant'
  | 'garbage'
  | 'basic'
  | 'none';

type Headers = Readonly<Record<string, string>>;

/** A place where the raw requests are sent: this project's simulation, or other people's servers. */
export interface RawSite {
  readonly contoso: Contoso;
  readonly authorizations: Readonly<Record<Authorization, Headers>>;
  /** Versions of the secret `twice`, the oldest first. */
  readonly versions: readonly [string, string];
  send(url: string, call: Call): Promise<Reply>;
  stop(): Promise<void>;
}

const day = 24 * 60 * 60 * 1000;

/** What the vault holds on both sides; `gone` is deleted afterwards. */
const contents: readonly NewSecret[] = [
  { name: 'Plain', value: 'not-a-real-value-1', contentType: 'text/plain', tags: { env: 'prod' } },
  { name: 'twice', value: 'not-a-real-value-2' },
  { name: 'twice', value: 'not-a-real-value-3' },
  { name: 'off', value: 'not-a-real-value-4', enabled: false },
  { name: 'old', value: 'not-a-real-value-5', expires: Date.now() - day },
  { name: 'young', value: 'not-a-real-value-6', notBefore: Date.now() + day },
  { name: 'gone', value: 'not-a-real-value-7' },
];

const audiences = { vault: 'https://vault.azure.net', arm: 'https://management.azure.com' };
const otherTenant = '12121212-1212-4212-8212-121212121212';
const hour = 3600;

/** Signs a token as the site's token service does; `lasts` is in seconds from now. */
type Forge = (form: {
  readonly audience: string;
  readonly lasts?: number;
  readonly issuer?: string;
  readonly spoilt?: boolean;
}) => Promise<string>;

async function authorizationsOf(own: ContosoClient, stranger: ContosoClient, forge: Forge, otherIssuer: string) {
  const bearer = async (form: Parameters<Forge>[0]) => ({ authorization: `Bearer ${await forge(form)}` });
  return {
    valid: own.vaultToken,
    forArm: own.armToken,
    stranger: stranger.vaultToken,
    strangerForArm: stranger.armToken,
    slash: await bearer({ audience: `${audiences.vault}/` }),
    expired: await bearer({ audience: audiences.vault, lasts: -hour }),
    expiredForArm: await bearer({ audience: audiences.arm, lasts: -hour }),
    badSignature: await bearer({ audience: audiences.vault, spoilt: true }),
    otherTenant: await bearer({ audience: audiences.vault, issuer: otherIssuer }),
    garbage: { authorization: 'Bearer not-a-token' },
    basic: { authorization: `Basic ${Buffer.from('contoso:not-a-real-password').toString('base64')}` },
    none: {},
  };
}

/** This project's simulated Azure. */
export async function openSimulatedSite(): Promise<RawSite> {
  const keys = await createAzureKeys();
  const { azure, contoso, client, stop } = await openContoso({ keys });
  azure.changeVault(contoso.vault, { properties: { networkAcls: { defaultAction: 'Allow' } } });
  const versions = contents.map((secret) => azure.setSecret(contoso.vault, secret));
  azure.deleteSecret(contoso.vault, 'gone');
  const { objectId } = contoso.application;
  const scope = `/subscriptions/${contoso.subscription.id}`;
  azure.assignRole({ objectId, scope, actions: ['Microsoft.KeyVault/vaults/read'] });
  const clientSecret = 'not-a-real-password-2';
  const application = azure.addApplication({ tenant: contoso.tenant, secrets: [{ value: clientSecret }] });
  const network = await azure.connectFrom({ addresses: ['20.1.2.3'] });
  const stranger = await logIn(azure, { ...contoso, application, clientSecret }, network);
  const { id, cloud } = contoso.tenant;
  const forge: Forge = async ({ audience, lasts = hour, issuer = issuerOf(cloud, id), spoilt = false }) => {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now - 2 * hour, nbf: now - 2 * hour, exp: now + lasts };
    const { clientId: appid, objectId: oid } = contoso.application;
    const key = spoilt ? { ...(await createSigningKey()), kid: keys.tokenKey.kid } : keys.tokenKey;
    return signToken(key, { aud: audience, iss: issuer, tid: id, appid, oid, ...times });
  };
  return {
    contoso,
    authorizations: await authorizationsOf(client, stranger, forge, issuerOf(cloud, otherTenant)),
    versions: [versions[1] ?? '', versions[2] ?? ''],
    send: (url, call) => client.send(url, call),
    stop,
  };
}

/** Other people's servers. @throws Error when they are not on this machine. */
export async function openForeignSite(): Promise<RawSite> {
  const foreign = await openForeignContoso();
  const versions: string[] = [];
  for (const secret of contents) versions.push(await foreign.setSecret(secret));
  await foreign.deleteSecret('gone');
  const stranger = await foreign.signIn(await foreign.directory.addApplication('stranger'));
  const forge: Forge = ({ audience, lasts = hour, issuer, spoilt = false }) =>
    foreign.directory.forgeToken({
      clientId: foreign.contoso.application.clientId,
      audience,
      expiresInSeconds: lasts,
      notBeforeSeconds: -2 * hour,
      signature: spoilt ? 'invalid' : 'valid',
      ...(issuer === undefined ? {} : { extraClaims: { iss: issuer } }),
    });
  const otherIssuer = `https://login.microsoftonline.com/${otherTenant}/v2.0`;
  return {
    contoso: foreign.contoso,
    authorizations: await authorizationsOf(foreign.client, stranger, forge, otherIssuer),
    versions: [versions[1] ?? '', versions[2] ?? ''],
    send: (url, call) => foreign.client.send(url, call),
    stop: () => foreign.stop(),
  };
}
