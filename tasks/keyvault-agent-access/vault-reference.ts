import { inputMessages } from './messages/inputs';

/** A vault as the user named it. */
export interface VaultReference {
  readonly name: string;
  /** Full resource id, when that is what the user gave. */
  readonly resourceId?: string;
}

/** Key Vault's rule for names (learn.microsoft.com, "Naming rules and restrictions for Azure resources"). */
const nameForm = /^[a-z](?!.*--)[0-9a-z-]{1,22}[0-9a-z]$/i;
const idForm =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)$/i;

/** Reads a vault's name, `https://` URL or resource id; gives what is wrong with any other text. */
export function parseVaultReference(text: string): { readonly value: VaultReference } | { readonly problem: string } {
  const inId = idForm.exec(text)?.[1];
  const inUrl = /^https:\/\/([^./:]+)(\.[0-9a-z.-]+)?\/?$/i.exec(text)?.[1];
  const name = inId ?? inUrl ?? text;
  if (!nameForm.test(name)) {
    return { problem: inputMessages.noVault(text) };
  }
  return { value: inId === undefined ? { name } : { name, resourceId: text } };
}
