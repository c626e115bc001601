import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The tasks' folders relative to the repository `folder`, e.g. `tasks/keyvault-secrets`. */
export function listTasks(folder) {
  const folders = readdirSync(path.join(folder, 'tasks'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const hasTask = (name) => readdirSync(path.join(folder, 'tasks', name)).includes('task.json');
  return folders
    .map(({ name }) => name)
    .filter(hasTask)
    .map((name) => `tasks/${name}`)
    .sort();
}
