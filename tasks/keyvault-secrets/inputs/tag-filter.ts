import { inputMessages } from '../messages/inputs';

/** One line of the input `tagFilter`. */
export interface TagCondition {
  readonly tag: string;
  readonly test: 'exists' | 'equals' | 'differs';
  /** What to compare with, exactly; `''` when the tag only has to exist. */
  readonly value: string;
}

/** Reads the input `tagFilter`: `tag`, `tag=value` or `tag!=value`, one a line; all must hold. */
export function parseTagFilter(text: string): {
  readonly conditions: readonly TagCondition[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const conditions = text.split(/[\r\n]+/).flatMap((line): readonly TagCondition[] => {
    if (line.trim() === '') return [];
    const match = /^\s*([^=!\s][^=!]*?)\s*(?:(!?=)\s*(.*?)\s*)?$/.exec(line);
    if (match?.[1] === undefined) {
      problems.push(inputMessages.noCondition(line.trim()));
      return [];
    }
    const test = match[2] === undefined ? 'exists' : match[2] === '=' ? 'equals' : 'differs';
    return [{ tag: match[1], test, value: match[3] ?? '' }];
  });
  return { conditions, problems };
}

/** Whether a secret's tags fulfil every condition. A tag that is absent differs from every value. */
export function fulfilsTags(tags: Readonly<Record<string, string>>, conditions: readonly TagCondition[]): boolean {
  return conditions.every(({ tag, test, value }) => {
    const actual = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
    if (test === 'exists') return actual !== undefined;
    return test === 'equals' ? actual === value : actual !== value;
  });
}
