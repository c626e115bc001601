import { base64Forms, base64Spellings, utf16Forms, wrap, wrappedForms } from './base64-forms';
import { agentForms, escapedForms } from './escaped-forms';
import { isHarmless, isPunctuation, isTrivial } from './harmless-text';
import { jsonPieces, type JsonPieces } from './json-pieces';

/** Kinds of forms that are rare in logs, the rarest last: the last ones are omitted first. */
export const optionalKinds = [
  'oneLine',
  'base64',
  'escaped',
  'wrapped',
  'base64Spellings',
  'escapedLines',
  'utf16',
] as const;
export type OptionalKind = (typeof optionalKinds)[number];

/** The forms of one value: the value itself, and its encodings by kind. */
export type Forms = Readonly<Record<'plain' | OptionalKind, readonly string[]>>;

/**
 * The forms in which scripts commonly print a value: the value, its lines, one-line forms, base64, escaped forms, and
 * leaves of JSON whose key names a secret. Pieces that occur in ordinary logs are omitted.
 *
 * The agent masks line by line and literally (microsoft/azure-pipelines-agent ExecutionContext.cs). Therefore, every
 * line has its own mask, and no encoded form contains a line break. The value itself is always included: the agent
 * masks it anyway when the variable is set.
 */
export function formsOf(value: string): Forms {
  const whole = wholeForms(value);
  const lines = linesOf(value);
  const json = jsonPieces(value);
  const leafLines = json.leaves.flatMap(linesOf);
  const texts = [...whole, ...json.leaves];
  return {
    plain: [...whole, ...lines, ...leafLines, ...[...whole, ...lines].flatMap(agentForms), ...partsOf(value, json)],
    oneLine: texts.flatMap(oneLineForms),
    base64: texts.flatMap(base64Forms),
    base64Spellings: texts.flatMap(base64Spellings),
    escaped: texts.flatMap(escapedForms).filter(isOneLine),
    wrapped: [...texts.flatMap(wrappedForms), ...ownLines(value), ...[value, ...json.leaves].flatMap(pemLines)],
    escapedLines: lines.flatMap(escapedForms),
    utf16: texts.flatMap(utf16Forms),
  };
}

/** The parts of a value that scripts print separately, not encoded. */
function partsOf(value: string, { compact, leaves }: JsonPieces): readonly string[] {
  const bodies = [value, ...leaves].flatMap(pemBodies);
  return [...compact, ...leaves, ...leaves.map((leaf) => leaf.trim()), ...bodies].filter((part) => !isTrivial(part));
}

function isOneLine(text: string): boolean {
  return !/[\r\n]/.test(text);
}

/** A value that is itself base64, such as a PFX, broken into lines as tools do it. */
function ownLines(value: string): readonly string[] {
  const isBase64 = /^[A-Za-z0-9+/=_\s-]+$/.test(value) && !value.includes('-----');
  return isBase64 ? wrap(value.replace(/\s+/g, '')) : [];
}

/** The value as it is, trimmed, and without the quotes around it. */
function wholeForms(value: string): readonly string[] {
  const trimmed = value.trim();
  const unquoted = /^(["'])(.+)\1$/s.exec(trimmed)?.[2]?.trim() ?? trimmed;
  return [...new Set([value, trimmed, unquoted])].filter((form) => form === value || !isTrivial(form));
}

/** Lines as the agent splits them, without surrounding spaces; none if the text has only one line. */
function linesOf(text: string): readonly string[] {
  const lines = splitLines(text);
  return lines.length === 1 ? [] : lines.map((line) => line.trim()).filter((line) => !isHarmless(line));
}

function splitLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}

/**
 * A multi-line text as scripts and commands put it on one line. If each line is masked separately, only punctuation
 * would remain of these forms.
 */
function oneLineForms(text: string): readonly string[] {
  const lines = splitLines(text);
  if (lines.length === 1) return [withSingleBlanks(text), ...agentForms(text)];
  if (lines.every((line) => isPunctuation(line) || !isHarmless(line))) return lines.map(withSingleBlanks);
  const joined = ['\\n', '\\r\\n', ' ', '', '%0A', '%0D%0A', '%0a', ','].map((separator) => lines.join(separator));
  return [...joined, withSingleBlanks(text), ...agentForms(text), ...agentForms(lines.join('\n'))];
}

/** As a shell prints a text that a command got without quotes. */
function withSingleBlanks(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}

const pemBlock = /-----BEGIN [^-]*-----([A-Za-z0-9+/=\s]+)-----END /g;

/** The content of PEM blocks in one line, as .NET and Java print it. */
function pemBodies(value: string): readonly string[] {
  return [...value.matchAll(pemBlock)].map(([, body = '']) => body.replace(/\s+/g, ''));
}

/** The same in lines of other widths. */
function pemLines(value: string): readonly string[] {
  return pemBodies(value).flatMap(wrap);
}
