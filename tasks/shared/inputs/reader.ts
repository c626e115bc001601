import { DiagnosedError } from '../errors/diagnosis';
import { stepInputMessages as messages } from '../messages/inputs';
import type { StepInputs } from '../ports';
import { findMacros } from './macro';

/** A value, or the mistakes in the text, one sentence each. */
export type Parsed<T> = { readonly value: T } | { readonly problems: readonly string[] };

/** Reads inputs by name. Mistakes are collected, and the default is used instead. An empty input has its default. */
export interface InputReader {
  /** One sentence for each mistake so far. */
  readonly problems: readonly string[];
  isEmpty(name: string): boolean;
  /** Adds a mistake. */
  report(name: string, problem: string): void;
  parsed<T>(name: string, fallback: T, parse: (text: string) => Parsed<T>): T;
  text(name: string): string;
  /** The first of `allowed` is the default. */
  choice<T extends string>(name: string, allowed: readonly [T, ...T[]]): T;
  truth(name: string, fallback: boolean): boolean;
  count(name: string, bounds: { readonly fallback: number; readonly least: number; readonly most: number }): number;
  /** Items separated by commas or line breaks. */
  list<T>(name: string, parse: (item: string) => Parsed<T>): readonly T[];
}

const truths = new Map([
  ['true', true],
  ['false', false],
]);

/** The value, or the mistake that the text is not one of `allowed`. */
function known<T>(value: T | undefined, text: string, allowed: string): Parsed<T> {
  return value === undefined ? { problems: [messages.notAllowed(text, allowed)] } : { value };
}

export function createInputReader(inputs: StepInputs): InputReader {
  const problems: string[] = [];
  const report = (name: string, problem: string) => void problems.push(messages.problemOf(name, problem));
  const parsed: InputReader['parsed'] = (name, fallback, parse) => {
    const text = inputs.text(name);
    const [undefinedVariable] = findMacros(text);
    if (text === '') return fallback;
    const result =
      undefinedVariable === undefined
        ? parse(text)
        : { problems: [messages.variableUndefined(undefinedVariable.name)] };
    if ('value' in result) return result.value;
    for (const problem of result.problems) report(name, problem);
    return fallback;
  };
  return {
    problems,
    report,
    isEmpty: (name) => inputs.text(name) === '',
    parsed,
    text: (name) => parsed(name, '', (value) => ({ value })),
    choice: (name, allowed) =>
      parsed(name, allowed[0], (text) =>
        known(
          allowed.find((value) => value.toLowerCase() === text.toLowerCase()),
          text,
          allowed.join(', '),
        ),
      ),
    truth: (name, fallback) =>
      parsed(name, fallback, (text) => known(truths.get(text.toLowerCase()), text, [...truths.keys()].join(', '))),
    count: (name, { fallback, least, most }) =>
      parsed(name, fallback, (text) => {
        const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
        return known(value >= least && value <= most ? value : undefined, text, messages.wholeNumber(least, most));
      }),
    list: (name, parse) => parsed(name, [], (text) => parseList(text, parse)),
  };
}

function parseList<T>(text: string, parse: (item: string) => Parsed<T>): Parsed<readonly T[]> {
  const items = text.split(/[,\r\n]/).map((item) => item.trim());
  const results = items.filter((item) => item !== '').map(parse);
  if (results.length === 0) return { problems: [messages.emptyList(text)] };
  const problems = results.flatMap((result) => ('problems' in result ? result.problems : []));
  const value = results.flatMap((result) => ('value' in result ? [result.value] : []));
  return problems.length > 0 ? { problems } : { value };
}

/**
 * Ends the step if an input is wrong. `further` are mistakes in an input with its own syntax.
 *
 * @throws DiagnosedError AKV-INPUT with all mistakes, or `further` if there are no others.
 */
export function throwMistakes(problems: readonly string[], further?: DiagnosedError): void {
  if (problems.length === 0 && further !== undefined) throw further;
  if (problems.length === 0) return;
  throw new DiagnosedError({
    code: 'AKV-INPUT',
    summary: [
      messages.wrongInputs(problems.length),
      ...problems.map((problem) => `  ${problem}`),
      ...(further === undefined ? [] : [further.diagnosis.summary]),
    ].join('\n'),
    remedy: [messages.correctInputs, ...(further?.diagnosis.remedy ?? [])],
  });
}
