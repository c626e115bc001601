/** `SEQUENCE`; like all writers here, in the distinguished encoding (ITU-T X.690). */
export function sequence(...members: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...members);
}

/** `SET` of members that are in order already. */
export function set(...members: readonly Uint8Array[]): Buffer {
  return tagged(0x31, ...members);
}

/** `OCTET STRING`. */
export function octets(content: Uint8Array): Buffer {
  return tagged(0x04, content);
}

/** `INTEGER`: a whole number from 0 to 2^31 - 1. */
export function integer(value: number): Buffer {
  const bytes = [];
  for (let rest = value; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  // A leading set bit would mean a negative number.
  if (bytes.length === 0 || (bytes[0] ?? 0) > 0x7f) bytes.unshift(0);
  return tagged(0x02, Uint8Array.from(bytes));
}

/** `NULL`. */
export function nothing(): Buffer {
  return tagged(0x05);
}

/** `[0] EXPLICIT`. */
export function explicit(content: Uint8Array): Buffer {
  return tagged(0xa0, content);
}

/** An object identifier in dotted form, e.g. `1.2.840.113549.1.7.1`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}
