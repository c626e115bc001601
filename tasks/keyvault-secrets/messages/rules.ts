/** Messages about mistakes in rules, and the format of a mistake in a line. */
export const ruleMessages = {
  summary: (mistakes: number) =>
    `Input 'secrets' has ${mistakes} ${mistakes === 1 ? 'mistake' : 'mistakes'}; nothing was read.`,
  remedy: [
    'Correct the lines shown. A rule is: name -> VARIABLE, or pattern-* -> PREFIX_*, one a line.',
    'Write operations between name and variable: tls-cert | pem | file -> TLS_PEM_PATH',
  ],
  place: (line: number, column: number, message: string) => `line ${line}, column ${column}: ${message}.`,
  noRule: { message: 'no rule selects a secret', suggestion: "Write '*' for all secrets of the vault." },
  variableUndefined: (name: string) => ({
    message: `variable '${name}' is not defined`,
    suggestion: 'Define it before this step, or write the text out.',
  }),
  targetAsMacro: (name: string) => ({
    message: `variable '${name}' is not defined`,
    suggestion: `A target is written without dollar sign and parentheses: '-> ${name}'.`,
  }),
  severalRules: {
    message: "a line with '->' or '|' can have only one rule",
    suggestion: 'Write each rule on its own line.',
  },
  secondTarget: { message: 'a rule has one target' },
  operationAfterTarget: {
    message: 'operations come before the target',
    suggestion: 'Write name | operation -> VARIABLE.',
  },
  noPureExclusion: {
    message: "an exclusion is only '!' and a pattern",
    suggestion: 'It takes secrets away from every pattern.',
  },
};

/** What is wrong with the target of a rule. */
export const targetMessages = {
  missing: { message: "the name of the variable is missing after '->'" },
  severalStars: { message: "a target has at most one '*'" },
  emptyStar: { message: "'*' in the target needs a pattern or '.*' before the arrow" },
  keepInParentheses: 'Put the part to keep in parentheses.',
  writeTarget: (target: string) => `Write '-> ${target}'.`,
  severalValues: { message: 'one variable cannot hold several values' },
  badCharacter: (character: string, fixed: string) => ({
    message: `'${character}' cannot be in the name of a variable`,
    suggestion: `Use letters, digits, dot, dash and underscore; did you mean '${fixed}'?`,
  }),
};
