import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPipeline } from './agent/pipeline/pipeline';
import type { JobResult } from './agent/job-result';
import { runJob } from './agent/run-job';
import type { RunOptions, ServiceConnection } from './agent/run-options';
import { startAzure, type AzureOptions, type SimulatedAzure } from './azure/azure';
import { settleContoso, type Contoso } from './azure/contoso';
import type { AgentNetwork, Egress } from './azure/http/proxy';
import type { VaultBehavior } from './azure/world';

/** A simulated Azure with Contoso in it, and local agents that run Contoso's pipelines. */
export interface Workplace {
  readonly azure: SimulatedAzure;
  readonly contoso: Contoso;
  /**
   * Runs a pipeline on a new agent. By default it reaches Azure from the address 20.50.1.10, and the pipeline may use
   * the service connections `contoso-federated` and `contoso-secret`.
   */
  run(pipeline: string, options: JobOptions): Promise<JobResult>;
  /** ARM's JSON of Contoso's vault, apart from `systemData`, which says when it was last written. */
  vaultJson(): string;
  stop(): Promise<void>;
}

/** What differs between jobs; the rest is the same for all of Contoso's. */
export interface JobOptions extends Partial<Omit<RunOptions, 'node' | 'nodeKind' | 'tasks'>> {
  readonly node: { readonly kind: '20' | '24'; readonly path: string };
  /** Folder of the unpacked VSIX. */
  readonly tasks: string;
  /** Where the agent is; the vault sees its addresses. */
  readonly network?: Partial<Egress>;
}

/** The behavior of the workplace's Azure and its vault. */
export interface WorkplaceOptions extends AzureOptions {
  readonly vault?: VaultBehavior;
}

/** Opens a workplace; the caller must stop it. */
export async function openWorkplace(options: WorkplaceOptions = {}): Promise<Workplace> {
  const azure = await startAzure(options);
  const contoso = settleContoso(azure, options.vault);
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-workplace-'));
  return {
    azure,
    contoso,
    run: (pipeline, jobOptions) => runOnAgent({ azure, contoso, folder }, pipeline, jobOptions),
    vaultJson: () => JSON.stringify({ ...azure.vaultResource(contoso.vault), systemData: undefined }),
    stop: async () => {
      await azure.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What an agent needs: an Azure, simulated or real, with Contoso in it, and a folder for its work. */
interface AgentSite {
  readonly azure: Pick<SimulatedAzure, 'caFile' | 'connectFrom'>;
  readonly contoso: Contoso;
  readonly folder: string;
}

/** Runs a pipeline on a new agent, see {@link Workplace.run}. */
export async function runOnAgent(
  { azure, contoso, folder }: AgentSite,
  pipeline: string,
  options: JobOptions,
): Promise<JobResult> {
  const { node, network, ...rest } = options;
  const connection: AgentNetwork = await azure.connectFrom({ addresses: ['20.50.1.10'], ...network });
  try {
    return await runJob(readPipeline(pipeline), {
      node: node.path,
      nodeKind: node.kind,
      workFolder: join(await mkdtemp(join(folder, 'agent-')), '_work'),
      systemConnection: { url: 'https://dev.azure.com/contoso/', accessToken: contoso.job.token },
      serviceConnections: serviceConnectionsOf(contoso),
      proxy: { url: connection.proxyUrl },
      caFile: azure.caFile,
      ...rest,
      variables: [...jobVariables(contoso), ...(rest.variables ?? [])],
    });
  } finally {
    await connection.stop();
  }
}

/** Contoso's two connections: one by workload identity federation, one by client secret. */
export function serviceConnectionsOf({
  application,
  clientSecret,
  connection,
  subscription,
  tenant,
}: Contoso): ServiceConnection[] {
  const identity = { tenantid: tenant.id, serviceprincipalid: application.clientId };
  const common = {
    url: 'https://management.azure.com/',
    data: {
      environment: 'AzureCloud',
      subscriptionid: subscription.id,
      subscriptionname: 'Contoso',
      scopeLevel: 'Subscription',
    },
  };
  return [
    {
      ...common,
      id: connection.id,
      name: 'contoso-federated',
      scheme: 'WorkloadIdentityFederation',
      parameters: {
        ...identity,
        workloadIdentityFederationIssuer: connection.issuer,
        workloadIdentityFederationSubject: connection.subject,
      },
    },
    {
      ...common,
      id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      name: 'contoso-secret',
      scheme: 'ServicePrincipal',
      parameters: { ...identity, authenticationType: 'spnKey', serviceprincipalkey: clientSecret },
    },
  ];
}

function jobVariables({ job }: Contoso) {
  const variable = (name: string, value: string) => ({ name, value, secret: false });
  return [
    variable('System.TeamProjectId', job.projectId),
    variable('System.PlanId', job.planId),
    variable('System.JobId', job.jobId),
    variable(
      'System.OidcRequestUri',
      `https://dev.azure.com/${job.organization}/${job.projectId}/_apis/distributedtask/hubs/${job.hub}/plans/${job.planId}/jobs/${job.jobId}/oidctoken`,
    ),
  ];
}
