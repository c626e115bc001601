import { bashForms } from './bash-forms';

/** Characters that shells, XML and JSON writers replace. */
type Replacements = Readonly<Record<string, string>>;

const xmlText: Replacements = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const tables: readonly Replacements[] = [
  xmlText,
  { ...xmlText, '"': '&quot;' },
  { ...xmlText, '"': '&quot;', "'": '&apos;' },
  { ...xmlText, '"': '&quot;', "'": '&#39;' },
  { ...xmlText, '"': '&#34;', "'": '&#39;' },
  { ...xmlText, '"': '&quot;', "'": '&#x27;' },
  // How people write a quote inside '...' of bash, and inside "...".
  { "'": `'"'"'` },
  { '"': '\\"', $: '\\$', '`': '\\`', '\\': '\\\\' },
  // PowerShell and SQL inside '...'; PowerShell inside "..."; CSV and batch files.
  { "'": "''" },
  { '"': '`"', $: '`$', '`': '``' },
  { '"': '""' },
  { '%': '%%' },
];

const replacers = tables.map((table) => {
  const characters = new RegExp(`[${Object.keys(table).join('').replace(/\\/g, '\\$&')}]`, 'g');
  return (text: string) => text.replace(characters, (character) => table[character] ?? character);
});

/** What Ruby's `Shellwords` and similar libraries put a backslash before. */
const shellSpecial = /[^A-Za-z0-9_@%+=:,./\n-]/g;

/**
 * How common writers escape a text: XML, bash, PowerShell, JSON of several libraries, form and URL encoding. Only forms
 * that differ from the text. `Uri.EscapeDataString` is not included, because the agent adds it to every registered text
 * (microsoft/azure-pipelines-agent HostContext.cs). The agent also adds the body of a JSON string. That form is
 * included all the same, so that the agent adds JSON inside JSON.
 */
export function escapedForms(text: string): readonly string[] {
  const forms = [
    ...replacers.map((replace) => replace(text)),
    ...bashForms(text),
    text.replace(shellSpecial, (character) => `\\${character}`),
    ...jsonForms(text),
    ...percentForms(text),
  ];
  return [...new Set(forms)].filter((form) => form !== text);
}

/** JSON bodies by JavaScript, Go, PHP, Python, Windows PowerShell and System.Text.Json. */
function jsonForms(text: string): readonly string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const quotes = plain.replaceAll('\\"', '\\u0022');
  return [
    plain,
    unicodeEscape(plain, /[<>&]/g),
    unicodeEscape(plain, /[<>&']/g),
    unicodeEscape(plain, /[^ -~]/g),
    plain.replaceAll('/', '\\/'),
    unicodeEscape(quotes, /[^ -~]|[<>&'+`]/g).replace(/(?<=\\u)[0-9a-f]{4}/g, (hex) => hex.toUpperCase()),
  ];
}

/** Per UTF-16 unit, as all JSON writers do it. */
function unicodeEscape(text: string, which: RegExp): string {
  return text.replace(which, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** URL encoding with other rules than the agent's: fewer characters, lowercase hexadecimal digits, `+` for a space. */
function percentForms(text: string): readonly string[] {
  // A lone surrogate has no UTF-8 form; writers that encode it anyway use the replacement character.
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8');
  const component = encodeURIComponent(wellFormed);
  const escape = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const byAgent = component.replace(/[!'()*]/g, escape);
  const form = byAgent.replace(/%20/g, '+');
  const forms = [component, form, component.replace(/%20/g, '+'), encodeURI(wellFormed)];
  const lowerCase = [byAgent, ...forms].map((encoded) =>
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  );
  return [...forms, ...lowerCase].filter((encoded) => encoded !== byAgent);
}

/**
 * The forms in which agent commands encode a text on one line (microsoft/azure-pipelines-agent
 * CommandStringConvertor.cs). A command that the agent rejects is printed as it was received, so these forms must be
 * registered before it is sent.
 */
export function agentForms(text: string): readonly string[] {
  const breaks = (escaped: string): string => escaped.replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (escaped: string): string => escaped.replaceAll(';', '%3B').replaceAll(']', '%5D');
  const percents = [text, text.replaceAll('%', '%25'), text.replaceAll('%', '%AZP25')].map(breaks);
  return [...new Set([...percents, ...percents.map(property)])].filter((form) => form !== text);
}
