/**
 * How scripts print a secret, written down independently of the task's own masks: each form as the lines that reach
 * the log. Programs that are on every agent (bash, base64, sed) are not imitated here; the leak test runs them.
 */
export function printedForms(value: string): Readonly<Record<string, string>> {
  const lines = value.split(/\r\n|\n|\r/);
  return {
    raw: value,
    'raw after a label': `value: ${value}`,
    'each line alone': lines.join('\n--\n'),
    'each line indented': lines.map((line) => `      ${line}`).join('\n'),
    'each line trimmed': lines.map((line) => line.trim()).join('\n'),
    trimmed: `[${value.trim()}]`,
    'in double quotes': `"${value}"`,
    'in single quotes': `'${value}'`,
    'without its quotes': value.trim().replace(/^(["'])(.*)\1$/s, '$2'),
    'one line, \\n': lines.join('\\n'),
    'one line, \\r\\n': lines.join('\\r\\n'),
    'one line, blanks': lines.join(' '),
    'one line, nothing': lines.join(''),
    'one line, %0A': lines.join('%0A'),
    ...jsonForms(value),
    ...urlForms(value),
    ...base64Forms(value),
    ...shellForms(value),
    ...markupForms(value),
  };
}

function jsonForms(value: string): Record<string, string> {
  const json = JSON.stringify({ secret: value });
  const ascii = json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return {
    'JSON of JavaScript': json,
    'JSON of Python': ascii,
    'JSON of Go': json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    'JSON of PHP': json.replaceAll('/', '\\/'),
    'JSON of .NET': ascii
      .replace(/(?<=\{"secret":").*(?="\}$)/, (body) => body.replaceAll('\\"', '\\u0022'))
      .replace(/[<>&'+`]/g, (c) => `\\u00${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(/(?<=\\u)[0-9a-f]{4}/g, (hex) => hex.toUpperCase()),
    'JSON inside of JSON': JSON.stringify(json),
  };
}

function urlForms(value: string): Record<string, string> {
  const component = encodeURIComponent(value);
  return {
    'URI component': `https://example.com/?password=${component}&x=1`,
    'URI component of .NET': component.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    'URI component in lower case': component.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    form: new URLSearchParams({ password: value }).toString(),
    'whole URI': encodeURI(value),
  };
}

function base64Forms(value: string): Record<string, string> {
  const whole = base64(value);
  const wrapped = (width: number): string => whole.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? '';
  return {
    base64: whole,
    'base64 without padding': whole.replace(/=+$/, ''),
    base64url: Buffer.from(value).toString('base64url'),
    'base64 with a line feed inside': base64(`${value}\n`),
    'base64 in lines of 76': wrapped(76),
    'base64 in lines of 64': wrapped(64),
    'base64 of UTF-16': Buffer.from(value, 'utf16le').toString('base64'),
    'Basic header': `Authorization: Basic ${base64(`user:${value}`)}`,
    'Basic header of a token': `Authorization: Basic ${base64(`:${value}`)}`,
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function shellForms(value: string): Record<string, string> {
  return {
    "PowerShell '...'": `'${value.replaceAll("'", "''")}'`,
    'PowerShell "..."': `"${value.replace(/["$`]/g, '`$&')}"`,
    'bash "..."': `"${value.replace(/["$`\\]/g, '\\$&')}"`,
    "bash '...'": `'${value.replaceAll("'", `'\\''`)}'`,
    'batch file': value.replaceAll('%', '%%'),
  };
}

function markupForms(value: string): Record<string, string> {
  const xml = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return {
    'XML text': `<password>${xml}</password>`,
    'XML attribute': `<add key="password" value="${xml.replaceAll('"', '&quot;')}" />`,
    HTML: xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  };
}

/**
 * What of a masked line can still be read: pieces of four characters or more between `***`. A piece that holds nothing
 * but punctuation tells nothing.
 */
export function readablePieces(maskedLine: string): readonly string[] {
  return maskedLine
    .split('***')
    .map((piece) => piece.trim())
    .filter((piece) => piece.length >= 4 && /[\p{L}\p{N}]/u.test(piece));
}
