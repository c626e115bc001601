import { readFileSync } from 'node:fs';
import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { getProxyForUrl } from 'proxy-from-env';
import { endpoints, log, readAgentProxy, readAuthorityFile, readJob, stepInputs, variables } from './agent';
import { systemClock as clock } from './clock';
import { readConnection, type ServiceConnection } from './connection';
import { createCredential } from './credential';
import { DiagnosedError, failInput } from './diagnosis';
import { createHttpClient, type HttpClientParts } from './http-client';
import type { NetworkSettings } from './network';
import { createAssertionSource } from './oidc';
import { createTransport } from './transport';

/** What both tasks need to talk to Azure. */
export interface Azure {
  readonly connection: ServiceConnection;
  readonly credential: TokenCredential;
  readonly client: HttpClient;
  /** The same without retries. */
  readonly plainClient: HttpClient;
  /** Application id of the connection's identity; absent for a system-assigned managed identity. */
  readonly clientId?: string;
  /** For the `User-Agent` header: which organization, project and run asks. */
  readonly userAgent: string;
}

/** Connects the step to Azure by the service connection that it names; no request is made yet. */
export function connectAzure(signal: AbortSignal, onAttempt?: HttpClientParts['onAttempt']): Azure {
  const id =
    stepInputs.text('connectedServiceName') || failInput('connectedServiceName', 'a service connection is required.');
  const connection = readConnection(id, endpoints);
  const job = readJob();
  const parts: HttpClientParts = {
    transport: createTransport(readNetwork()),
    clock,
    random: Math.random,
    log,
    signal,
    ...(onAttempt === undefined ? {} : { onAttempt }),
  };
  const client = createHttpClient(parts);
  const mask = (text: string) => {
    variables.mask(text);
  };
  const assertion = createAssertionSource(id, job.oidc, { client, clock, mask });
  const credential = createCredential(connection, { client, assertion, mask, environment: process.env });
  const { clientId } = connection.identity;
  return {
    connection,
    credential,
    client,
    plainClient: createHttpClient({ ...parts, retries: false }),
    ...(clientId === undefined ? {} : { clientId }),
    userAgent: userAgentOf(job.organization, job.project, job.buildId),
  };
}

function readNetwork(): NetworkSettings {
  const agentProxy = readAgentProxy();
  return {
    ...(agentProxy === undefined ? {} : { agentProxy }),
    extraAuthorities: readAuthorities(),
    environmentProxy: getProxyForUrl,
  };
}

/**
 * Node adds NODE_EXTRA_CA_CERTS by itself only as long as nobody names authorities; with the agent's own file both have
 * to be named.
 */
function readAuthorities(): readonly string[] {
  const agentFile = readAuthorityFile();
  if (agentFile === '') {
    return [];
  }
  return [agentFile, process.env.NODE_EXTRA_CA_CERTS ?? ''].filter((path) => path !== '').map(readAuthority);
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DiagnosedError(
      {
        code: 'AKV-TLS',
        summary: `The agent's certificate authority file '${path}' cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        remedy: ['Configure the agent with --sslcacert and a file that its account can read.'],
      },
      { cause: error },
    );
  }
}

/** Header values are ASCII without line breaks; project names are not. */
function userAgentOf(...parts: string[]): string {
  return ['PipelineTasksForAzureKeyVault', ...parts.filter((part) => part !== '').map(encodeURIComponent)].join(' ');
}
