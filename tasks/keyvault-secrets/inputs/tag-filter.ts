import type { Parsed } from '../../shared/inputs/reader';
import { inputMessages } from '../messages/inputs';
import type { TagCondition } from '../selection/tag-condition';

/** Reads the input `tagFilter`: `tag`, `tag=value` or `tag!=value`, one per line; all must be true. */
export function parseTagFilter(text: string): Parsed<readonly TagCondition[]> {
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
  return problems.length > 0 ? { problems } : { value: conditions };
}
