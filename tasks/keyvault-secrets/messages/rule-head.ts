/** What is wrong in the head of a rule: vault, name, version. */
export const headMessages = {
  unknownVault: (written: string, vaults: readonly string[], rest: string) => ({
    message: `'${written}' is not one of this step's vaults`,
    suggestion: `Add it to input 'keyVault' (now: ${vaults.join(', ')}), or write '${written} -> ${rest}' if '${rest}' is the variable.`,
  }),
  nameMissing: { message: 'the name of a secret is missing' },
  nameTooLong: { message: 'a name of a secret has at most 127 characters' },
  regexUnclosed: { message: 'the regular expression has no closing slash' },
  regexTooLong: (most: number) => ({
    message: `a regular expression has at most ${most} characters`,
    suggestion: 'Split it into several rules.',
  }),
  regexWrong: (reason: string) => ({ message: `the regular expression does not compile: ${reason}` }),
  regexNotUnderstood: 'not understood',
  versionMissing: 'the version is missing',
  noVersion: (word: string) => `'${word}' is not a version`,
  versionForm: "A version is 32 hex digits, or the word 'previous'.",
  defaultNoString: {
    message: 'the quoted default is not a valid JSON string',
    suggestion: 'Inside quotes write \\" for a quote and \\\\ for a backslash.',
  },
  versionOfPattern: {
    message: 'a version belongs to one secret, not to a pattern',
    suggestion: "Name the secret, or use '/previous'.",
  },
};

/** What is wrong with `?? text`. */
export const defaultMessages = {
  ofPattern: {
    message: "'??' needs the name of one secret, not a pattern or several fields",
    suggestion: 'Write one rule for each secret that needs a default.',
  },
  withOperation: {
    message: "a rule with '??' cannot have an operation",
    suggestion: 'Write the default in the form that the variable needs.',
  },
};

/** Common mistakes in the head of a rule by users of other tools. */
export const slipMessages = {
  otherArrow: (sign: string, before: string, after: string) => ({
    message: `'${sign}' is not valid; use '->'`,
    suggestion: `Write '${before} -> ${after}'.`,
  }),
  wrongOrder: (rest: string) => ({
    message: `unexpected '${rest}'`,
    suggestion: 'The order is name/version?.field.',
  }),
  badCharacter: (character: string, fixed: string) => ({
    message: `'${character}' cannot be in the name of a secret`,
    suggestion: `Key Vault names allow only letters, digits and dashes${fixed === '' ? '.' : `; did you mean '${fixed}'?`}`,
  }),
  versionApart: (before: string, version: string) => ({
    message: `unexpected '${version}'`,
    suggestion: `Write the version as '${before}/${version}'.`,
  }),
  secondName: (before: string, word: string) => ({
    message: `unexpected '${word}' after '${before}'`,
    suggestion: `Write '${before} -> ${word}' to name the variable, or a comma between two secrets.`,
  }),
};

/** What is wrong with the path of a JSON field. */
export const fieldPathMessages = {
  afterStar: { message: "nothing can follow '*' or '**' in a field" },
  unexpected: (rest: string) => ({ message: `'${rest}' cannot follow a field's name` }),
  noIndex: { message: 'an index is a number in brackets', suggestion: 'Write it as [0].' },
  nameMissing: {
    message: "a field's name is missing",
    suggestion: 'Write names with other characters in double quotes: ."odd key".',
  },
  quoteUnclosed: { message: 'the quoted field name has no closing quote' },
  noJsonString: {
    message: 'the quoted field name is not a valid JSON string',
    suggestion: 'Inside quotes write \\" for a quote and \\\\ for a backslash.',
  },
};
