import { basename, join, resolve } from 'node:path';
import { environmentName } from '../environment-name';

/**
 * The process's environment. It is read only here, once, before any library loads. Every variable of the job becomes an
 * environment variable, and the output of any step can set those. Therefore, the variables that are read are in three
 * lists, which `docs/security.md` explains with their risks, and libraries can see no others.
 *
 * The agent writes inputs, service connections and task variables with uppercase names, and only exactly these are
 * read: a variable can keep its case (microsoft/azure-pipelines-agent Handler.cs). Agents before 5.277.0 write
 * variables last, over inputs and service connections (NodeHandler.cs, pull request 5606), which {@link
 * mayBeOverwritten} detects. A service connection is read as one JSON object, because a variable could otherwise add a
 * field to it.
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

/** Variables of the agent's machine, or of the step's own `env:`. A job variable with the same name replaces them. */
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
 * What libraries and the platform read. The machine's variables can contain the endpoint of its managed identity (App
 * Service, Container Instances, Azure Arc, Azure Machine Learning). Job variables must not change that: a variable that
 * a job variable has set is removed.
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

/** On Windows, names of variables are not case-sensitive, so the agent also overwrites variables with another case. */
const keyOf = (name: string) => (process.platform === 'win32' ? name.toUpperCase() : name);
const given = new Map(Object.entries(process.env).map(([name, value]) => [keyOf(name), value ?? '']));

/** The value of exactly this name; `''` if there is none. */
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

/** True if a variable of the job may have replaced what the agent wrote under this name. */
export function mayBeOverwritten(name: string): boolean {
  return publicNames.has(name.toUpperCase());
}

/** The value from the machine or from the step's `env:`; `isOfJob` if a variable of the job replaced it. */
export function readMachineVariable(name: (typeof machineVariables)[number]) {
  return { value: readExactly(name), isOfJob: publicNames.has(environmentName(name)) };
}

/**
 * The agent's work folder, `''` if this is not an agent: the agent has put this task into `_tasks/<name>/<version>` of
 * it. The variables that name it can be overwritten; the location of this program cannot.
 */
export const workFolder = findWorkFolder(process.argv[1] ?? '');

/** Which the agent empties at the end of the job. */
export const tempFolder = workFolder === '' ? '' : join(workFolder, '_temp');

function findWorkFolder(script: string): string {
  const tasks = resolve(script, '../../../..');
  return basename(tasks) === '_tasks' ? resolve(tasks, '..') : '';
}

/**
 * The agent's own folder, `''` if another Node than the agent's runs this (in a container, only the Node is visible).
 */
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
