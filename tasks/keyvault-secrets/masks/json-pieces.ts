import type { Node } from 'jsonc-parser';
import { compactJson, parseJson } from '../values/json-field';
import { isHarmless, namesSecret } from './harmless-text';

/** String leaves of JSON shorter than this are as likely words as secrets. */
const shortestLeaf = 8;

/** What of a JSON value gets printed apart from it. */
export interface JsonPieces {
  /** The value in one line without blanks, as it is and as JavaScript writes it; empty for a value that is no JSON. */
  readonly compact: readonly string[];
  /** Texts under keys that name a secret. */
  readonly leaves: readonly string[];
}

/** Compact JSON, and what stands under keys that name a secret. */
export function jsonPieces(value: string): JsonPieces {
  const tree = /^\s*[[{]/.test(value) ? parseJson(value) : undefined;
  if (tree === undefined) return { compact: [], leaves: [] };
  // Most tools re-write JSON in JavaScript's way, which differs from the source in numbers and escapes.
  const compact = [compactJson(value) ?? value, JSON.stringify(JSON.parse(value))];
  const leaves = [...secretLeaves(tree, false)].filter((leaf) => leaf.length >= shortestLeaf && !isHarmless(leaf));
  return { compact, leaves };
}

/** String leaves under a key that names a secret; what lies inside such an object or array counts too. */
function* secretLeaves(node: Node, isSecret: boolean): Generator<string> {
  if (node.type === 'string' && isSecret) yield node.value as string;
  for (const child of node.children ?? []) {
    const [key, value] = child.type === 'property' ? (child.children ?? []) : [];
    if (key !== undefined && value !== undefined) {
      yield* secretLeaves(value, isSecret || namesSecret(String(key.value)));
    } else if (child.type !== 'property') yield* secretLeaves(child, isSecret);
  }
}
