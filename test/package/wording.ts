import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/package/definitions';

/** A text that someone reads, and where it is. */
export interface ReadText {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Everything that users of the tasks read: messages, the catalog of failures, forms, pages and examples. */
export function readUserTexts(): readonly ReadText[] {
  const tasks = listFiles('tasks');
  const messages = tasks.filter((name) =>
    /^tasks\/(\w|-)+\/messages\/.*\.ts$|^tasks\/shared\/errors\/.*\.ts$/.test(name),
  );
  const forms = tasks.filter((name) => name.endsWith('/task.json'));
  const pages = [...listFiles('docs'), ...listFiles('.')].filter((name) => name.endsWith('.md'));
  const examples = listFiles('examples').filter((name) => /\.(ya?ml|md)$/.test(name));
  return [...messages.flatMap(readMessages), ...[...forms, ...pages, ...examples].flatMap(linesOf)];
}

/** What maintainers read besides: every line of the sources, with their comments, test titles and names. */
export function readSourceTexts(): readonly ReadText[] {
  const folders = ['tasks', 'simulation', 'scripts', 'test', '.github', '.azure-pipelines', '.ci', '.'];
  return folders
    .flatMap(listFiles)
    .filter((name) => /\.(ts|[mc]js|ya?ml|sh|md)$|^\.ci\/run$/.test(name) && name !== 'test/package/wording.test.ts')
    .flatMap(linesOf)
    .map(({ text, ...place }) => ({ ...place, text: splitNames(text) }));
}

/** Names become words; the `let` of a declaration is left out. */
function splitNames(code: string): string {
  return code.replace(/\blet (?=\w+( =|:|;))/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

/** The files in a folder and below it; of '.' only its own. */
function listFiles(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => !/(^|\/)(dist|node_modules)(\/|$)/.test(name) && /\.\w+$|^\.ci\/run$/.test(name));
}

function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function linesOf(file: string): readonly ReadText[] {
  return readText(file)
    .split('\n')
    .map((text, index) => ({ file, line: index + 1, text }));
}

/** The string literals of a source file, and the parts of its templates. */
function readMessages(file: string): readonly ReadText[] {
  const source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
  const found: ReadText[] = [];
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
