/** What the user reads of the step's inputs. A problem continues `Input 'name': `. */
export const inputMessages = {
  noResourceId: (text: string) =>
    `'${text}' is not the resource id of a vault. It must be /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.KeyVault/vaults/<name>.`,
  everyVaultOnlySwept: "'*' is every vault with a lease; it can be used with action: sweep only.",
  noNetwork: (text: string) => `'${text}' is not an IPv4 address or CIDR range such as 203.0.113.7 or 203.0.113.0/28.`,
  notPublic: (text: string) => `'${text}' is not public; Key Vault's firewall takes public addresses only.`,
};
