/** The host names and audiences of the Azure clouds (Azure/azure-cli azure/cli/core/cloud.py). */

export type CloudName = 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';

export interface Cloud {
  readonly name: CloudName;
  /** Hosts of the token service; the first is the one that Azure names itself. */
  readonly login: readonly [string, ...string[]];
  /** The prefix of the issuer of a version 1 access token. */
  readonly tokenIssuer: string;
  readonly arm: string;
  /** Audiences that ARM accepts, without the optional slash at the end. */
  readonly armAudiences: readonly string[];
  readonly vaultSuffix: string;
}

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    name: 'AzureCloud',
    login: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    tokenIssuer: 'https://sts.windows.net',
    arm: 'management.azure.com',
    armAudiences: ['https://management.core.windows.net', 'https://management.azure.com'],
    vaultSuffix: 'vault.azure.net',
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    login: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    tokenIssuer: 'https://sts.windows.net',
    arm: 'management.usgovcloudapi.net',
    armAudiences: ['https://management.core.usgovcloudapi.net', 'https://management.usgovcloudapi.net'],
    vaultSuffix: 'vault.usgovcloudapi.net',
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    login: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    tokenIssuer: 'https://sts.chinacloudapi.cn',
    arm: 'management.chinacloudapi.cn',
    armAudiences: ['https://management.core.chinacloudapi.cn', 'https://management.chinacloudapi.cn'],
    vaultSuffix: 'vault.azure.cn',
  },
};

/** The audience that the cloud's vaults accept. */
export function vaultAudience(cloud: Cloud): string {
  return `https://${cloud.vaultSuffix}`;
}

/** The cloud that a host of the token service, of ARM or of a vault belongs to. */
export function findCloud(belongs: (cloud: Cloud) => boolean): Cloud | undefined {
  return Object.values(clouds).find(belongs);
}
