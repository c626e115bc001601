import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../package/definitions';
import { listTargets, listTasks, type Phases } from '../package/tasks';

/**
 * Copies the tasks to `folder` in the layout of a VSIX, but each phase runs its TypeScript source: no build is needed,
 * and a debugger shows the source.
 */
export function layOutSources(folder: string): void {
  for (const task of listTasks(root)) {
    const definition = path.join(root, task, 'task.json');
    mkdirSync(path.join(folder, task), { recursive: true });
    copyFileSync(definition, path.join(folder, task, 'task.json'));
    for (const target of listTargets(JSON.parse(readFileSync(definition, 'utf8')) as Phases)) {
      const source = path.join(root, task, `${path.basename(target, '.js')}.ts`);
      const entry = path.join(folder, task, target);
      mkdirSync(path.dirname(entry), { recursive: true });
      writeFileSync(entry, entryOf(source));
    }
  }
}

/** The phases load their wiring with `import()`, which has its own loader. */
function entryOf(source: string): string {
  const quote = (file: string) => JSON.stringify(file);
  const [cjs, esm] = [require.resolve('tsx/cjs'), require.resolve('tsx/esm/api')].map(quote);
  return `require(${cjs});\nrequire(${esm}).register();\nrequire(${quote(source)});\n`;
}
