import { createKeyVaultManagement, type KeyVaultManagementContext } from '@azure/arm-keyvault/api';
import { get } from '@azure/arm-keyvault/api/vaults';
import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import type { Cloud } from '../../shared/sign-in/cloud';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { readFault, type Answer } from '../../shared/errors/fault';
import { serviceClient } from '../../shared/http/service-client';
import { connectionMessages } from '../messages/connection';
import type { ServiceParts } from './service-parts';
import { vaultsIn } from './arm-vault-list';
import { missingFromArm } from './response-shape';
import { readingOf, toOutcome } from './vault-answer';
import { renderVaultId, requireVaultId, type VaultId } from '../resource-ids/vault-id';
import { hasLeaseTag } from '../protocol/lease';
import { VaultGone } from '../ports/vault';
import type { ManagedVaultReference } from '../inputs/inputs';
import type { ArmVault, VaultPatch, VaultReading, WriteOutcome } from '../ports/vault';

/** What the adapter needs to reach Azure Resource Manager. */
interface ArmParts extends ServiceParts {
  readonly signal: AbortSignal;
}

/** Azure Resource Manager as far as the task uses it: find vaults, and manage the firewall of one. */
export interface ResourceManager {
  /** The vault's resource id. @throws DiagnosedError AKV-ARM-NOT-FOUND when the subscription has no such vault. */
  findVault(vault: ManagedVaultReference, subscriptionId: string, resourceGroup: string): Promise<string>;
  /** Resource ids of the vaults of a subscription that have a lease, as far as the identity can read them. */
  listLeased(subscriptionId: string): Promise<readonly string[]>;
  manage(resourceId: string): ArmVault;
}

/**
 * The version is pinned: a newer one could answer with another shape of what we write back. Azure retires every older
 * one on 2027-02-27.
 */
const apiVersion = '2026-02-01';

export function createResourceManager(parts: ArmParts): ResourceManager {
  return {
    async findVault({ name, resourceId }, subscriptionId, resourceGroup) {
      if (resourceId !== undefined) {
        return resourceId;
      }
      if (resourceGroup !== '') {
        return renderVaultId({ subscriptionId, resourceGroup, name });
      }
      return lookUp(name, subscriptionId, parts);
    },
    listLeased: (subscriptionId) => listLeased(subscriptionId, parts),
    manage(resourceId) {
      const id = requireVaultId(resourceId);
      const context = { ...contextOf(parts, id.name), resourceId };
      const client = connect(id.subscriptionId, parts);
      return {
        get: (signal) => read(client, id, context, signal),
        patch: (patch, signal) => write(client, id, patch, { ...parts, context, signal }),
      };
    },
  };
}

function contextOf({ failureContext }: ArmParts, vault: string): FailureContext {
  return { ...failureContext, vault };
}

function connect(
  subscriptionId: string,
  { cloud, credential, client, userAgent }: ArmParts,
): KeyVaultManagementContext {
  return createKeyVaultManagement(credential, subscriptionId, {
    endpoint: cloud.resourceManager,
    credentials: { scopes: [`${cloud.resourceManager}/.default`] },
    apiVersion,
    httpClient: restrict(cloud, client),
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: userAgent },
  });
}

/** The token goes to the cloud's own Azure Resource Manager only, and what answers has to be that. */
function restrict({ resourceManager }: Cloud, client: HttpClient): HttpClient {
  return serviceClient(client, resourceManager, missingFromArm);
}

async function lookUp(name: string, subscriptionId: string, parts: ArmParts): Promise<string> {
  for await (const { id } of vaultsIn(subscriptionId, { ...parts, failureContext: contextOf(parts, name) })) {
    if (id.name.toLowerCase() === name.toLowerCase()) {
      return renderVaultId(id);
    }
  }
  throw new DiagnosedError({ code: 'AKV-ARM-NOT-FOUND', ...connectionMessages.vaultUnseen(name) });
}

async function listLeased(subscriptionId: string, parts: ArmParts): Promise<readonly string[]> {
  const leased: string[] = [];
  for await (const { id, tags } of vaultsIn(subscriptionId, parts)) {
    if (hasLeaseTag(tags)) {
      leased.push(renderVaultId(id));
    }
  }
  return leased;
}

async function read(
  client: KeyVaultManagementContext,
  { resourceGroup, name }: VaultId,
  context: FailureContext,
  abortSignal: AbortSignal,
): Promise<VaultReading> {
  let answer: Answer | undefined;
  try {
    const onResponse = (response: Answer) => {
      answer = response;
    };
    await get(client, resourceGroup, name, { abortSignal, onResponse });
  } catch (error) {
    abortSignal.throwIfAborted();
    throw isGone(error, name) ? new VaultGone(explain(error, context).diagnosis) : explain(error, context);
  }
  return readingOf(answer);
}

/** Only a 404 about the vault itself counts: not one about its resource group, which it may have been moved out of. */
function isGone(error: unknown, name: string): boolean {
  const { code, message, status } = readFault(error);
  const isNamed = message.toLowerCase().includes(`microsoft.keyvault/vaults/${name.toLowerCase()}'`);
  return status === 404 && code === 'ResourceNotFound' && isNamed;
}

/** Sent once, whatever happens: a PATCH sent again would write an old state back. */
async function write(
  client: KeyVaultManagementContext,
  id: VaultId,
  patch: VaultPatch,
  parts: ArmParts & { readonly context: FailureContext; readonly signal: AbortSignal },
): Promise<WriteOutcome> {
  const request = createPipelineRequest({
    url: `${parts.cloud.resourceManager}${encodeURI(renderVaultId(id))}?api-version=${apiVersion}`,
    method: 'PATCH',
    headers: createHttpHeaders({ Accept: 'application/json', 'Content-Type': 'application/json' }),
    body: JSON.stringify(patch),
    abortSignal: parts.signal,
  });
  try {
    const response = await client.pipeline.sendRequest(restrict(parts.cloud, parts.client), request);
    return toOutcome(response, parts.context);
  } catch (error) {
    parts.signal.throwIfAborted();
    return { kind: 'uncertain', reason: readFault(error).message, diagnosis: explain(error, parts.context).diagnosis };
  }
}
