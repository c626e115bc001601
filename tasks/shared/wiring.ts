import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { log, variables } from './agent/agent';
import { endpoints, requireGenuineConnection } from './agent/endpoints';
import { readAccessToken, readJob, type Job } from './agent/job';
import { readNetwork } from './agent/network-settings';
import type { Surroundings } from './agent/surroundings';
import { keepTokens, type TokenKeeper } from './sign-in/token-renewal';
import { systemClock as clock } from './clock';
import { readConnection, type Identity, type ServiceConnection } from './sign-in/connection';
import { failInput } from './errors/diagnosis';
import type { FailureContext } from './errors/explanation';
import { anonymousClient, azureClient, signInClient } from './http/clients';
import { createRequestIds } from './http/request-ids';
import type { RetryParts } from './http/retries';
import { stepInputMessages } from './messages/inputs';
import { placeOf } from './sign-in/connection-place';
import { createAssertionSource } from './sign-in/oidc';
import { missingFromAssertion, missingFromLogin } from './sign-in/response-shape';
import type { StepInputs } from './ports';
import type { PhaseTime } from './agent/phase';
import { createTransport } from './http/transport';

/** What both tasks need to talk to Azure. */
export interface Azure {
  readonly connection: ServiceConnection;
  readonly credential: TokenCredential;
  /** Begins to sign in for a token that a vault's challenge will require. */
  readonly prepareToken: (scope: string) => void;
  readonly client: HttpClient;
  /** The same without retries. */
  readonly clientWithoutRetries: HttpClient;
  /** For services other than Azure: sends no token and no ID. */
  readonly anonymousClient: HttpClient;
  /** The prefix of all client request IDs. */
  readonly requestIdPrefix: string;
  /** What the explanation of a failure shows about the connection. */
  readonly failureContext: FailureContext;
  /** For the `User-Agent` header: the organization, project and run. */
  readonly userAgent: string;
}

/** The settings with which a step connects. */
interface ConnectParts extends PhaseTime {
  readonly inputs: StepInputs;
  readonly surroundings: Surroundings;
  /** The step removes what its own record contains: nothing must prevent that. */
  readonly isClosing?: boolean;
  readonly onAttempt?: RetryParts['onAttempt'];
}

/** Connects the step to Azure with its service connection. Sends no request. */
export function connectAzure({ inputs, surroundings, isClosing, onAttempt, ...time }: ConnectParts): Azure {
  const id = readConnectionId(inputs);
  if (isClosing !== true) {
    requireGenuineConnection(id);
  }
  const connection = readConnection(id, endpoints);
  const job = readJob();
  const failureContext = describeConnection(connection, placeOf(id, surroundings.assertion.serverUrl, job.project));
  const parts: RetryParts = {
    transport: createTransport(readNetwork(surroundings)),
    clock,
    random: Math.random,
    log,
    signal: time.signal,
    deadline: time.deadline,
    ...(onAttempt === undefined ? {} : { onAttempt }),
  };
  const mask = (text: string) => {
    variables.mask([text]);
  };
  const accessToken = readAccessToken();
  const client = signInClient(parts, missingFromAssertion);
  const assertion = createAssertionSource(id, surroundings.assertion, { client, clock, mask, accessToken });
  const atMachine = connection.identity.kind === 'managed' ? onThisMachine : {};
  const login = signInClient({ ...parts, ...atMachine }, missingFromLogin);
  // Half of all the code: loaded while the first requests are pending.
  const createCredential = async () =>
    (await import('./sign-in/credential')).createCredential(connection, { client: login, assertion, failureContext });
  const ids = createRequestIds([job.organization, job.planId, job.jobId]);
  const tokens = keepTokens(createCredential, mask);
  const { withTokenRenewal } = tokens;
  return {
    connection,
    credential: tokens.credential,
    prepareToken: (scope) => {
      prepareToken(scope, connection.identity, tokens);
    },
    client: azureClient(parts, ids, withTokenRenewal),
    clientWithoutRetries: azureClient({ ...parts, attempts: 1 }, ids, withTokenRenewal),
    anonymousClient: anonymousClient(parts),
    requestIdPrefix: ids.prefix,
    failureContext,
    userAgent: userAgentOf(job),
  };
}

function prepareToken(scope: string, identity: Identity, tokens: TokenKeeper): void {
  // A managed identity's token is available on the machine, and the tenant in its challenge is not known here.
  if ('tenantId' in identity) {
    // Loading the SDK takes as long as a round trip, so requests that are ready are sent first.
    setImmediate(() => {
      tokens.prepare(scope, { tenantId: identity.tenantId, enableCae: true });
    });
  }
}

function describeConnection({ identity }: ServiceConnection, place: FailureContext['connection']): FailureContext {
  return {
    ...(identity.clientId === undefined ? {} : { clientId: identity.clientId }),
    ...('tenantId' in identity ? { tenantId: identity.tenantId } : {}),
    ...(place === undefined ? {} : { connection: place }),
  };
}

function readConnectionId(inputs: StepInputs): string {
  const name = 'connectedServiceName';
  return inputs.text(name) || failInput(name, stepInputMessages.connectionRequired);
}

/** A managed identity's endpoint answers immediately; on a machine without one, no answer arrives. */
const onThisMachine = { attempts: 3, attemptTimeout: 5_000 };

/** Header values are ASCII without line breaks; project names are not. */
function userAgentOf({ organization, project, buildId }: Job): string {
  const parts = [organization, project, buildId].filter((part) => part !== '');
  return ['PipelineTasksForAzureKeyVault', ...parts.map(encodeURIComponent)].join(' ');
}
