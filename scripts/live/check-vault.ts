import type { Reply } from './azure';
import type { Findings } from './findings';
import { roles, type Site } from './site';
import { waitUntil } from './wait';

const list = '/secrets?maxresults=25&api-version=7.4';
/** Front ends apply a change one after the other. */
const inRow = 3;

/** Verifies what the tasks assume about vaults, and measures how long opening and closing take. */
export async function checkVault(site: Site, findings: Findings, signal: AbortSignal): Promise<void> {
  const { note, measurements } = findings;
  const isRefused = async () => codeOf(await site.ask(list)) === 'ForbiddenByFirewall';
  await waitUntil('the firewall is in effect', isRefused, { signal, times: inRow });
  const address = await checkAddress(site, findings);
  await setRule(site, address);
  const opened = await waitUntil('the vault accepts this address', async () => !(await isRefused()), {
    signal,
    times: inRow,
  });
  measurements['opening, until three requests in a row pass'] = opened;
  note('vault-propagation', opened < 300_000, `${opened} ms after the PATCH had been answered`);
  const code = codeOf(await site.ask(list));
  note('vault-firewall-first', code === 'ForbiddenByRbac', `an accepted address without a role gets ${code}`);
  await checkSecrets(site, findings, signal);
  await setRule(site, undefined);
  const closed = await waitUntil('the vault refuses this address again', isRefused, { signal, times: inRow });
  measurements['closing, until three requests in a row are refused'] = closed;
  note('vault-propagation-closing', true, `${closed} ms after the PATCH had been answered`);
}

/** Returns the address with which this computer reaches the vault. */
async function checkAddress(site: Site, { note }: Findings): Promise<string> {
  const replies = [await site.ask('/healthstatus', {}), await site.ask(list, {}), await site.ask(list)];
  const addresses = replies.map(
    ({ header }) => /(?:^|;)addr=([^;]+)/.exec(header('x-ms-keyvault-network-info') ?? '')?.[1],
  );
  const seen = replies.map(({ status }, index) => `HTTP ${status}: ${addresses[index] ?? 'no header'}`).join(', ');
  note(
    'vault-network-info',
    addresses.every((address) => address !== undefined),
    seen,
  );
  const challenge = replies[1]?.header('www-authenticate') ?? '';
  note('vault-challenge', replies[1]?.status === 401 && /authorization=.*resource=/.test(challenge), challenge);
  const named = /Client address: ([\d.]+)/.exec(messageOf(replies[2]))?.[1];
  note('vault-address-compared', named !== undefined && named === addresses[2], `the refusal names ${named ?? 'none'}`);
  const address = named ?? addresses[0];
  if (address === undefined) throw new Error('The vault does not report the address of this machine.');
  return address;
}

async function setRule(site: Site, address: string | undefined): Promise<void> {
  const { networkAcls } = (await site.readVault()).properties;
  const foreign = [{ value: '198.51.100.7/32' }];
  const ipRules = address === undefined ? foreign : [...foreign, { value: `${address}/32` }];
  await site.patchVault({ properties: { networkAcls: { ...networkAcls, ipRules } } });
}

async function checkSecrets(site: Site, { note }: Findings, signal: AbortSignal): Promise<void> {
  await site.assignRole(roles.secretsUser, site.principal.objectId);
  const mayList = async () => (await site.ask(list)).status === 200;
  await waitUntil('the service principal may read secrets', mayList, { signal, times: inRow });
  const disabled = await site.ask('/secrets/disabled?api-version=7.4');
  const isNamed = codeOf(disabled) === 'SecretDisabled' || /disabled secret/i.test(messageOf(disabled));
  note('vault-disabled-secret', isNamed, `HTTP ${disabled.status} ${codeOf(disabled)}`);
  const { json } = await site.ask(list);
  const { value, nextLink } = json as { value?: readonly unknown[]; nextLink?: string };
  const isPaged =
    (value?.length ?? 99) <= 25 && new URL(nextLink ?? 'none:').hostname === new URL(site.vaultUrl).hostname;
  note('vault-pages', isPaged, `${value?.length ?? 0} entries, and a link to ${nextLink ?? 'nothing'}`);
}

/** With public access off; the vault is not needed afterwards. */
export async function checkDisabledAccess(site: Site, { note }: Findings, signal: AbortSignal): Promise<void> {
  await site.patchVault({ properties: { publicNetworkAccess: 'Disabled' } });
  const isDisabled = async () => codeOf(await site.ask(list)) === 'ForbiddenByConnection';
  await waitUntil('public access is off', isDisabled, { signal });
  note('vault-refusal-codes', true, 'ForbiddenByFirewall, ForbiddenByRbac and ForbiddenByConnection were seen');
}

interface RefusalJson {
  readonly error?: { readonly message?: string; readonly innererror?: { readonly code?: string } };
}

function codeOf({ json, status }: Reply): string {
  return (json as RefusalJson).error?.innererror?.code ?? `HTTP ${status}`;
}

function messageOf(reply: Reply | undefined): string {
  return (reply?.json as RefusalJson | undefined)?.error?.message ?? '';
}
