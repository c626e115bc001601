import type { PartMistake } from './rule-mistake';

/**
 * Explains text that cannot stand where it stands in the head of a rule: the usual slips of people who come from other
 * tools. `at` is the position of the first character that does not fit.
 */
export function explainRest(text: string, at: number): PartMistake {
  const rest = text.slice(at).trimStart();
  const offset = text.length - rest.length;
  const before = text.slice(0, at).trimEnd();
  return (
    explainArrow(before, rest, offset) ?? explainWord(text, at, offset, rest) ?? explainSecondName(before, rest, offset)
  );
}

/** Another tool's way to write the arrow. */
function explainArrow(before: string, rest: string, offset: number): PartMistake | undefined {
  const match = /^(?:=>|>|=|:|→|-)\s*(.*)$/su.exec(rest);
  if (match?.[1] === undefined || before === '') return undefined;
  const sign = rest.slice(0, rest.length - match[1].length).trim();
  return { offset, message: `'${sign}' is not the arrow`, suggestion: `Write '${before} -> ${match[1]}'.` };
}

/** A word with a character that no name of Key Vault has. */
function explainWord(text: string, at: number, offset: number, rest: string): PartMistake | undefined {
  if (offset !== at) return undefined;
  if (rest.startsWith('/') || rest.startsWith('?')) {
    return { offset, message: `unexpected '${rest}'`, suggestion: 'The order is name/version?.field.' };
  }
  const start = text.slice(0, at).search(/[^\s:!,]*$/);
  const word = /^\S*/.exec(text.slice(start))?.[0] ?? '';
  const fixed = word.replace(/[^A-Za-z0-9*-]+/g, '-').replace(/^-+|-+$/g, '');
  const suggestion = `Key Vault names allow only letters, digits and dashes${fixed === '' ? '.' : `; did you mean '${fixed}'?`}`;
  return { offset, message: `'${/./su.exec(rest)?.[0] ?? ''}' cannot be in the name of a secret`, suggestion };
}

/** Two words with a blank between them. */
function explainSecondName(before: string, rest: string, offset: number): PartMistake {
  const word = /^\S*/.exec(rest)?.[0] ?? '';
  if (/^(?:[0-9a-f]{32}|previous)$/i.test(word)) {
    return { offset, message: `unexpected '${word}'`, suggestion: `Write the version as '${before}/${word}'.` };
  }
  const suggestion = `Write '${before} -> ${word}' to name the variable, or a comma between two secrets.`;
  return { offset, message: `unexpected '${word}' after '${before}'`, suggestion };
}
