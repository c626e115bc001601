import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { endpoints, log, readJob, stepInputs, variables } from './agent/agent';
import { readNetwork } from './agent/network-settings';
import { keepTokens } from './sign-in/token-renewal';
import { systemClock as clock } from './clock';
import { readConnection, type ServiceConnection } from './sign-in/connection';
import { failInput } from './errors/diagnosis';
import type { FailureContext } from './errors/explanation';
import { guardEnvironment } from './sign-in/environment';
import { createHttpClient, type HttpClientParts } from './http/client';
import { stepInputMessages } from './messages/inputs';
import { placeOf } from './sign-in/connection-place';
import { createAssertionSource } from './sign-in/oidc';
import type { PhaseSignal } from './agent/phase';
import { createTransport } from './http/transport';

/** What both tasks need to talk to Azure. */
export interface Azure {
  readonly connection: ServiceConnection;
  readonly credential: TokenCredential;
  /** Begins to sign in for a token that a vault's challenge is going to demand. */
  readonly prepareToken: (scope: string) => void;
  readonly client: HttpClient;
  /** The same without retries. */
  readonly plainClient: HttpClient;
  /** What a failure's explanation says of the connection. */
  readonly failureContext: FailureContext;
  /** For the `User-Agent` header: which organization, project and run asks. */
  readonly userAgent: string;
}

/** Connects the step to Azure by the service connection that it names; no request is made yet. */
export function connectAzure(signal: PhaseSignal, onAttempt?: HttpClientParts['onAttempt']): Azure {
  const id =
    stepInputs.text('connectedServiceName') || failInput('connectedServiceName', stepInputMessages.connectionRequired);
  const connection = readConnection(id, endpoints);
  const job = readJob();
  const failureContext = describeConnection(connection, placeOf(id, job));
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
  guardEnvironment(
    process.env,
    variables.list().map(({ name }) => name),
  );
  const login = connection.identity.kind === 'managed' ? createHttpClient({ ...parts, ...onThisMachine }) : client;
  // Half of all the code there is: loaded while the first requests are on their way.
  const sign = async () =>
    (await import('./sign-in/credential')).createCredential(connection, { client: login, assertion, failureContext });
  const tokens = keepTokens(sign, mask);
  return {
    connection,
    credential: tokens.credential,
    prepareToken: (scope) => {
      const { identity } = connection;
      // A managed identity's token is at hand on the machine, and which tenant its challenge names is not known here.
      if ('tenantId' in identity) {
        // Loading the SDK takes as long as a round trip, so what is ready to be sent goes first.
        setImmediate(() => {
          tokens.prepare(scope, { tenantId: identity.tenantId, enableCae: true });
        });
      }
    },
    client: tokens.renewing(client),
    plainClient: tokens.renewing(createHttpClient({ ...parts, attempts: 1 })),
    failureContext,
    userAgent: userAgentOf(job.organization, job.project, job.buildId),
  };
}

function describeConnection({ identity }: ServiceConnection, place: FailureContext['connection']): FailureContext {
  return {
    ...(identity.clientId === undefined ? {} : { clientId: identity.clientId }),
    ...('tenantId' in identity ? { tenantId: identity.tenantId } : {}),
    ...(place === undefined ? {} : { connection: place }),
  };
}

/** A managed identity's endpoint answers at once; on a machine without one nothing ever answers. */
const onThisMachine = { attempts: 3, attemptTimeout: 5_000 };

/** Header values are ASCII without line breaks; project names are not. */
function userAgentOf(...parts: string[]): string {
  return ['PipelineTasksForAzureKeyVault', ...parts.filter((part) => part !== '').map(encodeURIComponent)].join(' ');
}
