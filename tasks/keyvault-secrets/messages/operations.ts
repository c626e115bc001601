/** Mistakes in the operations of a rule, each operation alone or in combination. */
export const operationMessages = {
  missing: { message: "an operation is missing after '|'" },
  unknown: (text: string) => `'${text}' is not an operation`,
  didYouMean: (near: string) => `Did you mean '${near}'?`,
  known: (operations: readonly string[]) => `Operations are: ${operations.join(', ')}, file:relative/path.`,
  onlyFirst: (operation: string) => `'${operation}' has to be the first operation`,
  oneCertificatePart: (operation: string, before: string) =>
    `'${operation}' cannot follow '${before}': a rule takes one part of a certificate`,
  noCertificateInField: (operation: string) =>
    `'${operation}' takes a certificate apart, and a JSON field is not a certificate`,
  keyStaysSecret: (operation: string) =>
    `'${operation}' and 'notSecret' cannot be combined: a certificate's private key stays secret`,
  notSecretTwice: "'notSecret' is given twice",
  afterFile: (operation: string) => `'${operation}' cannot follow 'file': the file is written last`,
  afterPfx: (operation: string) => `'${operation}' cannot follow 'pfx'; only 'file' can`,
  notSecretOfPattern: {
    message: "'notSecret' needs the name of a secret, not a pattern",
    suggestion: 'List the harmless secrets by name.',
  },
  onePathForSeveral: {
    message: 'one path cannot be used for several secrets',
    suggestion: "Write 'file' without a path: each file is named after its secret.",
  },
};

/** What is wrong with the path of the operation `file`. */
export const filePathMessages = {
  missing: { message: 'the path of the file is missing' },
  backslash: (fixed: string) => ({ message: 'the path has a backslash', suggestion: `Write '${fixed}'.` }),
  notRelative: (path: string) => ({
    message: `'${path}' is not relative`,
    suggestion: 'Files are written below Agent.TempDirectory.',
  }),
  outside: (path: string) => ({ message: `'${path}' is outside the step's folder for files` }),
  unusable: (path: string) => ({
    message: `'${path}' is not a usable path`,
    suggestion: 'Use letters, digits, dot, dash and underscore.',
  }),
  leftFolder: (path: string) => `'${path}' leaves the folder for secret files`,
};
