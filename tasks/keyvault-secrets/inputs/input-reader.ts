import type { StepInputs } from '../../shared/ports';
import { stepInputMessages } from '../../shared/messages/inputs';
import { inputMessages as messages } from '../messages/inputs';

/** Reads plain inputs by name. What is wrong is reported, and the default takes its place. */
export interface InputReader {
  text(name: string): string;
  isResolved(name: string): boolean;
  /** The first of `allowed` is the default. */
  choice<T extends string>(name: string, allowed: readonly [T, ...T[]]): T;
  truth(name: string, fallback: boolean): boolean;
  count(name: string, bounds: { readonly fallback: number; readonly least: number; readonly most: number }): number;
}

const truths = new Map([
  ['true', true],
  ['false', false],
]);

/** A reader that adds what is wrong with an input to `problems`, one sentence each. */
export function inputReader(inputs: StepInputs, problems: string[]): InputReader {
  const report = (name: string, problem: string): void =>
    void problems.push(stepInputMessages.problemOf(name, problem));
  const unresolved = (name: string): string | undefined => /\$\(([A-Za-z0-9._ -]+)\)/.exec(inputs.text(name))?.[1];
  const text = (name: string): string => {
    const variable = unresolved(name);
    if (variable !== undefined) report(name, messages.variableUndefined(variable));
    return inputs.text(name);
  };
  const parsed = <T>(name: string, fallback: T, allowed: string, parse: (written: string) => T | undefined): T => {
    const written = text(name);
    if (written === '' || unresolved(name) !== undefined) return fallback;
    const value = parse(written);
    if (value === undefined) report(name, messages.notAllowed(written, allowed));
    return value ?? fallback;
  };
  return {
    text,
    isResolved: (name) => unresolved(name) === undefined,
    choice: (name, allowed) =>
      parsed(name, allowed[0], allowed.join(', '), (written) =>
        allowed.find((value) => value.toLowerCase() === written.toLowerCase()),
      ),
    truth: (name, fallback) =>
      parsed(name, fallback, [...truths.keys()].join(', '), (written) => truths.get(written.toLowerCase())),
    count: (name, { fallback, least, most }) =>
      parsed(name, fallback, messages.wholeNumber(least, most), (written) => {
        const value = /^\d{1,9}$/.test(written) ? Number(written) : -1;
        return value >= least && value <= most ? value : undefined;
      }),
  };
}
