import { parseFieldPath } from './field-path';
import { headMessages as messages } from '../messages/rule-head';
import type { FieldStep, Rule, Source } from './rule';
import { explainRest } from './advice';
import type { PartMistake } from './mistake';
import { endOfRegex } from './scanner';

/** What comes before the operations and the target: `!kv:name/version?.field`. */
export interface RuleHead extends Pick<Rule, 'vault' | 'source' | 'version' | 'optional' | 'field' | 'defaultText'> {
  readonly exclusion: boolean;
}

/** A piece of the head and the position after it, or a mistake. */
type Read<T> = { readonly value: T; readonly end: number } | { readonly mistake: PartMistake };

/**
 * Reads the head of a rule, or the mistake that ends reading. `vaults` are the names that are allowed before a colon,
 * in lower case; if empty, all names are allowed. Key Vault names consist of letters, digits and dashes (Azure Key
 * Vault REST: object identifiers), so all other characters can have a meaning here.
 */
export function parseRuleHead(text: string, vaults: readonly string[]): RuleHead | { readonly mistake: PartMistake } {
  const exclusion = text.startsWith('!');
  const vault = readVault(text, exclusion ? 1 : 0, vaults);
  if ('mistake' in vault) return vault;
  const source = readSource(text, vault.end);
  if ('mistake' in source) return source;
  const version = readVersion(text, source.end, source.value);
  if ('mistake' in version) return version;
  const optional = text[version.end] === '?' && text[version.end + 1] !== '?';
  const field = readField(text, version.end + (optional ? 1 : 0));
  if ('mistake' in field) return field;
  const fallback = readDefault(text, field.end);
  if ('mistake' in fallback) return fallback;
  if (fallback.end < text.length) return { mistake: explainRest(text, fallback.end) };
  return {
    exclusion,
    ...(vault.value === undefined ? {} : { vault: vault.value }),
    source: source.value,
    ...(version.value === undefined ? {} : { version: version.value }),
    optional,
    ...(field.value === undefined ? {} : { field: field.value }),
    ...(fallback.value === undefined ? {} : { defaultText: fallback.value }),
  };
}

function readVault(text: string, at: number, vaults: readonly string[]): Read<string | undefined> {
  const match = /^\s*([A-Za-z0-9-]+)\s*:\s*/.exec(text.slice(at));
  const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
  if (match?.[1] === undefined) return { value: undefined, end: start };
  const name = match[1].toLowerCase();
  if (vaults.length === 0 || vaults.includes(name)) return { value: name, end: at + match[0].length };
  const rest = text.slice(at + match[0].length);
  return { mistake: { offset: start, ...messages.unknownVault(match[1], vaults, rest) } };
}

function readSource(text: string, at: number): Read<Source> {
  if (text[at] === '/') return readRegex(text, at);
  const word = /^[A-Za-z0-9*-]+/.exec(text.slice(at))?.[0];
  if (word === undefined) {
    if (at < text.length) return { mistake: explainRest(text, at) };
    return { mistake: { offset: Math.max(0, at - 1), ...messages.nameMissing } };
  }
  if (word.includes('*')) return { value: { kind: 'glob', text: word }, end: at + word.length };
  if (word.length > 127) {
    return { mistake: { offset: at, ...messages.nameTooLong } };
  }
  return { value: { kind: 'name', text: word }, end: at + word.length };
}

/** Longer expressions are programs: they cannot be reviewed, and matching them may not end. */
const longestRegex = 200;

function readRegex(text: string, at: number): Read<Source> {
  const end = endOfRegex(text, at);
  if (end === undefined) {
    return { mistake: { offset: at, ...messages.regexUnclosed } };
  }
  const pattern = text.slice(at + 1, end - 1);
  if (pattern.length > longestRegex) {
    return { mistake: { offset: at, ...messages.regexTooLong(longestRegex) } };
  }
  try {
    new RegExp(pattern, 'i');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : messages.regexNotUnderstood;
    return { mistake: { offset: at, ...messages.regexWrong(reason) } };
  }
  return { value: { kind: 'regex', text: pattern }, end };
}

function readVersion(text: string, at: number, source: Source): Read<string | undefined> {
  if (text[at] !== '/') return { value: undefined, end: at };
  const word = /^[^\s?.]*/.exec(text.slice(at + 1))?.[0] ?? '';
  const end = at + 1 + word.length;
  const version = word.toLowerCase();
  if (version === 'previous') return { value: version, end };
  if (!/^[0-9a-f]{32}$/.test(version)) {
    const message = word === '' ? messages.versionMissing : messages.noVersion(word);
    return { mistake: { offset: at + 1, message, suggestion: messages.versionForm } };
  }
  if (source.kind === 'name') return { value: version, end };
  return { mistake: { offset: at + 1, ...messages.versionOfPattern } };
}

function readField(text: string, at: number): Read<readonly FieldStep[] | undefined> {
  if (text[at] !== '.') return { value: undefined, end: at };
  const rest = text.slice(at + 1);
  const path = cutPath(rest);
  const parsed = parseFieldPath(path);
  if ('steps' in parsed) return { value: parsed.steps, end: at + 1 + path.length };
  return { mistake: { ...parsed.mistake, offset: at + 1 + parsed.mistake.offset } };
}

/** `?? text`, the rest of the head; in double quotes, it is a JSON string. */
function readDefault(text: string, at: number): Read<string | undefined> {
  const match = /^\s*\?\?\s*(.*)$/s.exec(text.slice(at));
  const written = match?.[1];
  if (written === undefined) return { value: undefined, end: at };
  if (!written.startsWith('"')) return { value: written, end: text.length };
  try {
    return { value: String(JSON.parse(written)), end: text.length };
  } catch {
    return { mistake: { offset: text.length - written.length, ...messages.defaultNoString } };
  }
}

/** The text up to the first space outside quotes, or up to a character that belongs to a mistyped arrow. */
function cutPath(text: string): string {
  return /^(?:"(?:\\.|[^"\\])*"|[^\s"=>:]|")*/.exec(text)?.[0] ?? '';
}
