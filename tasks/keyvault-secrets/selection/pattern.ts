import type { Source } from '../rules/rule';

/** What a source matched in a name. */
interface SourceMatch {
  /** The text that a rule's first `*` (or an expression's first group) matches; the whole name if there is none. */
  readonly star: string;
}

/**
 * Matches a whole name without regard to case, as Key Vault compares names. The result keeps the case of `name`. A glob
 * is matched from star to star without backtracking, so no pattern is slow.
 */
export function matchSource(source: Source, name: string): SourceMatch | undefined {
  switch (source.kind) {
    case 'name':
      return source.text.toLowerCase() === name.toLowerCase() ? { star: name } : undefined;
    case 'glob':
      return matchGlob(source.text, name);
    case 'regex': {
      const match = new RegExp(`^(?:${source.text})$`, 'i').exec(name);
      return match === null ? undefined : { star: match[1] ?? name };
    }
  }
}

function matchGlob(glob: string, name: string): SourceMatch | undefined {
  const subject = name.toLowerCase();
  const [prefix = '', ...rest] = glob.toLowerCase().split(/\*+/);
  const suffix = rest.pop() ?? '';
  const last = subject.length - suffix.length;
  if (!subject.startsWith(prefix) || last < prefix.length || !subject.endsWith(suffix)) return undefined;
  let at = prefix.length;
  let starEnd: number | undefined;
  for (const piece of rest) {
    const found = subject.indexOf(piece, at);
    if (found === -1 || found + piece.length > last) return undefined;
    starEnd ??= found;
    at = found + piece.length;
  }
  return { star: name.slice(prefix.length, starEnd ?? last) };
}
