/** Inputs whose alias, which users write, differs from the task's own name. */
const aliases: Readonly<Record<string, string>> = {
  connectedServiceName: 'azureSubscription',
  keyVaultName: 'keyVault',
  secretsFilter: 'secrets',
};

/** Messages about the inputs of either task. A problem continues `Input 'name': `. */
export const stepInputMessages = {
  problemOf: (input: string, problem: string) => `Input '${aliases[input] ?? input}': ${problem}`,
  wrongInputs: (count: number) =>
    `${count === 1 ? '1 input is' : `${count} inputs are`} not valid; nothing was read or changed.`,
  correctInputs: "Correct the step's inputs and run again.",
  connectionRequired: 'a service connection is required.',
  overwritten: (key: string) => `may have been replaced: a variable of this job is named ${key}.`,
  renameVariable: (key: string) =>
    `Rename the variable ${key}. If no pipeline defines it, the output of an earlier step has set it (##vso[task.setvariable]).`,
  variableUndefined: (variable: string) =>
    `variable '${variable}' is not defined, so '$(${variable})' is still in the text.`,
  notAllowed: (text: string, allowed: string) => `'${text}' is not valid; allowed: ${allowed}.`,
  emptyList: (text: string) => `'${text}' is empty.`,
  wholeNumber: (least: number, most: number) => `a whole number from ${least} to ${most}`,
};

/** Mistakes in a vault of the input `keyVault`. */
export const vaultInputMessages = {
  required: "is empty. Give the vault's name, e.g. my-vault, or its URL, e.g. https://my-vault.vault.azure.net",
  sameName: (name: string) => `two vaults are named '${name}'. Use two steps, one for each.`,
  noName: (entry: string) =>
    `'${entry}' is not the name of a vault. A vault's name has 3 to 24 letters, digits and single dashes, starts with a letter and does not end with a dash.`,
  hostInsteadOfName: (entry: string) => `'${entry}' is not the name of a vault. Did you mean 'https://${entry}'?`,
  noUrl: (entry: string) => `'${entry}' is not a URL.`,
  noHttps: (entry: string) => `'${entry}' does not start with https://.`,
  userInUrl: 'a vault URL cannot hold a user name or password.',
  moreThanHost: (entry: string, origin: string) => `'${entry}' has more than a host. Did you mean '${origin}'?`,
  otherCloud: (vault: string, suffix: string, cloud: string) => ({
    summary: `'${vault}' is at ${vault}.${suffix}, which is not in ${cloud}; no token is sent there.`,
    remedy: ["Use a service connection for the vault's own cloud."],
  }),
  noVaultHost: (entry: string, suffixes: readonly string[]) =>
    `'${entry}' is not the URL of a vault. It must be https://<name>.${suffixes.join(' or .')}.`,
};

/** Mistakes in the input `proxy`. */
export const proxyInputMessages = {
  noProxy: (text: string) =>
    `'${text.replace(/\/\/[^/]*@/, '//***@')}' is not valid; allowed: agent, none, or the proxy's address without user name and path, for example http://proxy.contoso.example:8080.`,
};
