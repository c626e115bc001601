import { recoverVault } from '../../shared/messages/deleted-vault';

/** What the user reads of the way to the vaults: who signs in, and vaults that cannot be found or reached. */
export const connectionMessages = {
  signingIn: (cloud: string, identity: string) => `Signing in to ${cloud} as ${identity}.`,
  foreignCloud: (vault: string, host: string, cloud: string) => ({
    summary: `'${vault}' is at ${host}, which is not a vault of ${cloud}; no token is sent there.`,
    remedy: ["Use a service connection for the vault's own cloud."],
  }),
  vaultUnseen: (vault: string) => ({
    summary: `The service connection's identity found no vault '${vault}' in its subscription.`,
    cause: 'Its name is mistyped, the identity has no role on it, or it is in another subscription.',
    remedy: [
      `If it has no role on the vault: az role assignment create --role "Key Vault Firewall Operator" --assignee <application id> --scope $(az keyvault show --name ${vault} --query id -o tsv)`,
      `If it is in another subscription, give its full resource id in 'keyVault': az keyvault show --name ${vault} --query id -o tsv`,
      recoverVault(vault),
    ],
  }),
  noResourceId: (text: string) => ({
    summary: `'${text}' is not the resource id of a vault.`,
    remedy: [
      "Check the inputs 'keyVault' and 'resourceGroupName'. A resource id is /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.KeyVault/vaults/<name>.",
    ],
  }),
  noSubscription: {
    summary: 'The service connection has no subscription (its scope is a management group).',
    remedy: ["Give the vault's full resource id in 'keyVault': az keyvault show --name <vault> --query id -o tsv"],
  },
};
