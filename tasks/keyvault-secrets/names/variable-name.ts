import { givesSeveralFields, isPattern, type Rule } from '../rules/rule';

export const variableNamings = ['asIs', 'underscore', 'upperUnderscore', 'dotted'] as const;

/** How the name of a secret becomes the name of a variable. */
export type VariableNaming = (typeof variableNamings)[number];

/** What determines the name of a result, in addition to its rule. */
export interface NameParts {
  readonly secret: string;
  /** What the source's `*` matched. */
  readonly star: string;
  /** Keys and indexes from the value to the field; empty for the value itself. */
  readonly field: readonly string[];
}

/** How the step names variables. */
export interface NamingStyle {
  readonly variableNaming: VariableNaming;
  readonly variablePrefix: string;
}

/**
 * The names of the variables that a rule sets for one value: one, or two for `name/version` without a target, which
 * AzureKeyVault@2 sets both as `name` and as `name/version`.
 */
export function variableNames(rule: Rule, parts: NameParts, style: NamingStyle): readonly string[] {
  if (rule.target !== undefined) return [expandTarget(rule, rule.target, parts, style)];
  const name =
    style.variablePrefix + applyStyle([parts.secret, ...parts.field].map(sanitize).join('.'), style.variableNaming);
  return rule.version === undefined ? [name] : [name, `${name}/${rule.version}`];
}

/** `*` is what the source's star matched and, if the field has a star, also the field: `web-*.*` gives both. */
function expandTarget(rule: Rule, target: string, parts: NameParts, style: NamingStyle): string {
  const star = [
    ...(isPattern(rule) ? [parts.star] : []),
    ...(parts.field.length === 0 ? [] : [wildFields(rule, parts.field).map(sanitize).join('_')]),
  ];
  const text = star.filter((piece) => piece !== '').join('_');
  return target.replace('*', () => applyStyle(sanitize(text), style.variableNaming));
}

/** The part of a field's path that the field's own star matches. */
function wildFields(rule: Rule, field: readonly string[]): readonly string[] {
  return givesSeveralFields(rule) ? field.slice((rule.field?.length ?? 1) - 1) : [];
}

/** Names of JSON fields can contain any character; names of variables cannot. */
function sanitize(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '_');
}

function applyStyle(name: string, naming: VariableNaming): string {
  switch (naming) {
    case 'asIs':
      return name;
    case 'underscore':
      return name.replace(/[.-]/g, '_');
    case 'upperUnderscore':
      return name.replace(/[.-]/g, '_').toUpperCase();
    case 'dotted':
      // .NET configuration writes `Section:Key` as `Section--Key` in Key Vault.
      return name.replaceAll('--', '.');
  }
}
