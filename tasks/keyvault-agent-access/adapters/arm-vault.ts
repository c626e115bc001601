import { createKeyVaultManagement } from '@azure/arm-keyvault/api';
import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { answerError, readFault } from '../../shared/errors/fault';
import { serviceClient } from '../../shared/http/clients';
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
      const send = createSend(id, parts);
      return {
        get: (signal) => read(send, id.name, context, signal),
        patch: (patch, signal) => write(send, patch, context, signal),
      };
    },
  };
}

function contextOf({ failureContext }: ArmParts, vault: string): FailureContext {
  return { ...failureContext, vault };
}

/** Reads one vault, or sends a PATCH to it. */
type Send = (signal: AbortSignal, patch?: VaultPatch) => Promise<PipelineResponse>;

/** The SDK signs the requests. Its models are not used: they drop every member of a vault that they do not know. */
function createSend(id: VaultId, { client, cloud, credential, userAgent }: ArmParts): Send {
  const { resourceManager } = cloud;
  const service = serviceClient(client, resourceManager, missingFromArm);
  const { pipeline } = createKeyVaultManagement(credential, id.subscriptionId, {
    endpoint: resourceManager,
    credentials: { scopes: [`${resourceManager}/.default`] },
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: userAgent },
  });
  const url = `${resourceManager}${encodeURI(renderVaultId(id))}?api-version=${apiVersion}`;
  return (abortSignal, patch) => {
    const change = patch === undefined ? {} : ({ method: 'PATCH', body: JSON.stringify(patch) } as const);
    const headers = createHttpHeaders({
      Accept: 'application/json',
      ...(patch === undefined ? {} : { 'Content-Type': 'application/json' }),
    });
    return pipeline.sendRequest(service, createPipelineRequest({ url, headers, abortSignal, ...change }));
  };
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

async function read(send: Send, name: string, context: FailureContext, signal: AbortSignal): Promise<VaultReading> {
  try {
    const response = await send(signal);
    if (response.status === 200) {
      return readingOf(response);
    }
    const error = answerError(response);
    throw isGone(error, name) ? new VaultGone(explain(error, context).diagnosis) : error;
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, context);
  }
}

/** Only a 404 about the vault itself counts: not one about its resource group, which it may have been moved out of. */
function isGone(error: unknown, name: string): boolean {
  const { code, message, status } = readFault(error);
  const isNamed = message.toLowerCase().includes(`microsoft.keyvault/vaults/${name.toLowerCase()}'`);
  return status === 404 && code === 'ResourceNotFound' && isNamed;
}

/** Sent once, whatever happens: a PATCH sent again would write an old state back. */
async function write(
  send: Send,
  patch: VaultPatch,
  context: FailureContext,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  try {
    return toOutcome(await send(signal, patch), context);
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'uncertain', reason: readFault(error).message, diagnosis: explain(error, context).diagnosis };
  }
}
