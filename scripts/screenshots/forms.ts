import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readTask, root, taskFolders } from '../package/definitions';
import { composeFormPage, type FormTask } from './form-page';

async function readForms(): Promise<readonly [secrets: FormTask, access: FormTask]> {
  const [secrets, access] = await Promise.all(
    taskFolders.map(async (folder) => {
      const icon = (await readFile(resolve(root, folder, 'icon.png'))).toString('base64');
      return { definition: readTask(folder), icon: `data:image/png;base64,${icon}` };
    }),
  );
  if (secrets === undefined || access === undefined) throw new Error('there are two tasks');
  return [secrets, access];
}

const common = { connectedServiceName: 'contoso-federated', keyVaultName: 'contoso-kv' };
const rules = ['db-password   -> DB_PASSWORD', 'web-*         -> *', '!web-legacy-*', 'smtp.*        -> SMTP_*'];

/** The pages of both tasks' forms, by the names of their pictures. */
export async function composeForms(): Promise<Readonly<Record<string, string>>> {
  const [secrets, access] = await readForms();
  const values = { ...common, secretsFilter: rules.join('\n') };
  return {
    'keyvault-secrets-form.png': composeFormPage([access, secrets], secrets, values),
    'keyvault-agent-access-form.png': composeFormPage([access, secrets], access, common),
  };
}

/** SHA-256 of each form's page: shows without Chromium whether a picture matches the current task.json. */
export async function fingerprintForms(): Promise<Readonly<Record<string, string>>> {
  const pages = Object.entries(await composeForms());
  return Object.fromEntries(pages.map(([name, html]) => [name, createHash('sha256').update(html).digest('hex')]));
}
