/** The versions of ARM's API that the simulation accepts. */
import { refuse } from '../http/exchange';
import type { SimulatedRequest } from '../http/exchange';

/**
 * The versions of Microsoft.KeyVault that remain after 2027-02-27: "every control-plane API version before 2026-02-01
 * is retired" (Microsoft Learn, "Prepare for Key Vault API version 2026-02-01 and later").
 */
const supportedVersions = ['2026-02-01', '2026-03-01-preview', '2026-04-01-preview'];

/** The version that shows all members of a vault. */
export const newestVersion = '2026-04-01-preview';

/** Azure/azure-rest-api-specs, folder names under specification/keyvault/resource-manager/Microsoft.KeyVault. */
export const retiredVersions = [
  '2015-06-01',
  '2016-10-01',
  '2018-02-14',
  '2019-09-01',
  '2020-04-01-preview',
  '2021-04-01-preview',
  '2021-06-01-preview',
  '2021-10-01',
  '2021-11-01-preview',
  '2022-02-01-preview',
  '2022-07-01',
  '2022-11-01',
  '2023-02-01',
  '2023-07-01',
  '2024-04-01-preview',
  '2024-11-01',
  '2024-12-01-preview',
  '2025-05-01',
];

/** Azure/azure-rest-api-specs, folder names under specification/network/resource-manager/Microsoft.Network that have perimeters. */
const perimeterVersions = [
  '2024-07-01',
  '2024-10-01',
  '2025-01-01',
  '2025-03-01',
  '2025-05-01',
  '2025-07-01',
  '2025-09-01',
];

/**
 * The version that the request names.
 *
 * @param acceptsRetired - whether it is still before 2027-02-27. What ARM says to a retired version is not published:
 *   the simulation refuses it as ARM refuses a version that never was.
 * @throws Refused 400 when there is none, or none that the provider supports.
 */
export function readApiVersion({ path, query }: SimulatedRequest, acceptsRetired: boolean): string {
  const version = query['api-version'];
  if (version === undefined || version === '') {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.';
    throw refuse(400, 'MissingApiVersionParameter', message);
  }
  if (!/^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i.test(version)) {
    throw refuse(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`);
  }
  const versions = acceptsRetired ? [...retiredVersions, ...supportedVersions] : supportedVersions;
  if (isOfKeyVault(path) && !versions.includes(version)) {
    const supported = `The supported api-versions are '${versions.join(', ')}'.`;
    const what = `No registered resource provider found for location 'westeurope' and API version '${version}' for type 'vaults'.`;
    throw refuse(400, 'NoRegisteredProviderFound', `${what} ${supported}`);
  }
  if (isOfPerimeter(path) && !perimeterVersions.includes(version)) {
    const supported = `The supported api-versions are '${perimeterVersions.join(', ')}'.`;
    const what = `No registered resource provider found for location 'westeurope' and API version '${version}' for type 'networkSecurityPerimeters'.`;
    throw refuse(400, 'NoRegisteredProviderFound', `${what} ${supported}`);
  }
  return version;
}

function isOfPerimeter(path: string): boolean {
  return /\/providers\/Microsoft\.Network\/networkSecurityPerimeters\/(?!.*\/providers\/)/i.test(path);
}

/**
 * The last provider in a path decides: role assignments, locks, tags and perimeters of a vault have their own versions.
 */
function isOfKeyVault(path: string): boolean {
  return /\/providers\/Microsoft\.KeyVault\/(?!register$|.*\/(providers|networkSecurityPerimeterConfigurations)(\/|$))/i.test(
    path,
  );
}
