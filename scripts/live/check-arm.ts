import { retiredVersions } from '../../simulation/azure/arm/versions';
import type { Findings } from './findings';
import { apiVersion, roles, type Site, type VaultJson } from './site';
import { waitUntil } from './wait';

const arm = 'https://management.azure.com';

/**
 * Verifies what the tasks assume about Azure Resource Manager; afterwards, the vault refuses all networks except one.
 */
export async function checkArm(site: Site, findings: Findings, signal: AbortSignal): Promise<void> {
  const { note } = findings;
  const fresh = await site.readVault();
  note('arm-acls-absent', fresh.properties.networkAcls === undefined, 'GET of a vault without network settings');
  await checkPatches(site, fresh, findings);
  await checkPrecondition(site, findings);
  await checkVersions(site, findings);
  await checkListing(site, findings, signal);
}

async function checkPatches(site: Site, fresh: VaultJson, { note, measurements }: Findings): Promise<void> {
  const networkAcls = {
    bypass: 'None',
    defaultAction: 'Deny',
    ipRules: [{ value: '198.51.100.7' }],
    virtualNetworkRules: [],
  };
  const started = performance.now();
  const written = await site.patchVault({ tags: { first: 'a', second: 'b' }, properties: { networkAcls } });
  const duration = Math.round(performance.now() - started);
  measurements['PATCH of a vault'] = duration;
  note('arm-time-to-commit', duration < 3000, `a PATCH took ${duration} ms`);
  const read = await site.readVault();
  note('arm-read-your-writes', same(read, written), 'GET directly after PATCH against the answer to PATCH');
  const kept = Object.keys(fresh.properties).filter((name) => name !== 'networkAcls');
  const isKept = kept.every((name) => same(fresh.properties[name], read.properties[name]));
  note(
    'arm-patch-merge',
    isKept && read.properties.networkAcls?.bypass === 'None',
    `${kept.length} other members kept`,
  );
  const rules = rulesOf(read);
  note(
    'arm-rule-form',
    rules.length === 1 && rules[0] === '198.51.100.7/32',
    `198.51.100.7 is shown as ${rules.join()}`,
  );
  const both = same(read.tags, { first: 'a', second: 'b' }) && rules.length === 1;
  note('arm-tags-and-rules', both, 'tags and rules of one PATCH are both in the next GET');
  const withNewTags = await site.patchVault({ tags: { owner: 'live-check' } });
  note(
    'arm-tags-replace',
    same(withNewTags.tags, { owner: 'live-check' }),
    `tags are ${JSON.stringify(withNewTags.tags)}`,
  );
  const stamps = [fresh, written, withNewTags].map(({ systemData }) => systemData.lastModifiedAt);
  note('arm-last-modified', new Set(stamps).size === stamps.length, stamps.join(', '));
}

async function checkPrecondition(site: Site, { note }: Findings): Promise<void> {
  const { armToken: token } = site.administrator;
  const url = `${arm}${site.vaultId}?api-version=${apiVersion}`;
  const { status, header, text } = await site.send('PATCH', url, {
    token,
    body: { tags: { owner: 'live-check' } },
    headers: { 'If-Match': '"not-an-etag"' },
  });
  const hasTag = header('etag') !== undefined || /"etag"/i.test(text);
  note(
    'arm-no-precondition',
    status === 200 && !hasTag,
    `PATCH with a wrong If-Match: HTTP ${status}, ETag: ${hasTag}`,
  );
  const ahead = Math.abs(Date.parse(header('date') ?? '') - Date.now());
  note('machine-clock', ahead < 5 * 60_000, `this machine differs from Azure by about ${Math.round(ahead / 1000)} s`);
}

async function checkVersions(site: Site, { note }: Findings): Promise<void> {
  const { armToken: token } = site.administrator;
  const statusOf = async (version: string) =>
    (await site.send('GET', `${arm}${site.vaultId}?api-version=${version}`, { token })).status;
  const retired = retiredVersions.at(-1) ?? '';
  const statuses = [await statusOf(apiVersion), await statusOf(retired)];
  note('arm-retirement', statuses[0] === 200, `${apiVersion}: HTTP ${statuses[0]}; ${retired}: HTTP ${statuses[1]}`);
}

/** The service principal gets a role only on the vault, and finds the vault in the subscription. */
async function checkListing(site: Site, { note }: Findings, signal: AbortSignal): Promise<void> {
  await site.assignRole(roles.vaultContributor, site.principal.objectId);
  const { armToken: token } = site.principal;
  const url = `${arm}${site.vaultId}?api-version=${apiVersion}`;
  const mayRead = async () => (await site.send('GET', url, { token })).status === 200;
  await waitUntil('the role of the service principal takes effect', mayRead, { signal, times: 3 });
  const filter = encodeURIComponent("resourceType eq 'Microsoft.KeyVault/vaults'");
  const list = `${arm}/subscriptions/${site.options.subscription}/resources?$filter=${filter}&api-version=2015-11-01`;
  const { status, text } = await site.send('GET', list, { token });
  note('arm-list-resources', text.includes(site.vault), `HTTP ${status} with a role on the vault alone`);
}

function rulesOf({ properties }: VaultJson): string[] {
  return (properties.networkAcls?.ipRules ?? []).map(({ value }) => value);
}

/** By content, regardless of the order of the members. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, sorted(member)] as const)
      .sort(),
  );
}
