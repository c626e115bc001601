/** Kinds of warnings: each is followed by a colon and the names to which it applies. */
export const warningMessages = {
  line: (kind: string, names: readonly string[], more: number) =>
    `${kind}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  noMatch: 'These patterns match no secret',
  goneSinceListing: 'Deleted or disabled since the vault was listed, so not set',
  noPrevious: 'No enabled version before the current one, so not set',
  missing: 'Missing in the vault, so not set',
  skippedOutsideValidity: 'Outside their validity period, so not set',
  usedOutsideValidity: 'Used outside their validity period',
  soonToExpire: 'Expire soon',
  notListed: 'Expiration date unknown, because the identity has no permission to list secrets',
  versionNotListed: 'Expiration date unknown, because the rule names a version',
  noFields: 'JSON without fields, so nothing set',
  steeringSecret: 'These names change how programs behave; do not map them to env',
  steeringPublic: 'These variables change how the programs of all later steps behave',
  publicBecomesSecret: 'Public variables that become secret, so scripts no longer get them in their environment',
  replaced: 'Variables that already existed and are overwritten',
  tooShort: 'Too short to be masked reliably (fewer than 4 characters)',
  tooLong: "Longer than Windows allows for an environment variable; use '| file'",
  macro: "Contain $(name) of an existing variable, which the agent expands; use '| file' to keep the text",
};
