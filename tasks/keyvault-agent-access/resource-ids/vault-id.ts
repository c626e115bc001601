import { DiagnosedError } from '../../shared/errors/diagnosis';
import { connectionMessages } from '../messages/connection';

/** The vault that a resource id names. */
export interface VaultId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const subscriptionForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Azure's rule (learn.microsoft.com, "Resource Groups - Get": `^[-\w\._\(\)]+$`, 90 at most); none ends with a dot, so never `..`. */
const groupForm = /^(?!.*\.$)[\p{L}\p{N}_().-]{1,90}$/u;
/** Key Vault's rule (learn.microsoft.com, "Naming rules and restrictions for Azure resources"). */
const nameForm = /^[a-z](?!.*--)[0-9a-z-]{1,22}[0-9a-z]$/i;
const idForm = /^\/subscriptions\/([^/]*)\/resourceGroups\/([^/]*)\/providers\/Microsoft\.KeyVault\/vaults\/([^/]*)$/i;

/** Takes a vault's resource id apart; `undefined` for anything that is not exactly one, such as a path with `..` or `?`. */
export function parseVaultId(text: string): VaultId | undefined {
  const [, subscriptionId = '', resourceGroup = '', name = ''] = idForm.exec(text) ?? [];
  return subscriptionForm.test(subscriptionId) && groupForm.test(resourceGroup) && nameForm.test(name)
    ? { subscriptionId, resourceGroup, name }
    : undefined;
}

/** @throws DiagnosedError AKV-INPUT when the text is not exactly the resource id of a vault. */
export function requireVaultId(text: string): VaultId {
  const id = parseVaultId(text);
  if (id === undefined) {
    throw new DiagnosedError({ code: 'AKV-INPUT', ...connectionMessages.noResourceId(text) });
  }
  return id;
}

export function renderVaultId({ subscriptionId, resourceGroup, name }: VaultId): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`;
}

/** Which vault it is, as options of the Azure CLI. */
export function cliOptions(resourceId: string): string {
  const { subscriptionId, resourceGroup, name } = requireVaultId(resourceId);
  return `--name ${name} --resource-group ${resourceGroup} --subscription ${subscriptionId}`;
}
