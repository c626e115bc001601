import { execFileSync } from 'node:child_process';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { secretFolderMessages as messages } from '../messages/secret-files';

/**
 * Who has access, as security identifiers, which are the same in every language of Windows: the owner of each file,
 * which is this agent's account, and as on any machine those who administer it, because the agent that empties its
 * temporary folder may be another account than the one that wrote there (container jobs).
 */
const allowed = ['*S-1-3-4', '*S-1-5-18', '*S-1-5-32-544'];

/** Starts a program; throws when it does not end with exit code 0. */
type RunProgram = (program: string, args: readonly string[], systemRoot: string) => void;

/**
 * Windows has no file modes: a file has the permissions of its folder, and an agent's folder often lets every account
 * on the machine read it. Cuts a folder off from what it has inherited. To be called while the folder is empty; what is
 * written into it later inherits.
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

/** `SystemRoot` comes from the environment, which steps can change: nothing is started from any other folder. */
function trustedRoot(systemRoot = ''): string {
  if (!/^[a-z]:\\windows$/i.test(systemRoot)) throw new Error(messages.foreignSystemRoot(systemRoot));
  return systemRoot;
}

/** Without this step's environment, which holds secrets. */
function runProgram(program: string, args: readonly string[], systemRoot: string): void {
  execFileSync(program, args, { stdio: 'ignore', windowsHide: true, env: { SystemRoot: systemRoot } });
}
