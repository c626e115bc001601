const ownFile =
  'Write this secret to a file of its own: secret-name | file -> MY_PATH. The secrets file then has its path.';

/** Messages about the file with all secrets. A summary continues the name of a secret. */
export const secretsFileMessages = {
  unknownEnding: (path: string) =>
    `the ending of '${path}' is not .env, .json, .yaml or .yml. Set 'secretsFileFormat'.`,
  lineBreak: {
    summary: "it contains a line break, which a file of the format 'env' cannot hold",
    remedy: ["Use another format: input 'secretsFileFormat' = dotenv, json, or yaml.", ownFile],
  },
  noQuotes: {
    summary:
      "it contains a combination of quotes, backslashes, '$', or carriage returns that shells and dotenv libraries do not read alike, so a file of the format 'dotenv' cannot hold it",
    remedy: ["Use another format: input 'secretsFileFormat' = json or yaml.", ownFile],
  },
  noUnicode: {
    summary: 'it contains an unpaired surrogate, which is not valid Unicode, so no file can hold it',
    remedy: ['Correct the value in the vault, or exclude the secret (!secret-name).'],
  },
  noShellName: (name: string) => ({
    summary: `shells cannot use the name '${name}', so a file of the format 'dotenv' cannot have it`,
    remedy: [
      "Input 'variableNaming' = underscore or upperUnderscore changes all names.",
      'Or give the variable another name: secret-name -> MY_NAME',
    ],
  }),
  valueAndSection: (value: string, other: string) => ({
    summary: `in the secrets file, '${value}' would be both a value and the section of '${other}'`,
    remedy: [
      'Give one of them a name of its own (secret-name -> MY_NAME), or exclude one (!secret-name).',
      "Or use a format without sections: input 'secretsFileFormat' = json or yaml.",
    ],
  }),
  pathVariableTaken: {
    summary: "the variable 'secretsFilePath' has the path of the secrets file",
    remedy: ['Give the variable another name: secret-name -> MY_NAME'],
  },
  subject: "the input 'secretsFile'",
  written: (path: string, format: string, variable: string) =>
    `The secrets file ${path} (${format}) has all of them: $(${variable}).`,
  planned: (path: string, format: string) => `The secrets file ${path} (${format}) would have all of them.`,
};
