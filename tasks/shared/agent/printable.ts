/** Characters that end a line for the agent, a terminal or a browser. */
const lineEnds = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/;

/**
 * A text as lines that are safe to print, regardless of what a server or a vault put into it: split at all kinds of
 * line ends, without control and invisible characters (terminal escapes; code points that a culture-aware search would
 * skip), and with `##vso[` and `##[` broken up, which the agent would execute as a command or as formatting.
 */
export function printableLines(text: string): readonly string[] {
  return text
    .split(lineEnds)
    .map((line) => breakMarkers(line.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === '\t' ? ' ' : ''))));
}

/** The same for text that must stay on one line. */
export function printableLine(text: string): string {
  return breakMarkers(printableLines(text).join(' '));
}

function breakMarkers(line: string): string {
  return line.replace(/##(?=vso|\[)/gi, '# #');
}
