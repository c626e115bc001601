import { isPunctuation, shortestMask } from './harmless-text';

/** Base64 shorter than this is masked only as a whole, because four of its letters can occur in any text. */
const shortestCore = 8;

/** Widths at which tools break lines: MIME and `base64` (76), PEM (64). */
const lineWidths = [76, 64];

/**
 * The most common forms of base64 in logs: bare, with the line break that `echo` adds, and inside the base64 of a
 * longer text such as `user:password` of a Basic header.
 */
export function base64Forms(text: string): readonly string[] {
  const [bare, ended] = withLineEnds(text);
  return isTooShort(text) ? [] : [bare, ended, ...embeddedForms(Buffer.from(text, 'utf8'))];
}

/**
 * Without padding, URL-safe, and with the line break of Windows. If these are not masked, the forms inside longer texts
 * still hide all but their last one to three characters.
 */
export function base64Spellings(text: string): readonly string[] {
  return isTooShort(text)
    ? []
    : [...withLineEnds(text), ...embeddedForms(Buffer.from(text, 'utf8'))].flatMap(spellings);
}

/** The same, broken into lines as tools do it. */
export function wrappedForms(text: string): readonly string[] {
  return isTooShort(text) ? [] : withLineEnds(text).flatMap(wrap);
}

/** The same for UTF-16, which PowerShell's `[Text.Encoding]::Unicode` produces. */
export function utf16Forms(text: string): readonly string[] {
  if (isTooShort(text)) return [];
  const [bare, ended] = [text, `${text}\r\n`].map((content) => Buffer.from(content, 'utf16le'));
  if (bare === undefined || ended === undefined) return [];
  return [...[bare, ended].map((bytes) => bytes.toString('base64')), ...embeddedForms(bare)].flatMap(spellings);
}

function isTooShort(text: string): boolean {
  return Buffer.byteLength(text) < shortestMask;
}

function withLineEnds(text: string): readonly [string, string, string] {
  const encode = (lineEnd: string): string => Buffer.from(text + lineEnd, 'utf8').toString('base64');
  return [encode(''), encode('\n'), encode('\r\n')];
}

/** A long text in lines, if it has more than one. Lines that contain only punctuation and line breaks are omitted. */
export function wrap(text: string): readonly string[] {
  return lineWidths.flatMap((width) => {
    if (text.length <= width) return [];
    const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    return lines.filter(
      (line) => line.length >= shortestMask && !isPunctuation(Buffer.from(line, 'base64').toString()),
    );
  });
}

/** Standard and URL-safe alphabet, with and without padding. */
function spellings(base64: string): readonly string[] {
  const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_');
  return [base64, base64.replace(/=+$/, ''), urlSafe, urlSafe.replace(/=+$/, '')];
}

/**
 * What the base64 of any longer text must contain if the bytes are in it. Three bytes become four characters, so the
 * bytes start at one of three positions in a group. The characters at both ends also depend on the neighboring bytes
 * and are cut off.
 */
function embeddedForms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor((shifted.length * 8) / 6);
    const core = shifted.toString('base64').slice(first, last);
    return core.length < shortestCore ? [] : [core];
  });
}
