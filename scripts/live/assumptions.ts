import { readFileSync } from 'node:fs';

/** One entry of the register docs/azure-assumptions.md; the texts are those of the page, `''` if one is missing. */
export interface Assumption {
  /** Its heading. */
  readonly id: string;
  readonly belief: string;
  readonly source: string;
  readonly ifWrong: string;
  /** A test that runs the tasks with the opposite: a file in back quotes and a title; or why there is none. */
  readonly opposite: string;
  /** `yes`, or why not. */
  readonly liveCheck: string;
}

/** Reads the register: headings of the third level are entries. */
export function readAssumptions(page: string): readonly Assumption[] {
  const [, ...entries] = readFileSync(page, 'utf8').split(/^### /m);
  return entries.map((entry) => {
    const [id = '', , belief = ''] = entry.split('\n');
    const field = (name: string): string => new RegExp(`^- \\*\\*${name}\\*\\*: (.+)$`, 'm').exec(entry)?.[1] ?? '';
    return {
      id,
      belief,
      source: field('Source'),
      ifWrong: field('If wrong'),
      opposite: field('Opposite'),
      liveCheck: field('Live check'),
    };
  });
}
