import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/package/definitions';

/** A text that users read, and where it is. */
export interface UserText {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Everything that users of the tasks read: messages, the catalog of failures, forms, pages and examples. */
export function readUserTexts(): readonly UserText[] {
  const tasks = listFiles('tasks', (name) => !/(^|\/)(dist|node_modules)\//.test(name));
  const messages = tasks.filter((name) =>
    /^tasks\/(\w|-)+\/messages\/.*\.ts$|^tasks\/shared\/errors\/.*\.ts$/.test(name),
  );
  const forms = tasks.filter((name) => name.endsWith('/task.json'));
  const pages = [
    ...listFiles('docs', (name) => name.endsWith('.md')),
    ...listFiles('.', (name) => /^\w+\.md$/.test(name)),
  ];
  const examples = listFiles('examples', (name) => /\.(ya?ml|md)$/.test(name));
  return [
    ...messages.flatMap(readMessages),
    ...[...forms, ...pages, ...examples].flatMap((file) => linesOf(file, readText(file))),
  ];
}

function listFiles(folder: string, isWanted: (name: string) => boolean): readonly string[] {
  const deep = folder !== '.';
  return readdirSync(path.join(root, folder), { recursive: deep, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .filter(isWanted);
}

function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function linesOf(file: string, text: string): readonly UserText[] {
  return text.split('\n').map((line, index) => ({ file, line: index + 1, text: line }));
}

/** The string literals of a source file, and the parts of its templates. Comments are for maintainers. */
function readMessages(file: string): readonly UserText[] {
  const source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
  const found: UserText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file, line: line + 1, text: node.getText().slice(1, -1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
