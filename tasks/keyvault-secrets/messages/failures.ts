/** Why the step sets nothing: secrets that cannot be read, and names that cannot be used. Summaries continue a name. */
export const failureMessages = {
  nothingSet: (failure: string) => `${failure} No variable was set.`,
  problems: (count: number) => `${count} problems; no variable was set.`,
  allOf: (subjects: readonly string[]) => subjects.join(' and '),
};

/** Failures of single secrets. */
export const secretMessages = {
  disabled: (vault: string, name: string) => ({
    summary: 'the secret is disabled',
    remedy: [`az keyvault secret set-attributes --vault-name ${vault} --name ${name} --enabled true`],
  }),
  foundTwice: (first: string) => ({
    summary: 'the rule does not say which vault is meant',
    remedy: [`Write the vault, e.g. ${first}`],
  }),
  missing: (vault: string, what: string, near: string, recovery: readonly string[]) => ({
    summary: `${what}.${near}`,
    remedy: [
      `List the secrets: az keyvault secret list --vault-name ${vault} --query "[].name"`,
      "To allow a missing secret, add '?': name? -> VARIABLE",
      ...recovery,
    ],
  }),
  recover: (vault: string, name: string) =>
    `If it was deleted: az keyvault secret recover --vault-name ${vault} --name ${name}`,
  noSecret: 'the secret does not exist',
  noPrevious: 'there is no enabled version before the current one',
  didYouMean: (near: string) => ` Did you mean '${near}'?`,
  outsideValidity: (vault: string, name: string, outside: string) => ({
    summary: `the secret is outside its validity period: ${outside}`,
    remedy: [
      'Add a new version to the vault, or change its dates:',
      `az keyvault secret set-attributes --vault-name ${vault} --name ${name} --expires <date>`,
      "Or let the step use it: input 'expiredSecrets' = warn.",
    ],
  }),
};

/** Failures of versions of a secret. */
export const versionMessages = {
  tied: (vault: string, name: string, count: number) => ({
    summary: `${count} versions before the current one were created in the same second, so the previous version is unknown`,
    remedy: [
      'Name the version:',
      `az keyvault secret list-versions --vault-name ${vault} --name ${name} --query "[].{id:id, created:attributes.created}"`,
      `and in the rule: ${name}/<version> -> VARIABLE`,
    ],
  }),
};

const otherPath = ['Give one of them another path: | file:other/path'];
const otherName = ['Give the variable another name: secret-name -> MY_NAME'];

/** Failures of names of variables and files. */
export const nameMessages = {
  unusable: (name: string) => ({ summary: `'${name}' cannot be the name of a variable`, remedy: otherName }),
  reserved: (name: string, form: string) => ({
    summary: `the variable '${name}' would override ${form}, which is reserved`,
    remedy: otherName,
  }),
  steering: (name: string) => ({
    summary: `the variable '${name}' would change how the programs of later steps behave, and the vault chose its name`,
    remedy: [
      'Give the variable another name, e.g. with a prefix: web-* -> APP_*',
      `If you want this variable, write its name in a rule for this secret or field alone: secret-name -> ${name}`,
    ],
  }),
  bothSet: (variables: string) => ({
    summary: `both set ${variables}`,
    remedy: ['Give one of them a name of its own (secret-name -> MY_NAME), or exclude one (!secret-name).'],
  }),
  oneVariable: (name: string) => `the variable '${name}'`,
  twoVariables: (one: string, other: string) => `the variables '${one}' and '${other}', which the agent treats as one`,
  folderOfOther: (file: string, path: string) => ({
    summary: `the file '${file}' would also be the folder of '${path}'`,
    remedy: otherPath,
  }),
  oneFile: (path: string) => ({
    summary: `both write the file '${path}'`,
    remedy: otherPath,
  }),
};
