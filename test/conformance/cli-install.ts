import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder';

/** Pinned: `docs/conformance.md` says what this one does. */
export const azureCliVersion = '2.91.0';

/** The Python version that azure-cli's own package requires. */
const oldestPython = [3, 10] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The virtual environment of the Azure CLI: a folder of the user's cache, so that it is made once a version. */
export function azureCliFolder(environment: Environment = process.env): string {
  return join(cacheFolder(environment), `azure-cli-${azureCliVersion}`);
}

/** Written last: an interrupted installation must not look like a complete one. */
function markerOf(folder: string): string {
  return join(folder, 'complete');
}

/** The folder of the program `az`. @throws Error that says how to get it, when it is not installed. */
export function requireAzureCli(environment: Environment = process.env): string {
  const folder = azureCliFolder(environment);
  if (existsSync(markerOf(folder))) return join(folder, 'bin');
  throw new Error(`The Azure CLI ${azureCliVersion} is not here: npm run test:conformance:cli gets it or says why.`);
}

/**
 * Installs the Azure CLI into its folder, from the package index that pip is set up for, unless it is there. Takes some
 * minutes and 750 MB. Returns the reason when that fails, as a sentence.
 */
export async function obtainAzureCli(environment: Environment = process.env): Promise<string | undefined> {
  const folder = azureCliFolder(environment);
  if (existsSync(markerOf(folder))) return undefined;
  const python = await findPython(environment);
  if (python === undefined) {
    const wanted = `Python ${oldestPython.join('.')} or newer, as 'python3' or 'python'`;
    return refusal([`${wanted}, is not on this machine (https://www.python.org/downloads/).`]);
  }
  try {
    await rm(folder, { recursive: true, force: true });
    await run(python, ['-m', 'venv', folder], environment);
    const options = ['--disable-pip-version-check', '--no-input', '--quiet'];
    const pip = ['-m', 'pip', 'install', ...options, `azure-cli==${azureCliVersion}`];
    await run(join(folder, 'bin', 'python'), pip, environment);
    await writeFile(markerOf(folder), '');
    return undefined;
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    return refusal((stderr === undefined || stderr === '' ? message : stderr).trim().split('\n'));
  }
}

/** The first Python on the path that is new enough. */
async function findPython(environment: Environment): Promise<string | undefined> {
  for (const name of ['python3', 'python']) {
    const check = `import sys; sys.exit(sys.version_info < (${oldestPython.join(', ')}))`;
    const isNewEnough = await run(name, ['-c', check], environment).then(
      () => true,
      () => false,
    );
    if (isNewEnough) return name;
  }
  return undefined;
}

function run(program: string, args: readonly string[], environment: Environment): Promise<unknown> {
  return promisify(execFile)(program, args, { env: environment });
}

function refusal(reasons: readonly string[]): string {
  return [`The Azure CLI ${azureCliVersion} could not be had.`, ...reasons.map((line) => `    ${line}`)].join('\n');
}
