/** Characters that make bash quote a word (GNU bash, lib/sh/shquote.c). */
const metaCharacters = /[\s'"\\|&;()<>!{}*[\]?^$`]|(?<=^|[:=])~|^#/;

/** The same characters for `printf %q`, which puts a backslash before each, and before commas. */
const escaped = /[\s'"\\|&;()<>!{}*[\]?^$`,]|(?<=^|[:=])~|^#/g;

/** Characters for which `$'...'` has a letter. */
const letters: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

const ansiCharacters = /['\\\p{Cc}]/gu;

/**
 * The forms in which bash itself quotes a text: `set -x`, `declare -p`, `${x@Q}` and `printf %q`. If no locale is set,
 * as in an agent that runs as a service, bash prints everything beyond ASCII in octal.
 */
export function bashForms(text: string): readonly string[] {
  const words = text.split(/[ \t\n]+/).filter((word) => word !== '');
  return [
    text.replaceAll("'", String.raw`'\''`),
    text.replace(escaped, (character) => `\\${character}`),
    ansiForm(text),
    octal(ansiForm(text)),
    // `set -x` of a command that got the text without quotes.
    ...(words.length > 1 ? [words.map(quoteWord).join(' ')] : []),
  ];
}

/** A word as bash's `set -x` quotes it. */
function quoteWord(word: string): string {
  if (metaCharacters.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = octal(ansiForm(word));
  return escaped === word ? word : `$'${escaped}'`;
}

function ansiForm(text: string): string {
  return text.replace(ansiCharacters, (character) => letters[character] ?? asciiOctal(character));
}

/** Control characters beyond ASCII have several bytes, like letters beyond ASCII. */
function asciiOctal(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x80 ? octalByte(code) : character;
}

function octalByte(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}

function octal(text: string): string {
  return text.replace(/[\u{7f}-\u{10ffff}]+/gu, (run) => Array.from(Buffer.from(run, 'utf8'), octalByte).join(''));
}
