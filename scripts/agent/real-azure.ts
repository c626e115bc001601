import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPipeline } from '../../simulation/agent/pipeline/pipeline';
import type { JobResult } from '../../simulation/agent/job-result';
import { runJob } from '../../simulation/agent/run-job';
import type { RunOptions, ServiceConnection } from '../../simulation/agent/run-options';
import type { AgentNode } from '../../simulation/nodes/find-node';

/** A service principal with a client secret, as the SDKs for Azure read it from the environment. */
export interface Principal {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The variables that Azure's SDKs use. @throws Error with the name of the first that is missing. */
export function readPrincipal(environment: NodeJS.ProcessEnv): Principal {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`The environment variable ${name} is missing.`);
    return value;
  };
  return {
    tenantId: required('AZURE_TENANT_ID'),
    clientId: required('AZURE_CLIENT_ID'),
    clientSecret: required('AZURE_CLIENT_SECRET'),
  };
}

interface RealJob {
  readonly principal: Principal;
  readonly subscription: string;
  /** The name of the service connection in the pipeline. */
  readonly connection: string;
  readonly node: AgentNode;
  readonly tasks: string;
}

/** Runs a pipeline in the local agent against the real Azure, through the proxy of the environment if there is one. */
export async function runAgainstAzure(
  pipeline: string,
  { principal, subscription, connection, node, tasks }: RealJob,
  options: Partial<RunOptions> = {},
): Promise<JobResult> {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-agent-'));
  try {
    return await runJob(readPipeline(pipeline), {
      node: node.path,
      nodeKind: node.kind,
      tasks,
      workFolder: folder,
      // Only connections with workload identity federation send requests to Azure DevOps.
      systemConnection: { url: 'https://dev.azure.com/local/', accessToken: 'not-a-real-job-token' },
      serviceConnections: [toConnection(connection, subscription, principal)],
      environment: inheritedEnvironment(),
      ...options,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toConnection(name: string, subscription: string, principal: Principal): ServiceConnection {
  return {
    id: '1f0c1f0c-0000-4000-8000-000000000001',
    name,
    scheme: 'ServicePrincipal',
    url: 'https://management.azure.com/',
    parameters: {
      tenantid: principal.tenantId,
      serviceprincipalid: principal.clientId,
      authenticationType: 'spnKey',
      serviceprincipalkey: principal.clientSecret,
    },
    data: { environment: 'AzureCloud', subscriptionid: subscription, scopeLevel: 'Subscription' },
  };
}

/** Everything except the credentials of this process: scripts of the pipeline must not have them. */
function inheritedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('AZURE_'));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
