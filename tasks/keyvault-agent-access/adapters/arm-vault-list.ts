import { explain } from '../../shared/errors/explain';
import { answerError, jsonOf } from '../../shared/errors/fault';
import { parseVaultId, type VaultId } from '../resource-ids/vault-id';
import { pagesOf } from './arm-request';
import type { ServiceParts } from './service-parts';
import { missingFromArm } from './response-shape';

interface ListedVault {
  readonly id: VaultId;
  readonly tags: Readonly<Record<string, unknown>>;
}

/** The version of "Vaults - List" (learn.microsoft.com, Key Vault REST API reference): it lists resources of a type. */
const apiVersion = '2015-11-01';
const onlyVaults = 'resourceType%20eq%20%27Microsoft.KeyVault%2Fvaults%27';

/**
 * The vaults of a subscription that the identity can read. Lists resources rather than vaults: that requires no permission
 * on the subscription. Not with the SDK, which drops their tags.
 *
 * @throws DiagnosedError when Azure refuses.
 */
export async function* vaultsIn(
  subscriptionId: string,
  parts: ServiceParts & { readonly signal: AbortSignal },
): AsyncGenerator<ListedVault> {
  const { cloud, failureContext, signal } = parts;
  const url = `${cloud.resourceManager}/subscriptions/${subscriptionId}/resources?$filter=${onlyVaults}&api-version=${apiVersion}`;
  try {
    for await (const response of pagesOf({ url, shape: missingFromArm }, parts, signal)) {
      if (response.status !== 200) {
        throw explain(answerError(response), failureContext);
      }
      yield* listedIn(jsonOf(response));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, failureContext);
  }
}

function listedIn(page: unknown): readonly ListedVault[] {
  const { value } = page as { readonly value: readonly { readonly id: string; readonly tags?: unknown }[] };
  return value.flatMap(({ id: text, tags }) => {
    const id = parseVaultId(text);
    return id === undefined ? [] : [{ id, tags: typeof tags === 'object' && tags !== null ? { ...tags } : {} }];
  });
}
