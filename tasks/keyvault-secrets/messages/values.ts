/** Why a value cannot be set as the rule requires, and notes for the table. Continues the name of the secret. */
export const valueMessages = {
  onlyFileHoldsBytes: "decoded, it is not UTF-8 text; only '| file' can hold it",
  needsText: (operation: string) => `decoded, it is not UTF-8 text, which '${operation}' needs`,
  nulCharacter: "it contains a NUL character, which a variable cannot hold; use '| file'",
  noBase64: 'it is not base64',
  missingNote: 'missing, set to an empty value',
  defaultNote: 'missing, set to the default',
  remedy: 'Correct the operations of the rule, or the value in the vault.',
};

/** Messages about JSON fields. */
export const jsonMessages = {
  noJson: 'its value is not JSON',
  noField: (path: string) => `it has no field '${path}'`,
  valueHasNoMembers: 'its value is not an object or array',
  fieldHasNoMembers: (path: string) => `field '${path}' is not an object or array`,
  remedy: 'Compare the field in the rule with the JSON in the vault. Field names are case-sensitive.',
  keyTwiceNote: 'duplicate key; the last one is used',
  nullNote: 'null, set as empty text',
};

/** Messages about certificates. */
export const certificateMessages = {
  noPfx: 'its value is neither a PFX nor PEM',
  onlyPfx: "this vault cannot convert its PFX to PEM; use 'pfx'",
  noPem: 'its value contains no certificate in PEM format',
  noCertificate: 'it contains no certificate',
  noKey: 'it contains no private key',
  noExportableKey: 'it contains no private key (perhaps its policy says that the key is not exportable)',
  foreignKey: 'none of its certificates matches its private key',
  unreadable: 'its key or one of its certificates is not valid',
  incompleteNote: 'issuer certificate missing',
  remedy: (vault: string, name: string) =>
    `Show its type: az keyvault secret show --vault-name ${vault} --name ${name} --query contentType`,
  staysSecret: {
    summary: "'notSecret' is not possible: the secret contains a certificate's private key",
    remedy: ["Remove '| notSecret' from the rule."],
  },
};
