// First, because it decides what the task library prints when it loads.
import { knownVariables } from './quiet-task-lib';
import { readExactly } from './agent-environment';
import * as tl from 'azure-pipelines-task-lib/task';
import { withSwitchesFor } from './agent-switch';
import type { EndpointReader } from '../sign-in/connection';
import type { Log, PhaseMemory, PipelineVariable, PipelineVariables, StepInputs } from '../ports';
import type { Job } from './job';
import type { AgentProxy, ClientCertificatePaths } from '../http/proxy';
import { printableLine, printableLines } from './printable';

/* The ports of host.ts on a real agent. Nothing else imports the task library: it prints and writes when it loads. */

export const stepInputs: StepInputs = {
  text: (name) => (tl.getInput(name) ?? '').trim(),
};

export const log: Log = {
  info: (text) => {
    printLines(text, '');
  },
  debug: (text) => {
    printableLines(text).forEach((line) => {
      tl.debug(line);
    });
  },
  warning: (text) => {
    tl.warning(printableLines(text).join('\n'));
  },
  heading: (text) => {
    printLines(text, '##[section]');
  },
};

function printLines(text: string, format: string): void {
  process.stdout.write(
    printableLines(text)
      .map((line) => `${format}${line}\n`)
      .join(''),
  );
}

export const variables: PipelineVariables = {
  mask: (text) => {
    // Not tl.setSecret, which refuses several lines; the agent does not, and the command escapes them.
    if (text !== '') {
      tl.command('task.setsecret', {}, text);
    }
  },
  set: (variable) => {
    setVariable(variable, false);
  },
  setOutput: (variable) => {
    setVariable(variable, true);
  },
  // Not tl.getVariables, which would print every value to the debug stream.
  list: () => knownVariables.map(({ name, secret }) => ({ name, secret })),
};

function setVariable(given: PipelineVariable, output: boolean): void {
  const write = (name: string, value: string) => {
    tl.setVariable(name, value);
  };
  withSwitchesFor(given, { read: variable, write }, () => {
    tl.setVariable(given.name, given.value, given.secret, output);
  });
}

export const memory: PhaseMemory = {
  // Not tl.getTaskVariable, to which a variable of any step passes for one if its name differs in case.
  read: (name) => readExactly(`VSTS_TASKVARIABLE_${name.toUpperCase()}`) || undefined,
  remember: (name, text) => {
    tl.setTaskVariable(name, text, false);
    return flushed();
  },
};

/** Resolves when everything written so far has been handed to the agent's pipe. */
function flushed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => {
      resolve();
    });
  });
}

export const endpoints: EndpointReader = {
  scheme: (id) => tl.getEndpointAuthorizationScheme(id, true) ?? '',
  parameter: (id, name) => tl.getEndpointAuthorizationParameter(id, name, true) ?? '',
  data: (id, name) => tl.getEndpointDataParameter(id, name, true) ?? '',
};

/** The agent's proxy, or `undefined` when it has none. */
export function readAgentProxy(): AgentProxy | undefined {
  const proxy = tl.getHttpProxyConfiguration();
  return proxy === null
    ? undefined
    : {
        url: proxy.proxyUrl,
        username: proxy.proxyUsername ?? '',
        password: proxy.proxyPassword ?? '',
        bypass: proxy.proxyBypassHosts ?? [],
      };
}

/** Path of the agent's extra certificate authorities (`--sslcacert`), or `''`. */
export function readAuthorityFile(): string {
  return variable('Agent.CAInfo');
}

/** Paths of the agent's own client certificate and key (`--sslclientcert`), or `undefined` when it has none. */
export function readClientCertificatePaths(): ClientCertificatePaths | undefined {
  const certificate = variable('Agent.ClientCert');
  return certificate === ''
    ? undefined
    : { certificate, key: variable('Agent.ClientCertKey'), password: variable('Agent.ClientCertPassword') };
}

/** What the agent says of the job that this step is part of. */
export function readJob(): Job {
  const system = 'SYSTEMVSSCONNECTION';
  return {
    organization: variable('System.CollectionUri'),
    project: variable('System.TeamProject'),
    buildId: variable('Build.BuildId') || variable('Release.ReleaseId'),
    tempFolder: variable('Agent.TempDirectory'),
    stepId: variable('System.TaskInstanceId'),
    oidc: {
      requestUri: variable('System.OidcRequestUri'),
      collectionUri:
        variable('System.CollectionUri') ||
        variable('System.TeamFoundationCollectionUri') ||
        variable('System.TeamFoundationServerUri'),
      serverUrl: tl.getEndpointUrl(system, true) ?? '',
      accessToken: tl.getEndpointAuthorizationParameter(system, 'AccessToken', true) ?? '',
      projectId: variable('System.TeamProjectId'),
      hub: variable('System.HostType'),
      planId: variable('System.PlanId'),
      jobId: variable('System.JobId'),
    },
  };
}

function variable(name: string): string {
  return tl.getVariable(name) ?? '';
}

/** Adds Markdown to the run's summary page. The file has to stay: the agent uploads it at the end of the job. */
export function uploadSummary(path: string): void {
  tl.uploadSummary(path);
}

/** Ends the step well; `sentence` is shown beside its result, unmasked, so it may hold no secret. */
export function succeed(sentence: string): void {
  tl.setResult(tl.TaskResult.Succeeded, printableLine(sentence));
}

/** Ends the step as failed. */
export function fail(text: string): void {
  tl.setResult(tl.TaskResult.Failed, printableLines(text).join('\n'));
}

/** Ends the step as skipped, which the run shows in grey. */
export function skip(reason: string): void {
  log.info(reason);
  tl.setResult(tl.TaskResult.Skipped, printableLine(reason));
}

/** Ends the step as succeeded with a warning. */
export function succeedWithIssues(text: string): void {
  tl.setResult(tl.TaskResult.SucceededWithIssues, printableLines(text).join('\n'));
}
