/** The vault that a resource id names. */
export interface VaultId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const subscriptionForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Azure's rule (learn.microsoft.com, "Resource Groups - Get": `^[-\w\._\(\)]+$`, 90 at most); never `..`, as none ends with a dot. */
const groupForm = /^(?!.*\.$)[\p{L}\p{N}_().-]{1,90}$/u;
/** Key Vault's rule (learn.microsoft.com, "Naming rules and restrictions for Azure resources"). */
const nameForm = /^[a-z](?!.*--)[0-9a-z-]{1,22}[0-9a-z]$/i;

/** Takes a vault's resource id apart; `undefined` for anything that is not exactly one, such as a path with `..` or `?`. */
export function parseVaultId(text: string): VaultId | undefined {
  const [root, subscriptions, subscriptionId = '', groups, resourceGroup = '', ...rest] = text.split('/');
  const [providers, provider, type, name = '', ...more] = rest;
  const fixed = [root, subscriptions, groups, providers, provider, type].join('/').toLowerCase();
  const isVault = fixed === '/subscriptions/resourcegroups/providers/microsoft.keyvault/vaults' && more.length === 0;
  const id = { subscriptionId, resourceGroup, name };
  return isVault && isVaultId(id) ? id : undefined;
}

/** True when every part could be part of a resource id. */
export function isVaultId({ subscriptionId, resourceGroup, name }: VaultId): boolean {
  return subscriptionForm.test(subscriptionId) && groupForm.test(resourceGroup) && nameForm.test(name);
}

/** True for what can be a vault's name. */
export function isVaultName(text: string): boolean {
  return nameForm.test(text);
}

/** The resource id of the vault. */
export function renderVaultId({ subscriptionId, resourceGroup, name }: VaultId): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`;
}
