import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { jsonMessages as messages } from '../messages/values';
import { renderPath } from '../rules/field-path';
import type { FieldStep } from '../rules/rule';

/** One value found in a JSON text. */
export interface Field {
  /** Keys and indexes from the top to the field. */
  readonly path: readonly string[];
  /** The decoded text of a string, the very digits of a number, the compact source of an object or array. */
  readonly text: string;
  /** What the user should know of it; never a part of the value. */
  readonly note?: string;
}

/** The fields, or why there are none. The problem never quotes the value. */
type FoundFields = { readonly fields: readonly Field[] } | { readonly problem: string };

interface Place {
  readonly node: Node;
  readonly path: readonly string[];
  readonly note?: string;
}

/**
 * Finds the fields that a path names. Works on the source text, so numbers keep all their digits and objects keep the
 * order of their keys. Of a duplicate key the last value counts, as in JSON.parse; `null` gives an empty text.
 */
export function findFields(json: string, steps: readonly FieldStep[]): FoundFields {
  const root = parseJson(json);
  if (root === undefined) return { problem: messages.noJson };
  let places: readonly Place[] = [{ node: root, path: [] }];
  for (const [index, step] of steps.entries()) {
    const next = places.map((place) => follow(place, step));
    if (next.includes(undefined)) return { problem: describeMiss(steps, index) };
    places = next.flatMap((found) => found ?? []);
  }
  return { fields: places.map((place) => toField(json, place)) };
}

/** The JSON text without blanks between its tokens; everything else stays as it is written. `undefined` if not JSON. */
export function compactJson(json: string): string | undefined {
  return parseJson(json) === undefined ? undefined : withoutBlanks(json);
}

/** The tree of a strict JSON text, `undefined` if it is none or nested too deeply to be read. */
export function parseJson(json: string): Node | undefined {
  const errors: ParseError[] = [];
  try {
    JSON.parse(json);
    return parseTree(json, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    return undefined;
  }
}

function withoutBlanks(json: string): string {
  const scanner = createScanner(json, true);
  let text = '';
  do {
    scanner.scan();
    text += json.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
  } while (scanner.getTokenLength() > 0);
  return text;
}

function follow(place: Place, step: FieldStep): readonly Place[] | undefined {
  switch (step.kind) {
    case 'key':
      return memberOf(place, step.key);
    case 'index': {
      const item = place.node.type === 'array' ? place.node.children?.[step.index] : undefined;
      return item === undefined ? undefined : [{ node: item, path: [...place.path, String(step.index)] }];
    }
    case 'members':
      return childrenOf(place);
    case 'leaves':
      return childrenOf(place) && leavesBelow(place);
  }
}

function memberOf(place: Place, key: string): readonly Place[] | undefined {
  const found = childrenOf(place)?.find(({ path }) => path.at(-1) === key);
  return found === undefined || place.node.type !== 'object' ? undefined : [found];
}

/** Members of an object or items of an array; `undefined` for a scalar. */
function childrenOf({ node, path }: Place): readonly Place[] | undefined {
  const children = node.children ?? [];
  if (node.type === 'array') return children.map((item, index) => ({ node: item, path: [...path, String(index)] }));
  if (node.type !== 'object') return undefined;
  const members = new Map<string, Place>();
  for (const { children: pair } of children) {
    const [key, value] = pair ?? [];
    if (key === undefined || value === undefined) continue;
    const name = key.value as string;
    const note = members.has(name) ? { note: messages.keyTwiceNote } : {};
    members.set(name, { node: value, path: [...path, name], ...note });
  }
  return [...members.values()];
}

function leavesBelow(place: Place): readonly Place[] {
  return childrenOf(place)?.flatMap((child) => leavesBelow(child)) ?? [place];
}

function toField(json: string, { node, path, note }: Place): Field {
  if (node.type === 'null') return { path, text: '', note: messages.nullNote };
  const source = json.slice(node.offset, node.offset + node.length);
  const text = node.type === 'string' ? (JSON.parse(source) as string) : withoutBlanks(source);
  return { path, text, ...(note === undefined ? {} : { note }) };
}

/** The path up to the step that found nothing, as the user would write it. */
function describeMiss(steps: readonly FieldStep[], index: number): string {
  const step = steps[index];
  const path = renderPath(steps.slice(0, index));
  if (step?.kind === 'members' || step?.kind === 'leaves') {
    return path === '' ? messages.valueHasNoMembers : messages.fieldHasNoMembers(path);
  }
  return messages.noField(renderPath(steps.slice(0, index + 1)));
}
