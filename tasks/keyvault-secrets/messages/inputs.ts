/** What the user reads of the step's inputs. A problem continues `Input 'name': `. */
export const inputMessages = {
  wrongInputs: (count: number) => `${count} ${count === 1 ? 'input is' : 'inputs are'} wrong; nothing was read.`,
  correctInputs: "Correct the step's inputs and run again.",
  variableUndefined: (variable: string) =>
    `variable '${variable}' is not defined, so '$(${variable})' is still in the text.`,
  notAllowed: (written: string, allowed: string) => `'${written}' is not allowed. Allowed: ${allowed}.`,
  wholeNumber: (least: number, most: number) => `a whole number from ${least} to ${most}`,
  unusablePrefix: (prefix: string) =>
    `'${prefix}' cannot begin a name. Allowed: letters, digits, dot, dash and underscore.`,
  noCondition: (line: string) => `'${line}' is not a condition. Allowed: tag, tag=value, tag!=value.`,
};

/** What is wrong with a vault of the input `keyVaultName`. */
export const vaultMessages = {
  none: "is empty. Give the vault's name, e.g. my-vault, or its URL, e.g. https://my-vault.vault.azure.net",
  sameName: (name: string) => `two vaults are named '${name}'. Use two steps, one for each.`,
  noName: (entry: string) =>
    `'${entry}' is not the name of a vault. A vault's name has 3 to 24 letters, digits and single dashes, starts with a letter and does not end with a dash.`,
  hostInsteadOfName: (entry: string) => `'${entry}' is not the name of a vault. Did you mean 'https://${entry}'?`,
  noUrl: (entry: string) => `'${entry}' is not a URL.`,
  noHttps: (entry: string) => `'${entry}' does not start with https://.`,
  userInUrl: 'a vault URL cannot hold a user name or password.',
  moreThanHost: (entry: string, origin: string) => `'${entry}' has more than a host. Did you mean '${origin}'?`,
};
