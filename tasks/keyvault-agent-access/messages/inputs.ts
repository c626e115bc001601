/** What the user reads of the step's inputs. A problem continues `Input 'name': `. */
export const inputMessages = {
  correctInputs: 'Correct the inputs of this step.',
  vaultRequired: 'a vault is required: its name, https:// URL or resource id.',
  variableUndefined: (variable: string, text: string) => `the variable '${variable}' is not defined in '${text}'.`,
  noChoice: (text: string, allowed: readonly string[]) => `'${text}' is none of: ${allowed.join(', ')}.`,
  noCount: (text: string, least: number, most: number) => `'${text}' is not a whole number from ${least} to ${most}.`,
  emptyList: (text: string) => `'${text}' names nothing.`,
  noVault: (text: string) =>
    `'${text}' is no vault name (3 to 24 letters, digits and single dashes), https:// URL or resource id of a vault.`,
  noNetwork: (text: string) => `'${text}' is no IPv4 address or CIDR range such as 203.0.113.7 or 203.0.113.0/28.`,
  notPublic: (text: string) => `'${text}' is not public; Key Vault's firewall takes public addresses only.`,
};
