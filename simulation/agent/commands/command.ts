/** A logging command, e.g. `##vso[task.setvariable variable=x;issecret=true]value`. */
export interface Command {
  /** As written; the agent's comparison is not case-sensitive. */
  readonly area: string;
  readonly event: string;
  /** By lower-case key. Keys are not trimmed: `; issecret=true` is the key `' issecret'`. */
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

const prefix = '##vso[';

/**
 * Finds the logging command in a line in the same way as the agent: anywhere in the line, up to the first `]`. Returns
 * undefined if there is none. Source: microsoft/azure-pipelines-agent Command.cs.
 *
 * @param decodePercents the agent's knob `DECODE_PERCENTS`: whether `%AZP25` means `%`
 */
export function parseCommand(line: string, decodePercents: boolean): Command | undefined {
  const start = line.indexOf(prefix);
  if (start < 0) return undefined;
  const end = line.indexOf(']', start);
  if (end < 0) return undefined;
  const info = line.slice(start + prefix.length, end);
  const space = info.indexOf(' ');
  const [area, event, ...rest] = (space < 0 ? info : info.slice(0, space)).split('.').filter(Boolean);
  if (area === undefined || event === undefined || rest.length > 0) return undefined;
  const properties = parseProperties(space < 0 ? '' : info.slice(space + 1), decodePercents);
  return { area, event, properties, data: unescapeText(line.slice(end + 1), decodePercents) };
}

function parseProperties(text: string, decodePercents: boolean): Map<string, string> {
  const properties = new Map<string, string>();
  for (const piece of text.split(';').filter(Boolean)) {
    // .NET's Split with a count of 2 and RemoveEmptyEntries: `=` at the start of the piece and of the value are lost.
    const pair = /^=*([^=]+)=+([^=].*)$/s.exec(piece);
    if (pair?.[1] !== undefined && pair[2] !== undefined) {
      properties.set(pair[1].toLowerCase(), unescapeText(pair[2], decodePercents));
    }
  }
  return properties;
}

const escapes: readonly (readonly [string, string])[] = [
  [';', '%3B'],
  ['\r', '%0D'],
  ['\n', '%0A'],
  [']', '%5D'],
];

/** One replacement after the other, in the agent's order (microsoft/azure-pipelines-agent CommandStringConvertor.cs). */
export function unescapeText(text: string, decodePercents: boolean): string {
  const decoded = escapes.reduce((result, [token, escape]) => result.replaceAll(escape, token), text);
  return decodePercents ? decoded.replaceAll('%AZP25', '%') : decoded;
}

/** The inverse of {@link unescapeText}. */
export function escapeText(text: string, decodePercents: boolean): string {
  const percents = decodePercents ? text.replaceAll('%', '%AZP25') : text;
  return escapes.reduce((result, [token, escape]) => result.replaceAll(token, escape), percents);
}
