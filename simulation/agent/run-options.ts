import type { ChildProcess } from 'node:child_process';
import type { Phase } from './job-result';
import type { JobVariable, Restrictions, Step } from './job';

/** A service connection as the server hands it to the job. */
export interface ServiceConnection {
  /** A lowercase GUID; pipelines name the connection by this or by `name`. */
  readonly id: string;
  readonly name: string;
  /** `WorkloadIdentityFederation`, `ServicePrincipal`, `ManagedServiceIdentity`, ... */
  readonly scheme: string;
  readonly url: string;
  /** Authorization parameters, e.g. `tenantid`, `serviceprincipalid`, `serviceprincipalkey`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** E.g. `subscriptionid`, `environment`. */
  readonly data: Readonly<Record<string, string>>;
}

/** How long the agent waits for a process, in milliseconds. */
export interface Waits {
  /** From SIGINT to SIGTERM; the agent's default is 7500. */
  readonly interrupt: number;
  /** From SIGTERM to SIGKILL; the agent's default is 2500. */
  readonly terminate: number;
  /** For grandchildren that hold the pipes of a process that has ended; the agent's is 5000. */
  readonly pipes: number;
  /** From `task.complete done=true` until the step is over; the agent's is 5000. */
  readonly done: number;
  /** The unit of the pause before a retry, which is (attempt + 1) squared of it; the agent's is 1000. */
  readonly retry: number;
}

/** The proxy the agent was configured with. */
interface AgentProxy {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Regular expressions, as in the agent's `.proxybypass`. */
  readonly bypass?: readonly string[];
  /** Set by VSTS_HTTP_PROXY instead of `config.sh --proxyurl`: the agent then has no file with the proxy. */
  readonly fromEnvironment?: boolean;
}

/** The certificate files the agent was configured with. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly archive: string;
  readonly password?: string;
}

/** The machine and the run of the job. */
export interface RunOptions {
  /** Path of the node binary that runs the tasks. */
  readonly node: string;
  /** `20`: the server flag for Node 24 is off, so a Node24 handler's target runs on Node 20. `24`: it is on. */
  readonly nodeKind: '20' | '24';
  /** Folder of an unpacked VSIX: task folders, each with a task.json, at any of its first two levels. */
  readonly tasks: string;
  /** The agent's `_work`, in a folder that becomes the agent's own. Two jobs must not share one at the same time. */
  readonly workFolder: string;
  readonly systemConnection: { readonly url: string; readonly accessToken: string };
  readonly serviceConnections?: readonly ServiceConnection[];
  /** Variables of the run; they override predefined ones, and the pipeline's own override them. */
  readonly variables?: readonly JobVariable[];
  readonly hostType?: HostType;
  readonly proxy?: AgentProxy;
  /** Becomes `AGENT_CAINFO`. */
  readonly caFile?: string;
  readonly skipCertificateValidation?: boolean;
  readonly clientCertificate?: ClientCertificate;
  /** Apply to every step, in addition to those of the task and of the step. */
  readonly restrictions?: Restrictions;
  /** The agent's own environment; by default only what a process needs to start. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly agentVersion?: string;
  readonly waits?: Partial<Waits>;
  /** Cancels the job. */
  readonly signal?: AbortSignal;
  /** Called with each line of the log, already masked, as soon as it is written. */
  readonly onLine?: (line: string) => void;
  /** Called with each process right after its start, for experiments such as killing it. */
  readonly onProcess?: (step: Step, phase: Phase, child: ChildProcess) => void;
}

export type HostType = 'build' | 'release' | 'deployment';

const agentWaits: Waits = { interrupt: 7500, terminate: 2500, pipes: 5000, done: 5000, retry: 1000 };

/** The agent's waits (microsoft/azure-pipelines-agent ProcessInvoker.cs and RetryHelper.cs), shortened by the options. */
export function waitsOf(options: RunOptions): Waits {
  return { ...agentWaits, ...options.waits };
}

const inherited = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP'];

/** The environment that the agent itself runs in. */
export function agentEnvironment(options: RunOptions): Record<string, string> {
  if (options.environment) return { ...options.environment };
  return Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
