/** The addresses of one Azure cloud, none with a trailing slash. */
export interface Cloud {
  /** As service connections name it: `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`. */
  readonly name: string;
  /** Microsoft Entra ID, e.g. `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Azure Resource Manager, e.g. `https://management.azure.com`. */
  readonly resourceManager: string;
  /** The suffix of a vault's host name, e.g. `vault.azure.net`. */
  readonly vaultSuffix: string;
}

/**
 * The clouds that this extension supports, with the values of the `azurerm` service connection type and of
 * @azure/identity. Azure Germany closed in 2021; addresses in Azure Stack depend on the installation, so it is not
 * supported.
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

/** The cloud of that name, in any case; `''` means the public cloud. `undefined` for an unknown name. */
export function findCloud(name: string): Cloud | undefined {
  const wanted = (name === '' ? 'AzureCloud' : name).toLowerCase();
  return clouds.find((cloud) => cloud.name.toLowerCase() === wanted);
}

/** The names that {@link findCloud} accepts, for messages. */
export const cloudNames: readonly string[] = clouds.map((cloud) => cloud.name);

/** The suffixes of vaults' host names in the supported clouds. */
export const vaultSuffixes: readonly string[] = clouds.map((cloud) => cloud.vaultSuffix);
