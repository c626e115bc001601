/** The advice for a vault that does not exist: after deletion it is kept for at least seven days (learn.microsoft.com, "Azure Key Vault soft-delete overview"). */
export function recoverVault(vault: string): string {
  return `If it was deleted: az keyvault recover --name ${vault} (az keyvault list-deleted shows what can be recovered).`;
}
