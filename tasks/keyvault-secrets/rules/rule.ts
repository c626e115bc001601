/** One step into a JSON value. */
export type FieldStep =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  /** `*`: every member of one level. Always the last step. */
  | { readonly kind: 'members' }
  /** `**`: every leaf below. Always the last step. */
  | { readonly kind: 'leaves' };

/** Which secrets a rule or an exclusion selects. */
export type Source =
  | { readonly kind: 'name'; readonly text: string }
  /** `*` matches any characters, or none. */
  | { readonly kind: 'glob'; readonly text: string }
  /** The text between the slashes; it must match the whole name. */
  | { readonly kind: 'regex'; readonly text: string };

/** Operations that return a part of a certificate. */
export const certificateOperations = ['pem', 'cert', 'key', 'chain', 'pfx'] as const;
export type CertificateOperation = (typeof certificateOperations)[number];

/** Operations on a value before it is set, in the order of the rule. */
export type Operation =
  | { readonly kind: 'trim' | 'decode64' | 'encode64' | CertificateOperation }
  /**
   * Writes the value to a file and sets the variable to its path. Without `path`, the name of the secret determines the
   * file's name.
   */
  | { readonly kind: 'file'; readonly path?: string };

/** A line (or a comma-separated part of one) of the input `secretsFilter`. */
export interface Rule {
  /** The rule as the user wrote it, for messages. */
  readonly text: string;
  /** Lower case; absent if the rule applies to all vaults of the step. */
  readonly vault?: string;
  readonly source: Source;
  /** 32 hex digits in lower case, or `previous`. */
  readonly version?: string;
  /** `?`: the secret is optional. */
  readonly optional: boolean;
  readonly field?: readonly FieldStep[];
  /** `?? text`: the variable's value if the secret is missing. */
  readonly defaultText?: string;
  readonly operations: readonly Operation[];
  /** `notSecret`: the result is neither masked nor hidden from scripts. */
  readonly notSecret: boolean;
  /** The variable's name, optionally with one `*`; absent if the name of the secret determines it. */
  readonly target?: string;
}

/** `!pattern`: excludes secrets from patterns, but not from rules that name a secret. */
export interface Exclusion {
  readonly vault?: string;
  readonly source: Source;
}

/** The parsed input `secretsFilter`. */
export interface Rules {
  readonly rules: readonly Rule[];
  readonly exclusions: readonly Exclusion[];
}

/** Whether a rule selects from a vault's listing, as opposed to naming a secret. */
export function isPattern({ source }: Pick<Rule, 'source'>): boolean {
  return source.kind !== 'name';
}

/** Whether the names of a rule's variables depend on the content of the vault. */
export function leavesNamesToVault(rule: Rule): boolean {
  return isPattern(rule) || givesSeveralFields(rule);
}

/** Whether a rule's last field step matches several values, so that its results depend on the value. */
export function givesSeveralFields(rule: Rule): boolean {
  const last = rule.field?.at(-1)?.kind;
  return last === 'members' || last === 'leaves';
}

/** The certificate operation of a rule, if it has one. */
export function certificateOperationOf(rule: Rule): CertificateOperation | undefined {
  return rule.operations
    .map(({ kind }) => kind)
    .find((kind): kind is CertificateOperation => (certificateOperations as readonly string[]).includes(kind));
}
