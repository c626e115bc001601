/** YAML read with the failsafe schema: texts, lists and maps. */
export type YamlValue = string | YamlValue[] | YamlMap | null | undefined;

export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** Throws an error that says it is about the pipeline. */
export function check(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(`The pipeline is not valid: ${problem}`);
}

/** The text of a scalar; an empty one is `''`. */
export function scalar(key: string, value: YamlValue): string {
  check(value === null || typeof value === 'string', `'${key}' must be a text, but is ${kindOf(value)}.`);
  return value ?? '';
}

/** The items of a list. */
export function list(key: string, value: YamlValue): YamlValue[] {
  check(Array.isArray(value), `'${key}' must be a list, but is ${kindOf(value)}.`);
  return value;
}

/** The entries of a map. */
export function map(key: string, value: YamlValue): YamlMap {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  check(isMap, `'${key}' must be a map, but is ${kindOf(value)}.`);
  return value;
}

/** The texts of a map of scalars. */
export function texts(key: string, value: YamlValue): Record<string, string> {
  if (value === undefined) return {};
  return Object.fromEntries(
    Object.entries(map(key, value)).map(([name, text]) => [name, scalar(`${key}.${name}`, text)]),
  );
}

/** `true` or `false`, in any case. */
export function flag(key: string, value: YamlValue, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  const text = scalar(key, value).toLowerCase();
  check(text === 'true' || text === 'false', `'${key}' must be true or false, but is '${text}'.`);
  return text === 'true';
}

/** A whole number that is not negative. */
export function count(key: string, value: YamlValue, maximum: number): number {
  if (value === undefined) return 0;
  const text = scalar(key, value);
  check(/^\d+$/.test(text) && Number(text) <= maximum, `'${key}' must be a number up to ${maximum}, but is '${text}'.`);
  return Number(text);
}

/** Throws for a key that is not allowed, naming it. */
export function checkKeys(what: string, value: YamlMap, allowed: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  check(unknown === undefined, `${what} has the key '${unknown ?? ''}', which this agent does not know.`);
}

function kindOf(value: YamlValue): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'a text' : 'a map';
}
