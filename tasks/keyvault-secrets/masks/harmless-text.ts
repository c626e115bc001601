/**
 * Words that occur in many values and in every log. Masking them would make the log unreadable, and would show where
 * they occur in the value. Only pieces of a value are compared with this list: a value that consists of such a word is
 * masked.
 */
const commonWords = new Set(
  `true false null none undefined yes no on off enabled disabled default auto
  localhost 127.0.0.1 0.0.0.0 root admin user username name guest public private
  password passwd secret token apikey api_key client_id client_secret connectionstring
  http https http:// https:// tcp ldap smtp imap ssh amqp redis mysql postgres postgresql mongodb sqlserver
  test prod production staging dev development local info debug warn warning error
  string text json yaml xml utf-8 begin end host port type value key data config settings version`.split(/\s+/),
);

/** Armor and attributes around the content of PEM files, which openssl and many tools print. */
const armour =
  /^-----(?:BEGIN|END) [^-]*-----$|^-{2,5}$|^(?:Bag|Key) Attributes\b|^(?:localKeyID|friendlyName):|^Proc-Type:/;

/** Punctuation alone: braces, brackets, rulers, document markers. */
const punctuationOnly = /^[\s{}[\]()<>,;:.=*#+~_|/\\'"!?@&%^$`-]*$/;

/**
 * A key that begins a block, a section's title, a single tag: `"settings": {`, `password:`, `[default]`,
 * `<configuration>`.
 */
const structure =
  /^(?:-\s+)?["']?[\w.-]+["']?\s*(?::\s*["']?[{[|>]?["']?|=\s*[{[])\s*,?$|^\[[\w .:-]+\]$|^<[/?]?[\w:.-]+(?:\s+(?:version|encoding)="[^"]*")*\s*[/?]?>$/;

/** A key with a value that is not secret on its own: `"ssl": true,` `port=5432`. */
const plainSetting = /^["']?([\w.-]+)["']?\s*[:=]\s*["']?([\w.:/-]+)["']?[,;]?$/;

/** Shorter pieces occur everywhere. */
export const shortestMask = 4;

/** Whether a text is empty or contains only punctuation and spaces. */
export function isPunctuation(text: string): boolean {
  return punctuationOnly.test(text);
}

/** Whether an encoded form is too short to be masked, or contains only punctuation. */
export function isTrivial(form: string): boolean {
  return form.trim().length < shortestMask || isPunctuation(form);
}

/** Whether a piece of a value is too ordinary to be masked: trivial, a common word, PEM armor, or only structure. */
export function isHarmless(piece: string): boolean {
  const text = piece.trim();
  if (isTrivial(text) || armour.test(text) || structure.test(text)) return true;
  if (commonWords.has(text.replace(/^["']|["']?\s*[:=]?\s*["']?,?$/g, '').toLowerCase())) return true;
  const [, key, value] = plainSetting.exec(text) ?? [];
  return key !== undefined && value !== undefined && !namesSecret(key) && isPlainValue(value);
}

function isPlainValue(value: string): boolean {
  return commonWords.has(value.toLowerCase()) || /^\d{1,5}$/.test(value);
}

const secretKey =
  /pass|pwd|secret|token|key$|keys$|credential|auth|signature|^sas|sas$|pin$|connection|conn_?str|dsn|private|cert|salt|hash|cookie|session/i;

/** Endings of keys that describe a secret but are not secret: `private_key_id`, `tokenUrl`, `expires_in`. */
const describingKey = /(?:ur[il]|endpoint|id|name|type|version|length|size|alg|algorithm|expir\w*|enabled|required)$/i;

/** Whether a key's name says that its value is secret. */
export function namesSecret(key: string): boolean {
  return secretKey.test(key) && !describingKey.test(key);
}
