import { delimiter } from 'node:path';
import type { ServiceConnection } from '../run-options';
import type { Inputs } from '../pipeline/step-inputs';
import type { Variables } from '../variables/variables';

/** The content of the environment of a task's process. */
interface EnvironmentSources {
  /** The agent's own environment. */
  readonly base: Readonly<Record<string, string>>;
  /** The step's `env:`, already expanded. */
  readonly step: Readonly<Record<string, string>>;
  readonly variables: Variables;
  readonly inputs: Inputs;
  readonly connections: readonly ServiceConnection[];
  readonly systemConnection: { readonly url: string; readonly accessToken: string };
  readonly taskVariables: Variables;
  /** Of `task.prependpath`, in the order they came. */
  readonly prependedPaths: readonly string[];
  /** Agents before 5.277.0 write variables over inputs and connections (microsoft/azure-pipelines-agent pull request 5606). */
  readonly variablesLast: boolean;
}

type PublicSources = Pick<EnvironmentSources, 'base' | 'step' | 'variables' | 'prependedPaths'>;
type Environment = Record<string, string>;

/**
 * The environment of a task; a later part overrides an earlier one (microsoft/azure-pipelines-agent NodeHandler.cs).
 */
export function taskEnvironment(sources: EnvironmentSources): Environment {
  const variables = { ...publicVariables(sources.variables), ...secretVariables(sources.variables) };
  const own = {
    ...rename(sources.inputs, (name) => `INPUT_${environmentName(name)}`),
    ...systemConnectionVariables(sources.systemConnection),
    ...Object.fromEntries(sources.connections.flatMap((connection) => Object.entries(connectionVariables(connection)))),
  };
  const environment = {
    ...sources.base,
    ...sources.step,
    ...(sources.variablesLast ? { ...own, ...variables } : { ...variables, ...own }),
    ...taskVariables(sources.taskVariables),
  };
  return { ...environment, ...prependPaths(environment, sources), TF_BUILD: 'True' };
}

/** What remains for the script of a `script:` step: its task keeps secrets and inputs from the shell. */
export function scriptEnvironment(sources: PublicSources): Environment {
  const environment = publicEnvironment(sources);
  return { ...environment, ...prependPaths(environment, sources), TF_BUILD: 'True' };
}

function publicEnvironment({ base, step, variables }: PublicSources): Environment {
  return { ...base, ...step, ...publicVariables(variables) };
}

/** The agent's form of a name: only `.` and spaces are replaced (microsoft/azure-pipelines-agent VarUtil.cs). */
export function environmentName(name: string, preserveCase = false): string {
  const replaced = name.replaceAll('.', '_').replaceAll(' ', '_');
  return preserveCase ? replaced : replaced.toUpperCase();
}

function publicVariables(variables: Variables): Environment {
  const list = variables.all().filter(({ secret }) => !secret);
  const entries = list.map(({ name, value, preserveCase }) => [environmentName(name, preserveCase), value]);
  const status = variables.get('agent.jobstatus');
  return {
    ...Object.fromEntries(entries),
    ...(status === undefined ? {} : { 'agent.jobstatus': status }),
  } as Environment;
}

function secretVariables(variables: Variables): Environment {
  const namesOf = (secret: boolean) => variables.all().flatMap((v) => (v.secret === secret ? [v.name] : []));
  const secrets = variables.all().filter(({ secret }) => secret);
  return {
    VSTS_PUBLIC_VARIABLES: JSON.stringify(namesOf(false)),
    ...Object.fromEntries(secrets.map((v) => [`SECRET_${environmentName(v.name, v.preserveCase)}`, v.value])),
    VSTS_SECRET_VARIABLES: JSON.stringify(namesOf(true)),
  };
}

function connectionVariables(connection: ServiceConnection): Environment {
  const key = connection.id.toLowerCase();
  return {
    ...authorization(key, connection.url, connection.scheme, connection.parameters),
    [`ENDPOINT_DATA_${key}`]: JSON.stringify(connection.data),
    ...rename(connection.data, (name) => `ENDPOINT_DATA_${key}_${environmentName(name)}`),
  };
}

function systemConnectionVariables({ url, accessToken }: EnvironmentSources['systemConnection']): Environment {
  return authorization('SYSTEMVSSCONNECTION', url, 'OAuth', { AccessToken: accessToken });
}

function authorization(key: string, url: string, scheme: string, parameters: Readonly<Record<string, string>>) {
  return {
    [`ENDPOINT_URL_${key}`]: URL.canParse(url) ? new URL(url).href : url,
    [`ENDPOINT_AUTH_${key}`]: JSON.stringify({ parameters, scheme }),
    [`ENDPOINT_AUTH_SCHEME_${key}`]: scheme,
    ...rename(parameters, (name) => `ENDPOINT_AUTH_PARAMETER_${key}_${environmentName(name)}`),
  };
}

function taskVariables(variables: Variables): Environment {
  const entries = variables.all();
  return Object.fromEntries(
    entries.map((v) => [`VSTS_TASKVARIABLE_${environmentName(v.name, v.preserveCase)}`, v.value]),
  );
}

function prependPaths(
  environment: Environment,
  { prependedPaths, variables }: Pick<EnvironmentSources, 'prependedPaths' | 'variables'>,
) {
  if (prependedPaths.length === 0) return {};
  const path = variables.get('PATH') ?? environment.PATH;
  return {
    PATH: [...prependedPaths]
      .reverse()
      .concat(path ?? [])
      .join(delimiter),
  };
}

function rename(values: Readonly<Record<string, string>>, name: (key: string) => string): Environment {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [name(key), value]));
}
