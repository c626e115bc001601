import { basename, join, resolve } from 'node:path';
import { environmentName } from '../environment-name';

/**
 * The process's environment, read here and nowhere else, once, before any library loads. Every variable of the job
 * becomes an environment variable, and any step's output can set those, so what is read is in three lists, each
 * explained with its dangers in `docs/security.md`, and libraries get to see no other ones.
 *
 * The agent writes inputs, service connections and task variables under names in upper case, and so exactly these are
 * read: a variable can keep its case (microsoft/azure-pipelines-agent Handler.cs). Agents before 5.277.0 write variables
 * last, over inputs and service connections (NodeHandler.cs, pull request 5606); {@link mayBeOverwritten} tells. A service
 * connection is read as JSON, as a whole: a variable could add a field to it that it does not have.
 */
export const jobVariables = [
  'Agent.CAInfo',
  'Agent.ClientCert',
  'Agent.ClientCertKey',
  'Agent.ClientCertPassword',
  'Agent.ProxyBypassList',
  'Agent.ProxyPassword',
  'Agent.ProxyUrl',
  'Agent.ProxyUsername',
  'Build.BuildId',
  'DECODE_PERCENTS',
  'Release.ReleaseId',
  'System.CollectionUri',
  'System.Debug',
  'System.HostType',
  'System.JobId',
  'System.OidcRequestUri',
  'System.PlanId',
  'System.TaskInstanceId',
  'System.TeamFoundationCollectionUri',
  'System.TeamFoundationServerUri',
  'System.TeamProject',
  'System.TeamProjectId',
  'SYSTEM_UNSAFEALLOWMULTILINESECRET',
] as const;

/** Variables of the agent's machine, or of the step's own `env:`. A job variable of the same name replaces them. */
export const machineVariables = [
  'ALL_PROXY',
  'all_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
] as const;

/**
 * What libraries and the platform below them read. Where the machine says how its managed identity is asked (App Service,
 * Container Instances, Azure Arc, Azure Machine Learning), a job variable must not: one that it has set is taken away.
 */
export const libraryVariables = [
  'DEFAULT_IDENTITY_CLIENT_ID',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'IDENTITY_SERVER_THUMBPRINT',
  'IMDS_ENDPOINT',
  'MSI_ENDPOINT',
  'MSI_SECRET',
  'PATH',
  'ProgramData',
  'ProgramFiles',
  'SystemDrive',
  'SystemRoot',
  'windir',
] as const;

/** Windows finds a variable whatever the case of its name, and the agent overwrites it there in any case. */
const keyOf = (name: string) => (process.platform === 'win32' ? name.toUpperCase() : name);
const given = new Map(Object.entries(process.env).map(([name, value]) => [keyOf(name), value ?? '']));

/** The value under exactly this name; `''` when there is none. */
export function readExactly(name: string): string {
  return given.get(keyOf(name)) ?? '';
}

interface KnownVariable {
  readonly name: string;
  readonly secret: boolean;
}

function parseNames(list: string, secret: boolean): readonly KnownVariable[] {
  const names: unknown = JSON.parse(list || '[]');
  return Array.isArray(names) ? names.map((name) => ({ name: String(name), secret })) : [];
}

/** The job's variables at the start of the step. */
export const knownVariables: readonly KnownVariable[] = [
  ...parseNames(readExactly('VSTS_PUBLIC_VARIABLES'), false),
  ...parseNames(readExactly('VSTS_SECRET_VARIABLES'), true),
];

const namesOf = (secret: boolean) =>
  new Set(knownVariables.filter((known) => known.secret === secret).map(({ name }) => environmentName(name)));
const [publicNames, secretNames] = [namesOf(false), namesOf(true)];

/** The value of a variable of the job; `''` when there is none. */
export function readVariable(name: (typeof jobVariables)[number]): string {
  const key = environmentName(name);
  return readExactly(secretNames.has(key) ? `SECRET_${key}` : key);
}

/** True when a variable of the job may stand under this name in the environment, in the place of what the agent wrote. */
export function mayBeOverwritten(name: string): boolean {
  return publicNames.has(name.toUpperCase());
}

/** What the machine or the step's `env:` says; `isOfJob` when a variable of the job says it in their place. */
export function readMachineVariable(name: (typeof machineVariables)[number]) {
  return { value: readExactly(name), isOfJob: publicNames.has(environmentName(name)) };
}

/**
 * The agent's work folder, `''` when this is no agent: the agent has put this task into `_tasks/<name>/<version>` of it.
 * The variables that name it could be overwritten; where this program lies cannot.
 */
export const workFolder = findWorkFolder(process.argv[1] ?? '');

/** Which the agent empties at the end of the job. */
export const tempFolder = workFolder === '' ? '' : join(workFolder, '_temp');

function findWorkFolder(script: string): string {
  const tasks = resolve(script, '../../../..');
  return basename(tasks) === '_tasks' ? resolve(tasks, '..') : '';
}

/** The agent's own folder, `''` when another Node than the agent's runs this (in a container, only the Node is there). */
export const agentFolder = findAgentFolder(process.execPath);

function findAgentFolder(node: string): string {
  const externals = resolve(node, '../../..');
  return basename(externals) === 'externals' ? resolve(externals, '..') : '';
}

function leaveOnlyWhatLibrariesNeed(): void {
  const needed = new Set(libraryVariables.filter((name) => !publicNames.has(name.toUpperCase())).map(keyOf));
  for (const name of Object.keys(process.env).filter((one) => !needed.has(keyOf(one)))) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment is edited by key
    delete process.env[name];
  }
}

leaveOnlyWhatLibrariesNeed();
