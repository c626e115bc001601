/**
 * What the agent does with registered masks: adds three encodings of each and replaces all matches, literally
 * (microsoft/azure-pipelines-agent HostContext.cs, SecretMaskerL0.cs).
 */
export function maskLikeAgent(text: string, masks: readonly string[]): string {
  const hidden = new Uint8Array(text.length);
  for (const mask of withAllEncodings(masks)) {
    for (let at = text.indexOf(mask); at !== -1; at = text.indexOf(mask, at + 1)) hidden.fill(1, at, at + mask.length);
  }
  return Array.from(hidden, (isHidden, at) =>
    isHidden === 0 ? (text[at] ?? '') : hidden[at - 1] === 1 ? '' : '***',
  ).join('');
}

/** Properties look for one value's masks in many texts. */
const known = new WeakMap<readonly string[], ReadonlySet<string>>();

function withAllEncodings(masks: readonly string[]): ReadonlySet<string> {
  const all = known.get(masks) ?? new Set(masks.flatMap(withEncodings));
  known.set(masks, all);
  return all;
}

function withEncodings(mask: string): readonly string[] {
  const wellFormed = Buffer.from(mask, 'utf8').toString('utf8');
  const uri = encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const backslash = mask.replace(/\\(["'\\t])/g, (_, c: string) => (c === 't' ? '\t' : c));
  return [mask, JSON.stringify(mask).slice(1, -1), uri, backslash].filter((form) => form !== '');
}
