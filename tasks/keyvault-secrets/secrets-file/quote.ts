/**
 * Quotes a value so that shells, Node and dotenv libraries read the same text. In single quotes, characters have no
 * special meaning, but some libraries read `\\` and a `\` before the quote as escapes. In double quotes, shells expand
 * `$` and backticks, and libraries expand `\n`. They treat CR differently: shells keep it, Node removes it.
 *
 * @returns `undefined` if no quotes are read in the same way.
 */
export function quote(value: string): string | undefined {
  if (value.includes('\r')) return undefined;
  if (!value.includes("'") && !/\\(?:\\|$)/.test(value)) return `'${value}'`;
  return /["\\$`]/.test(value) ? undefined : `"${value}"`;
}
