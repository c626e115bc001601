import { levelsOf, type SecretsFileFormat } from './format';
import { quote } from './quote';

/** One variable in the file. */
export interface Entry {
  readonly name: string;
  readonly value: string;
}

type Tree = Map<string, Tree | string>;

/** The file's text. Names and values were checked: programs read each of them back unchanged. */
export function render(format: SecretsFileFormat, entries: readonly Entry[]): string {
  switch (format) {
    case 'env':
      return entries.map(({ name, value }) => `${name}=${value}\n`).join('');
    case 'dotenv':
      return entries.map(({ name, value }) => `${name}=${quote(value) ?? ''}\n`).join('');
    case 'json':
    case 'nestedJson':
      return `${JSON.stringify(toObject(treeOf(format, entries)), undefined, 2)}\n`;
    case 'yaml':
    case 'nestedYaml':
      return entries.length === 0 ? '{}\n' : yamlLines(treeOf(format, entries), '').join('');
  }
}

function treeOf(format: SecretsFileFormat, entries: readonly Entry[]): Tree {
  const root: Tree = new Map();
  for (const { name, value } of entries) {
    const levels = levelsOf(format, name);
    const section = levels.slice(0, -1).reduce((tree, level) => {
      const found = tree.get(level);
      const next: Tree = found instanceof Map ? found : new Map<string, Tree | string>();
      tree.set(level, next);
      return next;
    }, root);
    section.set(levels.at(-1) ?? '', value);
  }
  return root;
}

function toObject(tree: Tree): object {
  return Object.fromEntries([...tree].map(([key, value]) => [key, value instanceof Map ? toObject(value) : value]));
}

function yamlLines(tree: Tree, indent: string): readonly string[] {
  return [...tree].flatMap(([key, value]) =>
    value instanceof Map
      ? [`${indent}${yamlText(key)}:\n`, ...yamlLines(value, `${indent}  `)]
      : [`${indent}${yamlText(key)}: ${yamlText(value)}\n`],
  );
}

/**
 * JSON strings are valid in YAML, except for characters that YAML 1.1 treats as line ends or cannot print, which must
 * be escaped.
 */
function yamlText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
