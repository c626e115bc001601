import { fieldPathMessages as messages } from '../messages/rule-head';
import type { FieldStep } from './rule';
import type { PartMistake } from './mistake';
import { endOfQuoted } from './scanner';

/** A field path, or the first mistake in it. */
type ParsedFieldPath = { readonly steps: readonly FieldStep[] } | { readonly mistake: PartMistake };

type ParsedStep = { readonly step: FieldStep; readonly end: number } | { readonly mistake: PartMistake };

/**
 * Reads a path such as `a.b[0]."odd key"`, `a.*` or `**`. `text` is the whole path without the leading dot; offsets of
 * a mistake count from its start.
 */
export function parseFieldPath(text: string): ParsedFieldPath {
  const steps: FieldStep[] = [];
  let at = 0;
  do {
    const parsed = parseStep(text, at, steps.length === 0);
    if ('mistake' in parsed) return parsed;
    if (isWild(steps.at(-1))) {
      return { mistake: { offset: at, ...messages.afterStar } };
    }
    steps.push(parsed.step);
    at = parsed.end;
  } while (at < text.length);
  return { steps };
}

function isWild(step: FieldStep | undefined): boolean {
  return step?.kind === 'members' || step?.kind === 'leaves';
}

function parseStep(text: string, at: number, first: boolean): ParsedStep {
  if (text[at] === '[') return parseIndex(text, at);
  if (first) return parseKey(text, at);
  if (text[at] === '.') return parseKey(text, at + 1);
  return { mistake: { offset: at, ...messages.unexpected(text.slice(at)) } };
}

function parseIndex(text: string, at: number): ParsedStep {
  const digits = /^\[(\d{1,6})\]/.exec(text.slice(at));
  if (digits?.[1] === undefined) {
    return { mistake: { offset: at, ...messages.noIndex } };
  }
  return { step: { kind: 'index', index: Number(digits[1]) }, end: at + digits[0].length };
}

function parseKey(text: string, at: number): ParsedStep {
  if (text.startsWith('**', at)) return { step: { kind: 'leaves' }, end: at + 2 };
  if (text[at] === '*') return { step: { kind: 'members' }, end: at + 1 };
  if (text[at] === '"') return parseQuotedKey(text, at);
  const plain = /^[^\s.[\]"*?/:=<>]+/.exec(text.slice(at))?.[0];
  if (plain === undefined) {
    return { mistake: { offset: Math.min(at, text.length), ...messages.nameMissing } };
  }
  return { step: { kind: 'key', key: plain }, end: at + plain.length };
}

function parseQuotedKey(text: string, at: number): ParsedStep {
  const end = endOfQuoted(text, at);
  if (end === undefined) {
    return { mistake: { offset: at, ...messages.quoteUnclosed } };
  }
  try {
    return { step: { kind: 'key', key: JSON.parse(text.slice(at, end)) as string }, end };
  } catch {
    return { mistake: { offset: at, ...messages.noJsonString } };
  }
}

/** A field path as it is written in a rule. */
export function renderPath(steps: readonly FieldStep[]): string {
  return steps.map(renderStep).join('').replace(/^\./, '');
}

function renderStep(step: FieldStep): string {
  switch (step.kind) {
    case 'key':
      return /^[\w$@-]+$/.test(step.key) ? `.${step.key}` : `.${JSON.stringify(step.key)}`;
    case 'index':
      return `[${step.index}]`;
    case 'members':
      return '.*';
    case 'leaves':
      return '.**';
  }
}
