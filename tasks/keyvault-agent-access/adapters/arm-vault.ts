import { createKeyVaultManagement, type KeyVaultManagementContext } from '@azure/arm-keyvault/api';
import { get, list } from '@azure/arm-keyvault/api/vaults';
import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { requireMembers } from '../../shared/http/require-members';
import type { Cloud } from '../../shared/sign-in/cloud';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { answerError, readFault, type Answer } from '../../shared/errors/fault';
import { confineTo } from '../../shared/http/client';
import { parseRetryAfter } from '../../shared/http/retry';
import { connectionMessages } from '../messages/connection';
import { missingFromManager } from './response-shape';
import type { VaultManager, VaultPatch, VaultResource, WriteOutcome } from '../ports';
import type { VaultReference } from '../vault-reference';

/** What the adapter needs to reach Azure Resource Manager. */
export interface ManagerParts {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly client: HttpClient;
  readonly userAgent: string;
  readonly failureContext: FailureContext;
  readonly signal: AbortSignal;
}

/** Azure Resource Manager as far as the task uses it: find vaults, and manage the firewall of one. */
export interface ResourceManager {
  /** The vault's resource id. @throws DiagnosedError AKV-ARM-NOT-FOUND when the subscription has no such vault. */
  findVault(vault: VaultReference, subscriptionId: string, resourceGroup: string): Promise<string>;
  manage(resourceId: string): VaultManager;
}

/**
 * The version is pinned: a newer one could answer with another shape of what we write back. Azure retires every older
 * one on 2027-02-27.
 */
const apiVersion = '2026-02-01';

export function createResourceManager(parts: ManagerParts): ResourceManager {
  return {
    async findVault({ name, resourceId }, subscriptionId, resourceGroup) {
      if (resourceId !== undefined) {
        return resourceId;
      }
      const prefix = `/subscriptions/${subscriptionId}/resourceGroups/`;
      if (resourceGroup !== '') {
        return `${prefix}${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`;
      }
      return lookUp(name, connect(subscriptionId, parts), contextOf(parts, name));
    },
    manage(resourceId) {
      const [, , subscriptionId = '', , group = '', , , , name = ''] = resourceId.split('/');
      const context = { ...contextOf(parts, name), resourceId };
      const client = connect(subscriptionId, parts);
      return {
        read: (signal) => read(client, group, name, context, signal),
        write: (patch, signal) => write(client, resourceId, patch, { ...parts, context, signal }),
      };
    },
  };
}

function contextOf({ failureContext }: ManagerParts, vault: string): FailureContext {
  return { ...failureContext, vault };
}

function connect(
  subscriptionId: string,
  { cloud, credential, client, userAgent }: ManagerParts,
): KeyVaultManagementContext {
  return createKeyVaultManagement(credential, subscriptionId, {
    endpoint: cloud.resourceManager,
    credentials: { scopes: [`${cloud.resourceManager}/.default`] },
    apiVersion,
    httpClient: guard(cloud, client),
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: userAgent },
  });
}

/** The token goes to the cloud's own Azure Resource Manager only, and what answers has to be that. */
function guard({ resourceManager }: Cloud, client: HttpClient): HttpClient {
  return requireMembers(confineTo(new URL(resourceManager).host, client), missingFromManager);
}

/** Lists resources rather than vaults: that answer holds whatever the identity may read, without rights on the subscription. */
async function lookUp(name: string, client: KeyVaultManagementContext, context: FailureContext): Promise<string> {
  let refusal: Answer | undefined;
  // What the SDK throws for a refused page has no message of Azure's in it.
  const onResponse = (answer: Answer) => {
    refusal = answer.status >= 400 ? answer : undefined;
  };
  try {
    for await (const vault of list(client, { onResponse })) {
      if (vault.name?.toLowerCase() === name.toLowerCase() && vault.id !== undefined) {
        return vault.id;
      }
    }
  } catch (error) {
    throw explain(refusal === undefined ? error : answerError(refusal), context);
  }
  throw new DiagnosedError({ code: 'AKV-ARM-NOT-FOUND', ...connectionMessages.vaultUnseen(name) });
}

/** The answer's own JSON, because the SDK's models drop every member that they do not know. */
async function read(
  client: KeyVaultManagementContext,
  group: string,
  name: string,
  context: FailureContext,
  abortSignal: AbortSignal,
): Promise<VaultResource> {
  let body = '';
  try {
    const onResponse = ({ bodyAsText }: { bodyAsText?: string | null }) => {
      body = bodyAsText ?? '';
    };
    await get(client, group, name, { abortSignal, onResponse });
  } catch (error) {
    abortSignal.throwIfAborted();
    throw explain(error, context);
  }
  return JSON.parse(body) as VaultResource;
}

/** Sent once, whatever happens: a PATCH sent again would write an old state back. */
async function write(
  client: KeyVaultManagementContext,
  resourceId: string,
  patch: VaultPatch,
  parts: ManagerParts & { readonly context: FailureContext; readonly signal: AbortSignal },
): Promise<WriteOutcome> {
  const request = createPipelineRequest({
    url: `${parts.cloud.resourceManager}${resourceId}?api-version=${apiVersion}`,
    method: 'PATCH',
    headers: createHttpHeaders({ Accept: 'application/json', 'Content-Type': 'application/json' }),
    body: JSON.stringify(patch),
    abortSignal: parts.signal,
  });
  try {
    const response = await client.pipeline.sendRequest(guard(parts.cloud, parts.client), request);
    return judge(response, patch, parts.context);
  } catch (error) {
    parts.signal.throwIfAborted();
    return { kind: 'uncertain', reason: readFault(error).message, diagnosis: explain(error, parts.context).diagnosis };
  }
}

const repeatable = new Set([408, 409, 412, 425, 429, 500, 502, 503, 504]);
/** Of the 409s, those that no new attempt gets past. */
const finalConflicts = new Set(['ScopeLocked', 'AmbiguousPolicyEvaluationPaths']);

function judge(response: PipelineResponse, patch: VaultPatch, context: FailureContext): WriteOutcome {
  if (response.status === 200 || response.status === 201) {
    return { kind: 'written', resource: JSON.parse(response.bodyAsText ?? '') as VaultResource };
  }
  const error = answerError(response);
  const { diagnosis } = explain(error, context);
  const { code, message } = readFault(error);
  if (repeatable.has(response.status) && !finalConflicts.has(code)) {
    const waitFor = parseRetryAfter(response.headers.get('Retry-After'), Date.now());
    return {
      kind: 'uncertain',
      reason: `HTTP ${response.status} ${code}`,
      diagnosis,
      ...(waitFor === undefined ? {} : { waitFor }),
    };
  }
  // Azure has no field for it: a policy about tags says so in its name, which is in the message.
  const tagsRefused = patch.tags !== undefined && diagnosis.code === 'AKV-ARM-POLICY' && /\btags?\b/i.test(message);
  return { kind: 'refused', diagnosis, tagsRefused };
}
