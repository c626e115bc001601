import { shortestMask } from './harmless-text';

/** Base64 shorter than this is masked only as a whole: four letters of it stand in any text. */
const shortestCore = 8;

/** Widths at which tools break lines: MIME and `base64` (76), PEM (64). */
const lineWidths = [76, 64];

/**
 * The forms in which base64 of a text gets printed: with and without padding, URL-safe, with the line break that `echo`
 * adds, in lines, and inside the base64 of a longer text such as `user:password` of a Basic header. Both as UTF-8 and as
 * UTF-16, which PowerShell's `[Text.Encoding]::Unicode` gives. None for a text whose base64 is shorter than 8.
 */
export function base64Forms(text: string): readonly string[] {
  const utf8 = Buffer.from(text, 'utf8');
  const utf16 = Buffer.from(text, 'utf16le');
  if (utf8.length < shortestMask) return [];
  const ended = ['\n', '\r\n'].map((lineEnd) => Buffer.from(text + lineEnd, 'utf8'));
  const whole = [utf8, ...ended, utf16, Buffer.from(`${text}\r\n`, 'utf16le')].map((bytes) => bytes.toString('base64'));
  const lines = [utf8, ...ended].flatMap((bytes) => wrap(bytes.toString('base64')));
  const cores = [...embeddedForms(utf8), ...embeddedForms(utf16)];
  return [...whole.flatMap(spellings), ...cores.flatMap(spellings), ...lines];
}

/** A long text in lines, when it is longer than one. Lines that hold nothing but the text's last line break are left out. */
export function wrap(text: string): readonly string[] {
  return lineWidths.flatMap((width) => {
    if (text.length <= width) return [];
    const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    return lines.filter((line) => line.length >= shortestMask && Buffer.from(line, 'base64').toString().trim() !== '');
  });
}

/** Standard and URL-safe alphabet, with and without padding. */
function spellings(base64: string): readonly string[] {
  const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_');
  return [base64, base64.replace(/=+$/, ''), urlSafe, urlSafe.replace(/=+$/, '')];
}

/**
 * What the base64 of any longer text must contain if the bytes are in it. Three bytes make four characters, so the bytes
 * start at one of three places in a group; the characters at the rim also depend on the neighbours and are cut off.
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
