/**
 * Returns the member that the JSON answer to a request of this path lacks, or `undefined` if it has all members that
 * are read.
 */
export type FindMissing = (path: string, answer: unknown) => string | undefined;

/** The required type of a member of an answer. */
export type Test = (value: unknown) => boolean;

/** True for a text that is not empty. */
export const isText: Test = (value) => typeof value === 'string' && value !== '';

/**
 * The first of these members, by its path (`properties.vaultUri`), that is missing in an answer or has another type.
 */
export function firstMissing(answer: unknown, tests: Readonly<Record<string, Test>>): string | undefined {
  return Object.keys(tests).find((path) => tests[path]?.(memberOf(answer, path)) !== true);
}

/** The same for an answer that is a list: `value` and the members of each of its entries. */
export function firstMissingOfList(answer: unknown, tests: Readonly<Record<string, Test>>): string | undefined {
  const entries = memberOf(answer, 'value');
  if (!Array.isArray(entries)) {
    return 'value';
  }
  const missing = entries.map((entry: unknown) => firstMissing(entry, tests)).find((path) => path !== undefined);
  return missing === undefined ? undefined : `value[].${missing}`;
}

function memberOf(answer: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      answer,
    );
}
