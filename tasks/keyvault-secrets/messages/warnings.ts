/** Kinds of warnings: each is followed by a colon and the names that it holds for. */
export const warningMessages = {
  line: (kind: string, names: readonly string[], more: number) =>
    `${kind}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  noMatch: 'These patterns match no secret',
  goneSinceListing: 'Gone or disabled since the vault was listed, so not set',
  noPrevious: 'Without an earlier enabled version, so not set',
  missing: 'Missing in the vault, so not set',
  skippedOutsideValidity: 'Outside their validity window, so not set',
  usedOutsideValidity: 'Used outside their validity window',
  soonToExpire: 'Soon to expire',
  noFields: 'JSON without any field, so nothing set',
  steeringSecret: 'These names change how programs behave; do not map them to env',
  steeringPublic: 'These variables change how the programs of all later steps behave',
  publicBecomesSecret: 'Public variables that become secret, hence disappear from the environment of scripts',
  replaced: 'Variables that had another value before',
  tooShort: 'Too short to be masked without blacking out ordinary text of the log',
  tooLong: "Longer than an environment variable of Windows may be; use '| file'",
  macro: "With $(name) of an existing variable inside, which the agent will expand; use '| file' to keep the text",
};
