import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, isAbsolute } from 'node:path';
import { filePathMessages } from '../messages/operations';
import type { SecretFiles } from '../ports';
import { restrictFolder } from './windows-acl';

/**
 * Files in a separate folder below the agent's temporary folder, which the agent empties at the end of the job. Other
 * accounts cannot read them.
 */
export function createSecretFiles(tempFolder: () => string): SecretFiles {
  let folder: string | undefined;
  return {
    write: (relativePath, bytes) => {
      folder ??= createFolder(tempFolder());
      const path = join(folder, relativePath);
      const inside = relative(folder, path);
      if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
        throw new Error(filePathMessages.leftFolder(relativePath));
      }
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, bytes, { mode: 0o600 });
      return path;
    },
  };
}

function createFolder(tempFolder: string): string {
  const folder = mkdtempSync(join(tempFolder, 'keyvault-secrets-'));
  if (process.platform === 'win32') restrictFolder(folder, process.env.SystemRoot);
  return folder;
}
