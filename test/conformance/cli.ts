import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { SimulatedAzure } from '../../simulation/azure/azure';
import type { AgentNetwork } from '../../simulation/azure/http/proxy';
import { requireAzureCli } from './cli-install';

/** How a command ended. */
export interface CliOutcome {
  /** 0 is success; 2 is a mistake in the command line; 3 is something that is not there (`az --help`, knack). */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The Azure CLI, unmodified, on a machine whose only way to the internet is a proxy of the simulated Azure. */
export interface Cli {
  /** Where it runs: files that a command names are found there. */
  readonly folder: string;
  /** Runs `az` with these arguments. */
  run(...args: readonly string[]): Promise<CliOutcome>;
  /** The JSON that `az` prints. @throws Error with what it complained of, when it fails. */
  ask(...args: readonly string[]): Promise<unknown>;
  /** Runs a line of shell in which `az` is the CLI; `variables` are there as `$name`. */
  shell(line: string, variables?: Readonly<Record<string, string>>): Promise<CliOutcome>;
  /** Forgets who has signed in. */
  close(): Promise<void>;
}

/**
 * Opens one that is not signed in: profile, home and extensions are in a folder of its own.
 *
 * @throws Error that says how to get it, when it is not installed.
 */
export async function openCli(azure: Pick<SimulatedAzure, 'caFile'>, { proxyUrl }: AgentNetwork): Promise<Cli> {
  const programs = requireAzureCli();
  const folder = await mkdtemp(join(tmpdir(), 'azure-cli-'));
  const environment = {
    PATH: `${programs}${delimiter}${process.env.PATH ?? ''}`,
    HOME: folder,
    HTTPS_PROXY: proxyUrl,
    HTTP_PROXY: proxyUrl,
    REQUESTS_CA_BUNDLE: azure.caFile,
    AZURE_CONFIG_DIR: join(folder, 'azure'),
    AZURE_EXTENSION_DIR: join(folder, 'extensions'),
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no',
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_NO_COLOR: 'yes',
    AZURE_CORE_SURVEY_MESSAGE: 'no',
  };
  const start = (program: string, args: readonly string[], more = {}) =>
    finish(program, args, { cwd: folder, env: { ...environment, ...more } });
  const run: Cli['run'] = (...args) => start(join(programs, 'az'), args);
  return {
    folder,
    run,
    ask: async (...args) => {
      const { status, stdout, stderr } = await run(...args);
      if (status !== 0) throw new Error(`az ${args.join(' ')} ended with ${status}:\n${stderr}`);
      return JSON.parse(stdout === '' ? 'null' : stdout) as unknown;
    },
    shell: (line, variables) => start('bash', ['-c', `set -o pipefail; ${line}`], variables),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Signs in with a client secret; the subscriptions that the CLI then knows. */
export function signIn(
  cli: Cli,
  who: { readonly tenantId: string; readonly clientId: string },
  secret: string,
): Promise<unknown> {
  const { tenantId, clientId } = who;
  return cli.ask('login', '--service-principal', '-u', clientId, '-p', secret, '--tenant', tenantId);
}

function finish(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<CliOutcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (child.exitCode === null) reject(error ?? new Error(`${program} was killed`));
      else resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}
