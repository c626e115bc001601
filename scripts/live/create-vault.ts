import { createClientCertificate } from '../../simulation/azure/http/certificates';
import { apiVersion, roles, type Site } from './site';
import { waitUntil } from './wait';

/** The value of the secret that the job must read. */
export const secretValue = 'not-a-real-secret-of-the-live-check';
/** More secrets, so that a listing has two pages. */
const furtherSecrets = 26;
const groupVersion = '2021-04-01';

/**
 * Creates the resource group with the vault, open to all networks, and fills it. Everything that it creates can be
 * removed.
 */
export async function createVault(site: Site, signal: AbortSignal): Promise<void> {
  const { subscription, location } = site.options;
  planRemoval(site);
  const tags = { purpose: 'live check of Pipeline Tasks for Azure Key Vault' };
  await site.manage(
    'PUT',
    `/subscriptions/${subscription}/resourceGroups/${site.group}`,
    { location, tags },
    groupVersion,
  );
  const properties = {
    tenantId: site.administrator.tenantId,
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
    softDeleteRetentionInDays: 7,
  };
  await site.manage('PUT', site.vaultId, { location, properties });
  // DNS resolves its name some time after the vault exists.
  const isThere = () =>
    site.ask('/healthstatus', {}).then(
      ({ status }) => status === 200,
      () => false,
    );
  await waitUntil('the vault answers', isThere, { signal });
  const secrets = Array.from({ length: furtherSecrets }, (_, index) => `other-${index + 1}`);
  for (const name of ['token', ...secrets]) await putSecret(site, name, { value: secretValue });
  await putSecret(site, 'disabled', { value: secretValue, attributes: { enabled: false } });
  await importCertificate(site, signal);
}

/** Registered before anything is created, so that the remains of an interruption are also removed. */
function planRemoval(site: Site): void {
  const { group, vault, options, removal } = site;
  const { subscription, location } = options;
  const inSubscription = `https://management.azure.com/subscriptions/${subscription}`;
  removal.add(`the soft-deleted vault ${vault}`, `az keyvault purge --name ${vault} --location ${location}`, () =>
    finish(
      site,
      'POST',
      `${inSubscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${vault}/purge?api-version=${apiVersion}`,
    ),
  );
  removal.add(`the resource group ${group}`, `az group delete --name ${group} --yes`, () =>
    finish(site, 'DELETE', `${inSubscription}/resourceGroups/${group}?api-version=${groupVersion}`),
  );
}

/** Waits for an operation that ARM may complete later. What does not exist needs no removal. */
async function finish({ sendAlways, administrator }: Site, method: 'POST' | 'DELETE', url: string): Promise<void> {
  const { armToken: token } = administrator;
  const { status, header, text } = await sendAlways(method, url, { token });
  if (status >= 300 && status !== 404) throw new Error(`HTTP ${status} ${text}`);
  const location = header('location');
  if (status !== 202 || location === undefined) return;
  const isDone = async () => (await sendAlways('GET', location, { token })).status !== 202;
  await waitUntil('the removal', isDone, { signal: new AbortController().signal });
}

async function putSecret({ manage, vaultId }: Site, name: string, properties: object): Promise<void> {
  await manage('PUT', `${vaultId}/secrets/${name}`, { properties });
}

/** It takes some minutes until the vault applies a role. */
async function importCertificate(site: Site, signal: AbortSignal): Promise<void> {
  await site.assignRole(roles.certificatesOfficer, site.administrator.objectId);
  const { certificate, privateKey } = await createClientCertificate();
  const body = {
    value: `${privateKey}\n${certificate}`,
    policy: { secret_props: { contentType: 'application/x-pem-file' }, issuer: { name: 'Self' } },
  };
  const url = `${site.vaultUrl}/certificates/tls/import?api-version=7.4`;
  const isImported = async (): Promise<boolean> => {
    const { status, text } = await site.send('POST', url, { token: site.administrator.vaultToken, body });
    if (status !== 200 && status !== 403) throw new Error(`The certificate cannot be imported: HTTP ${status} ${text}`);
    return status === 200;
  };
  await waitUntil('the certificate is imported', isImported, { signal });
}
