import type { Node } from 'jsonc-parser';
import { base64Forms, wrap } from './base64-forms';
import { agentForms, escapedForms } from './escaped-forms';
import { isHarmless, isTrivial, namesSecret } from './harmless-text';
import { compactJson, parseJson } from '../values/json-field';

/**
 * The agent compares every line of the log with every mask, so masks cost time in all later steps. No value that people
 * keep in Key Vault (25 kB at most) needs as many as this; of one that does, the forms least often printed are left out.
 */
const mostMasks = 4000;

/** String leaves of JSON shorter than this are as likely words as secrets. */
const shortestLeaf = 8;

/**
 * All texts that must not appear in a log because a script that has `value` commonly prints them: the value, its lines,
 * one-line forms, base64, escaped forms, and leaves of JSON whose key names a secret. Pieces that ordinary logs hold are
 * left out. Longest first, each once.
 *
 * The agent masks line by line and does so literally (microsoft/azure-pipelines-agent ExecutionContext.cs), hence a mask
 * for every line. The value itself comes along whatever it is: the agent masks it anyway when the variable is set.
 */
export function masksOf(value: string): readonly string[] {
  if (value.trim() === '') return [];
  const whole = wholeForms(value);
  const lines = linesOf(value);
  // In the order of importance, in which the cap cuts.
  const encoded = [
    ...whole.flatMap(oneLineForms),
    ...jsonPieces(value),
    ...whole.flatMap(base64Forms),
    ...wrappedForms(value),
    ...pemBodies(value),
    ...whole.flatMap(escapedForms),
    ...lines.flatMap(escapedForms),
  ];
  const masks = new Set([...whole, ...lines, ...encoded.filter((form) => !isTrivial(form))]);
  return [...masks].slice(0, mostMasks).sort((one, other) => other.length - one.length);
}

/** A value that is base64 itself, such as a PFX, in the lines that tools break it into. */
function wrappedForms(value: string): readonly string[] {
  return /^[A-Za-z0-9+/=_\s-]+$/.test(value) ? wrap(value.replace(/\s+/g, '')) : [];
}

/** The value as it is, trimmed, and without the quotes around it. */
function wholeForms(value: string): readonly string[] {
  const trimmed = value.trim();
  const unquoted = /^(["'])(.+)\1$/s.exec(trimmed)?.[2]?.trim() ?? trimmed;
  return [...new Set([value, trimmed, unquoted])].filter((form) => form === value || !isTrivial(form));
}

/** Lines as the agent cuts them, each also without the blanks around it; of a text with one line, none. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length === 1) return [];
  return [...new Set(lines.flatMap((line) => [line, line.trim()]))].filter((line) => !isHarmless(line));
}

/** A text of several lines as scripts and commands put it into one. */
function oneLineForms(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length === 1) return agentForms(text);
  const joined = ['\\n', '\\r\\n', ' ', '', '%0A', '%0D%0A', '%0a', ','].map((separator) => lines.join(separator));
  return [...joined, text.split(/\s+/).join(' '), ...agentForms(text), ...agentForms(lines.join('\n'))];
}

/** Compact JSON, and what stands under keys that name a secret. */
function jsonPieces(value: string): readonly string[] {
  if (!/^\s*[[{]/.test(value)) return [];
  const compact = compactJson(value);
  const tree = parseJson(value);
  if (compact === undefined || tree === undefined) return [];
  // Most tools re-write JSON in JavaScript's way, which differs from the source in numbers and escapes.
  const rewritten = JSON.stringify(JSON.parse(value));
  const leaves = [...secretLeaves(tree, false)].filter((leaf) => leaf.length >= shortestLeaf && !isHarmless(leaf));
  const forms = leaves.flatMap((leaf) => [
    leaf,
    leaf.trim(),
    ...linesOf(leaf),
    ...oneLineForms(leaf),
    ...pemBodies(leaf),
  ]);
  return [compact, rewritten, ...forms, ...leaves.flatMap(base64Forms), ...leaves.flatMap(escapedForms)];
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

/** The content of PEM blocks in one line and in lines of other widths, as .NET and Java print it. */
function pemBodies(value: string): readonly string[] {
  const blocks = value.matchAll(/-----BEGIN [^-]*-----([A-Za-z0-9+/=\s]+)-----END /g);
  return [...blocks].flatMap(([, body = '']) => {
    const joined = body.replace(/\s+/g, '');
    return [joined, ...wrap(joined)];
  });
}
