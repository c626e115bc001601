/**
 * Quotes a value so that shells, Node and dotenv libraries all read the same. In single quotes nothing has a meaning, but
 * some libraries read `\\` and a `\` before the quote as escapes. In double quotes shells expand `$` and backticks, and
 * libraries `\n`. They disagree about CR: shells keep it, Node drops it.
 *
 * @returns `undefined` when no quotes are read alike.
 */
export function quote(value: string): string | undefined {
  if (value.includes('\r')) return undefined;
  if (!value.includes("'") && !/\\(?:\\|$)/.test(value)) return `'${value}'`;
  return /["\\$`]/.test(value) ? undefined : `"${value}"`;
}
