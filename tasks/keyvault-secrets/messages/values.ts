/** Why a value cannot be set as the rule wants it, and notes for the table. Continues the name of the secret. */
export const valueMessages = {
  onlyFileHoldsBytes: "decoded, it is not UTF-8 text; only '| file' can hold it",
  needsText: (operation: string) => `decoded, it is not UTF-8 text, which '${operation}' needs`,
  nulCharacter: "it has a NUL character, which no variable can hold; use '| file'",
  noBase64: 'it is not base64',
  remedy: 'Correct the operations of the rule, or the value in the vault.',
};

/** Of JSON fields. */
export const jsonMessages = {
  noJson: 'its value is not JSON',
  noField: (path: string) => `it has no field '${path}'`,
  valueHasNoMembers: 'its value is neither an object nor an array',
  fieldHasNoMembers: (path: string) => `field '${path}' is neither an object nor an array`,
  remedy: 'Compare the field in the rule with the JSON in the vault; names of fields are case-sensitive.',
  keyTwiceNote: 'the key stands more than once; the last one counts',
  nullNote: 'null, set as empty text',
};

/** Of certificates. */
export const certificateMessages = {
  noPfx: 'its value is neither a PFX nor PEM',
  onlyPfx: "this vault cannot give its PFX as PEM; only 'pfx' works",
  noPem: 'its value holds no certificate in PEM form',
  noCertificate: 'it holds no certificate',
  noKey: 'it holds no private key',
  noExportableKey: 'it holds no private key (perhaps its policy says that the key is not exportable)',
  foreignKey: 'no certificate in it belongs to its private key',
  unreadable: 'its key or one of its certificates cannot be read',
  incompleteNote: 'without the certificate of its issuer',
  remedy: (vault: string, name: string) =>
    `See what it is: az keyvault secret show --vault-name ${vault} --name ${name} --query contentType`,
  staysSecret: {
    summary: "'notSecret' is not possible: the secret holds a certificate's private key",
    remedy: ["Remove '| notSecret' from the rule."],
  },
};
