import { unescapeHtml } from './page';

/** What differs between two runs of one example, and its replacement. */
const variable: readonly (readonly [RegExp, string])[] = [
  [/\b\d+\.\d s\b/g, '<seconds> s'],
  [/\b\d+ requests\b/g, '<number> requests'],
  [/\blease [0-9a-z]{6} until [-0-9T:]+Z/g, 'lease <id> until <time>'],
  [/^(KvAgentAccess: [0-9a-f]{8}\w)\w{11}$/g, '$1<time and id>'],
  // The version of a secret, shortened; a GUID continues with a dash.
  [/\b[0-9a-f]{8}\b(?!-)/g, '<hex>'],
];

/** The text of each page as a reader sees it, line by line. It is the same in all runs with the same messages. */
export function textsOf(pages: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(pages).map(([name, html]) => [name, linesOf(html)]));
}

function linesOf(html: string): readonly string[] {
  return html
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/<\/?(?:span|code|b|i)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, '\n')
    .split('\n')
    .map((line) => unescapeHtml(line).trimEnd())
    .filter((line) => line !== '')
    .map((line) => variable.reduce((text, [pattern, stand]) => text.replace(pattern, stand), line));
}
