import { slipMessages as messages } from '../messages/rule-head';
import type { PartMistake } from './mistake';

/**
 * Explains text that is not allowed in the head of a rule: common mistakes of users of other tools. `at` is the
 * position of the first character that does not fit.
 */
export function explainRest(text: string, at: number): PartMistake {
  const rest = text.slice(at).trimStart();
  const offset = text.length - rest.length;
  const before = text.slice(0, at).trimEnd();
  return (
    explainArrow(before, rest, offset) ?? explainWord(text, at, offset, rest) ?? explainSecondName(before, rest, offset)
  );
}

/** How another tool writes the arrow. */
function explainArrow(before: string, rest: string, offset: number): PartMistake | undefined {
  const match = /^(?:=>|>|=|:|→|-|as\s)\s*(.*)$/isu.exec(rest);
  if (match?.[1] === undefined || before === '') return undefined;
  const sign = rest.slice(0, rest.length - match[1].length).trim();
  return { offset, ...messages.otherArrow(sign, before, match[1]) };
}

/** A word with a character that names in Key Vault cannot have. */
function explainWord(text: string, at: number, offset: number, rest: string): PartMistake | undefined {
  if (offset !== at) return undefined;
  if (rest.startsWith('/') || rest.startsWith('?')) return { offset, ...messages.wrongOrder(rest) };
  const start = text.slice(0, at).search(/[^\s:!,]*$/);
  const word = /^\S*/.exec(text.slice(start))?.[0] ?? '';
  const fixed = word.replace(/[^A-Za-z0-9*-]+/g, '-').replace(/^-+|-+$/g, '');
  return { offset, ...messages.badCharacter(/./su.exec(rest)?.[0] ?? '', fixed) };
}

/** Two words with a space between them. */
function explainSecondName(before: string, rest: string, offset: number): PartMistake {
  const word = /^\S*/.exec(rest)?.[0] ?? '';
  const isVersion = /^(?:[0-9a-f]{32}|previous)$/i.test(word);
  return { offset, ...(isVersion ? messages.versionApart(before, word) : messages.secondName(before, word)) };
}
