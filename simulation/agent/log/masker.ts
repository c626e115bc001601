/** The job's list of texts that no line of the log must show. Texts are never removed from it. */
export interface Masker {
  /** Registers a text and the three encodings that the agent adds. */
  readonly add: (text: string) => void;
  /** Registers a secret variable of the job message: also base64, escaped, unquoted and trimmed forms. */
  readonly addInitialSecret: (text: string) => void;
  /** The text with every hit, merged with the hits it overlaps or touches, replaced by `***`. */
  readonly mask: (text: string) => string;
}

/**
 * The agent's masker: ordinal substring search in each text that is written. Sources: microsoft/azure-pipelines-agent
 * SecretMaskerL0.cs, HostContext.cs (encoders), Worker.cs (initial secrets).
 *
 * @param minimumLength shorter texts are ignored: `AZP_IGNORE_SECRETS_SHORTER_THAN`, which the agent caps at 6
 */
export function createMasker(minimumLength = 0): Masker {
  const minimum = Math.min(minimumLength, 6);
  const literals = new Set<string>();
  const register = (text: string) => {
    if (text.length > 0 && text.length >= minimum) literals.add(text);
  };
  const add = (text: string) => {
    if (text.length === 0 || text.length < minimum) return;
    for (const form of [text, jsonEscape(text), uriEscape(text), backslashUnescape(text)]) register(form);
  };
  return {
    add,
    addInitialSecret: (text) => {
      if (text.trim() !== '') initialForms(text).forEach(add);
    },
    mask: (text) => replaceRanges(text, mergeRanges([...literalRanges(text, literals), ...urlPasswordRanges(text)])),
  };
}

/** The body of a JSON string; Newtonsoft also escapes these three line separators. */
function jsonEscape(text: string): string {
  const escape = (found: string) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u0085\u2028\u2029]/g, escape);
}

/** `Uri.EscapeDataString`, which keeps only RFC 3986's unreserved characters. */
function uriEscape(text: string): string {
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8');
  const escape = (found: string) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(wellFormed).replace(/[!'()*]/g, escape);
}

function backslashUnescape(text: string): string {
  return text.replaceAll('\\\\', '\\').replaceAll("\\'", "'").replaceAll('\\"', '"').replaceAll('\\t', '\t');
}

function initialForms(text: string): string[] {
  const escapeLines = (form: string) => form.replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const base64 = Buffer.from(text, 'utf8').toString('base64');
  const forms = [text, base64].flatMap((form) => [
    form,
    escapeLines(form.replaceAll('%', '%AZP25')),
    escapeLines(form),
  ]);
  return forms.flatMap((form) => [form, ...unquoted(form), form.replace(/^[\r\n ]+|[\r\n ]+$/g, '')]);
}

function unquoted(text: string): string[] {
  return [/^'+([^]*?)'+$/, /^"+([^]*?)"+$/].flatMap((quotes) => quotes.exec(text)?.[1] ?? []);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function literalRanges(text: string, literals: ReadonlySet<string>): Range[] {
  const ranges: Range[] = [];
  for (const literal of literals) {
    for (let start = text.indexOf(literal); start >= 0; start = text.indexOf(literal, start + 1)) {
      ranges.push({ start, end: start + literal.length });
    }
  }
  return ranges;
}

/** The password in `scheme://user:password@host` (microsoft/azure-pipelines-agent AdditionalMaskingRegexes.cs). */
function urlPasswordRanges(text: string): Range[] {
  const password = /(?<=\/\/[^:/?#\n]+:)(?:[\w.~-]|(?:%|%AZP25)[0-9a-fA-F]{2}|[!$&'()*+,;=]|:)+(?=@)/g;
  return [...text.matchAll(password)].map(({ 0: found, index }) => ({ start: index, end: index + found.length }));
}

function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else merged.push(range);
  }
  return merged;
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  let result = '';
  let position = 0;
  for (const { start, end } of ranges) {
    result += `${text.slice(position, start)}***`;
    position = end;
  }
  return result + text.slice(position);
}
