import { recoverVault } from '../../shared/messages/deleted-vault';

/** What the user reads of the way to the vaults: who signs in, and vaults that cannot be found or reached. */
export const connectionMessages = {
  signingIn: (cloud: string, identity: string) => `Signing in to ${cloud} as ${identity}.`,
  foreignCloud: (vault: string, host: string, cloud: string) => ({
    summary: `'${vault}' is at ${host}, which is no vault of ${cloud}; no token is sent there.`,
    remedy: ["Use a service connection for the vault's own cloud."],
  }),
  vaultUnseen: (vault: string) => ({
    summary: `The service connection's identity sees no vault '${vault}' in its subscription.`,
    cause: 'The vault is in another subscription, its name is mistyped, or the identity has no role on it.',
    remedy: [
      `Give the vault's full resource id in 'keyVaultName': az keyvault show --name ${vault} --query id -o tsv`,
      recoverVault(vault),
    ],
  }),
  noSubscription: {
    summary: 'The service connection has no subscription (its scope is a management group).',
    remedy: ["Give the vault's full resource id in 'keyVaultName': az keyvault show --name <vault> --query id -o tsv"],
  },
};
