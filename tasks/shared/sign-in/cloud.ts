/** The addresses of one Azure cloud, none with a trailing slash. */
export interface Cloud {
  /** As service connections name it: `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`. */
  readonly name: string;
  /** Microsoft Entra ID, e.g. `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Azure Resource Manager, e.g. `https://management.azure.com`. */
  readonly resourceManager: string;
  /** What a vault's host name ends in, e.g. `vault.azure.net`. */
  readonly vaultSuffix: string;
}

/**
 * The clouds this extension knows, with the values of the `azurerm` service connection type and of @azure/identity.
 * Azure Germany closed in 2021; Azure Stack's addresses differ by installation and are refused for now.
 */
const clouds: readonly Cloud[] = [
  {
    name: 'AzureCloud',
    authority: 'https://login.microsoftonline.com',
    resourceManager: 'https://management.azure.com',
    vaultSuffix: 'vault.azure.net',
  },
  {
    name: 'AzureUSGovernment',
    authority: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    vaultSuffix: 'vault.usgovcloudapi.net',
  },
  {
    name: 'AzureChinaCloud',
    authority: 'https://login.partner.microsoftonline.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
    vaultSuffix: 'vault.azure.cn',
  },
];

/** The cloud of that name, in any case; `''` means the public one. `undefined` for a name that is not known. */
export function findCloud(name: string): Cloud | undefined {
  const wanted = (name === '' ? 'AzureCloud' : name).toLowerCase();
  return clouds.find((cloud) => cloud.name.toLowerCase() === wanted);
}

/** The names {@link findCloud} knows, for messages. */
export const cloudNames: readonly string[] = clouds.map((cloud) => cloud.name);

/** What vaults' host names end in, in the clouds that are known. */
export const vaultSuffixes: readonly string[] = clouds.map((cloud) => cloud.vaultSuffix);
