/** One line of the input `tagFilter`. */
export interface TagCondition {
  readonly tag: string;
  readonly test: 'exists' | 'equals' | 'differs';
  /** The exact value to compare with; `''` if the tag only needs to exist. */
  readonly value: string;
}

/** Whether a secret's tags meet all conditions. A tag that is absent differs from every value. */
export function fulfilsTags(tags: Readonly<Record<string, string>>, conditions: readonly TagCondition[]): boolean {
  return conditions.every(({ tag, test, value }) => {
    const actual = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
    if (test === 'exists') return actual !== undefined;
    return test === 'equals' ? actual === value : actual !== value;
  });
}
