/** A piece of a line between separators, without surrounding spaces. */
export interface Part {
  /** The separator before the part; empty at the start of a line. */
  readonly separator: '' | ',' | '|' | '->';
  readonly text: string;
  /** Column of the part's first character, from 1; if the part is empty, the end of the separator. */
  readonly column: number;
  /** Column of the separator, from 1. */
  readonly separatorColumn: number;
}

/**
 * Splits a line at `,`, `|` and `->` and removes its comment. Inside a regular expression and inside a quoted field
 * key, these characters and `#` are text.
 */
export function scanLine(line: string): readonly Part[] {
  const parts: Part[] = [];
  let separator: Part['separator'] = '';
  let separatorAt = 0;
  let start = 0;
  let at = 0;
  const close = (next: Part['separator']): void => {
    parts.push(makePart(line, { separator, separatorAt, start, end: at }));
    separator = next;
    separatorAt = at;
    at += next.length;
    start = at;
  };
  while (at < line.length && line[at] !== '#') {
    const next = separatorAtPosition(line, at);
    if (next !== undefined) close(next);
    else at = endOfText(line, start, at);
  }
  close('');
  return parts;
}

function separatorAtPosition(line: string, at: number): ',' | '|' | '->' | undefined {
  if (line.startsWith('->', at)) return '->';
  const character = line[at];
  return character === ',' || character === '|' ? character : undefined;
}

/** The end of the text that begins at `at`: after one character, or after a whole expression or quoted key. */
function endOfText(line: string, start: number, at: number): number {
  const end =
    line[at] === '"'
      ? endOfQuoted(line, at)
      : line[at] === '/' && mayStartRegex(line, start, at)
        ? endOfRegex(line, at)
        : undefined;
  return end ?? at + 1;
}

/** A slash begins an expression only where a source begins: first in its part, or after `!` and `vault:`. */
function mayStartRegex(line: string, start: number, at: number): boolean {
  return /^\s*!?\s*(?:[A-Za-z0-9-]+\s*:)?\s*$/.test(line.slice(start, at));
}

/** The position after the closing slash of the expression that begins at `at`; `undefined` if there is none. */
export function endOfRegex(text: string, at: number): number | undefined {
  const match = /\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^\\/[])+\//y;
  match.lastIndex = at;
  return match.test(text) ? match.lastIndex : undefined;
}

/** The position after the closing quote of the JSON string that begins at `at`; `undefined` if there is none. */
export function endOfQuoted(text: string, at: number): number | undefined {
  const match = /"(?:\\.|[^"\\])*"/y;
  match.lastIndex = at;
  return match.test(text) ? match.lastIndex : undefined;
}

function makePart(
  line: string,
  cut: {
    readonly separator: Part['separator'];
    readonly separatorAt: number;
    readonly start: number;
    readonly end: number;
  },
): Part {
  const raw = line.slice(cut.start, cut.end);
  const text = raw.trim();
  const blanks = text === '' ? 0 : raw.length - raw.trimStart().length;
  return { separator: cut.separator, text, column: cut.start + blanks + 1, separatorColumn: cut.separatorAt + 1 };
}
