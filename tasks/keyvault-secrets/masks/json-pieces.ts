import type { Node } from 'jsonc-parser';
import { compactJson, parseJson } from '../values/json-field';
import { isHarmless, namesSecret } from './harmless-text';

/** String leaves of JSON shorter than this are as likely to be words as secrets. */
const shortestLeaf = 8;

/** The parts of a JSON value that scripts print separately. */
export interface JsonPieces {
  /** The value on one line without spaces, as it is and as JavaScript writes it; empty if the value is not JSON. */
  readonly compact: readonly string[];
  /** Texts under keys that name a secret. */
  readonly leaves: readonly string[];
}

/** Compact JSON, and the texts under keys that name a secret. */
export function jsonPieces(value: string): JsonPieces {
  const tree = /^\s*[[{]/.test(value) ? parseJson(value) : undefined;
  if (tree === undefined) return { compact: [], leaves: [] };
  // Most tools rewrite JSON as JavaScript does, which changes numbers and escapes.
  const compact = [compactJson(value) ?? value, JSON.stringify(JSON.parse(value))];
  const leaves = [...secretLeaves(tree, false)].filter((leaf) => leaf.length >= shortestLeaf && !isHarmless(leaf));
  return { compact, leaves };
}

/** String leaves under a key that names a secret, including those inside an object or array under such a key. */
function* secretLeaves(node: Node, isSecret: boolean): Generator<string> {
  if (node.type === 'string' && isSecret) yield node.value as string;
  for (const child of node.children ?? []) {
    const [key, value] = child.type === 'property' ? (child.children ?? []) : [];
    if (key !== undefined && value !== undefined) {
      yield* secretLeaves(value, isSecret || namesSecret(String(key.value)));
    } else if (child.type !== 'property') yield* secretLeaves(child, isSecret);
  }
}
