/** The expected JSON value: an exact text or number, a match, nothing, or each named member in turn. */
export type Pattern =
  string | number | boolean | null | undefined | RegExp | readonly Pattern[] | { readonly [member: string]: Pattern };

/** The deviations from the pattern, one sentence each. No sentence quotes what differs between runs. */
export function compare(pattern: Pattern, value: unknown, place: string): string[] {
  if (pattern === undefined) return value === undefined ? [] : [`${place} is there`];
  if (pattern instanceof RegExp) return matches(pattern, value) ? [] : [`${place} ${mismatch(pattern, value)}`];
  if (Array.isArray(pattern)) return compareEntries(pattern as readonly Pattern[], value, place);
  if (typeof pattern !== 'object' || pattern === null) {
    if (value === pattern) return [];
    return [
      value === undefined
        ? `${place} is missing`
        : `${place} is ${JSON.stringify(value)}, not ${JSON.stringify(pattern)}`,
    ];
  }
  if (typeof value !== 'object' || value === null)
    return [`${place} ${value === undefined ? 'is missing' : 'is no object'}`];
  return Object.entries(pattern).flatMap(([name, inner]) =>
    compare(inner, (value as Readonly<Record<string, unknown>>)[name], `${place}.${name}`),
  );
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? pattern.test(String(value))
    : false;
}

function mismatch(pattern: RegExp, value: unknown): string {
  return value === undefined ? 'is missing' : `does not match ${String(pattern)}`;
}

function compareEntries(patterns: readonly Pattern[], value: unknown, place: string): string[] {
  if (!Array.isArray(value)) return [`${place} ${value === undefined ? 'is missing' : 'is no list'}`];
  if (value.length !== patterns.length) return [`${place} has ${value.length} entries, not ${patterns.length}`];
  return patterns.flatMap((pattern, index) => compare(pattern, value[index], `${place}[${index}]`));
}

/** The pattern with every `{name}` in its texts and matches filled in. */
export function fill(pattern: Pattern, names: Readonly<Record<string, string>>): Pattern {
  if (typeof pattern === 'string') return fillText(pattern, names);
  if (pattern instanceof RegExp) return new RegExp(fillText(pattern.source, names), pattern.flags);
  if (Array.isArray(pattern)) return (pattern as readonly Pattern[]).map((inner) => fill(inner, names));
  if (typeof pattern !== 'object' || pattern === null) return pattern;
  return Object.fromEntries(Object.entries(pattern).map(([name, inner]) => [name, fill(inner, names)]));
}

/** The text with every known `{name}` filled in. */
export function fillText(text: string, names: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole);
}
