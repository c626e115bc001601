import { execFileSync } from 'node:child_process';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { secretFolderMessages as messages } from '../messages/secret-files';

/**
 * Who has access, as security identifiers, which are the same in all languages of Windows. These are the owner of each
 * file, which is this agent's account, and the system and administrators: the agent that empties its temporary folder
 * can run as another account than the one that wrote there (container jobs).
 */
const allowed = ['*S-1-3-4', '*S-1-5-18', '*S-1-5-32-544'];

/** Starts a program; throws if it does not end with exit code 0. */
type RunProgram = (program: string, args: readonly string[], systemRoot: string) => void;

/**
 * Windows has no file modes: a file gets the permissions of its folder, and an agent's folder often lets every account
 * on the computer read it. Removes the inherited permissions of a folder. Call this while the folder is empty, because
 * files that are written later inherit its permissions.
 */
export function restrictFolder(folder: string, systemRoot: string | undefined, run: RunProgram = runProgram): void {
  try {
    const root = trustedRoot(systemRoot);
    const grants = allowed.map((identifier) => `${identifier}:(OI)(CI)F`);
    run(`${root}\\System32\\icacls.exe`, [folder, '/inheritance:r', '/grant:r', ...grants, '/q'], root);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new DiagnosedError(
      { code: 'AKV-SECRET-FILE', summary: messages.notRestricted(folder, reason), remedy: messages.remedy },
      { cause: error },
    );
  }
}

/** `SystemRoot` comes from the environment, which steps can change. Programs are not started from any other folder. */
function trustedRoot(systemRoot = ''): string {
  if (!/^[a-z]:\\windows$/i.test(systemRoot)) throw new Error(messages.foreignSystemRoot(systemRoot));
  return systemRoot;
}

/** Without this step's environment, which holds secrets. */
function runProgram(program: string, args: readonly string[], systemRoot: string): void {
  execFileSync(program, args, { stdio: 'ignore', windowsHide: true, env: { SystemRoot: systemRoot } });
}
