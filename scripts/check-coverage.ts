import { readFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { root } from './package/definitions';

/**
 * The minimum percentage of lines that the unit tests run in each folder of the core. The end-to-end tests cover the
 * code that connects the core with Azure and the agent (`atTheEdge`), in separate processes.
 */
const floor = 97;
const atTheEdge = /(^|\/)(adapters|messages|agent|http|sign-in)\/|(^|\/)(main|prejob|postjob|wiring|clock)\.ts$/;

interface Lines {
  readonly total: number;
  readonly covered: number;
}

/** Whether a file contains more than types. */
function hasCode(file: string): boolean {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', minify: true });
  return code.trim() !== '';
}

/** The lines of each folder's files of the core, from `coverage/coverage-summary.json`, which c8 writes. */
function coreFolders(): Map<string, Lines> {
  const summary = JSON.parse(readFileSync(path.join(root, 'coverage/coverage-summary.json'), 'utf8')) as Record<
    string,
    { readonly lines: Lines }
  >;
  const folders = new Map<string, Lines>();
  for (const [file, { lines }] of Object.entries(summary)) {
    const name = path.relative(root, file).replaceAll(path.sep, '/');
    if (file === 'total' || atTheEdge.test(name) || !hasCode(file)) continue;
    const folder = path.posix.dirname(name);
    const { total, covered } = folders.get(folder) ?? { total: 0, covered: 0 };
    folders.set(folder, { total: total + lines.total, covered: covered + lines.covered });
  }
  return folders;
}

const percentages = [...coreFolders()].map(
  ([folder, { total, covered }]) => [folder, (100 * covered) / total] as const,
);
for (const [folder, percent] of percentages)
  console.log(`${percent.toFixed(1).padStart(5)} % of the lines of ${folder}`);
const below = percentages.filter(([, percent]) => percent < floor).map(([folder]) => folder);
if (percentages.length === 0) throw new Error('c8 has measured nothing');
if (below.length > 0) {
  console.error(`The unit tests run less than ${floor} % of the lines of ${below.join(', ')}`);
  process.exitCode = 1;
}
