/**
 * A vault's tags as a separate resource (Azure/azure-rest-api-specs Microsoft.Resources resources.json, "Tags"): a
 * caller with permission to write only tags changes them here, and the rest of the vault is unchanged.
 */
import type { ArmCall } from './call';
import { acceptTags } from './tags';
import { locate, readBody, refuseLocked, requireVault, storeWrite } from './vault-operations';
import { patchVault } from './vaults';
import type { VaultResource } from './vaults';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';

type Tags = Readonly<Record<string, string>>;

/** `GET <vault>/providers/Microsoft.Resources/tags/default` */
export function readTags(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Answer {
  const target = locate(call, 'Microsoft.Resources/tags/read', subscriptionId, resourceGroup, name);
  return answerTags(requireVault(target).resource);
}

/** `PUT` replaces all tags of the vault; `operation` in `PATCH` determines what happens to the others. */
export async function writeTags(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Promise<Answer> {
  const body = readBody(call.request);
  const sent = acceptTags((body.properties as { readonly tags?: unknown } | undefined)?.tags);
  const operation = call.request.method === 'PUT' ? 'replace' : String(body.operation).toLowerCase();
  const change = operations[operation];
  if (change === undefined) {
    const message = `The tags operation '${String(body.operation)}' is not supported. Supported are Merge, Replace, Delete.`;
    throw refuse(400, 'InvalidTagsOperation', message);
  }
  const { resource } = await changeTags(call, [subscriptionId, resourceGroup, name], 'write', (current) =>
    change(current, sent),
  );
  return answerTags(resource);
}

/** `DELETE`: removes all tags of the vault. */
export async function deleteTags(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Promise<Answer> {
  await changeTags(call, [subscriptionId, resourceGroup, name], 'delete', () => ({}));
  return { status: 200, headers: {}, body: '' };
}

const operations: Readonly<Record<string, (current: Tags, sent: Tags) => Tags>> = {
  merge: (current, sent) => ({ ...current, ...sent }),
  replace: (_, sent) => sent,
  // "Selectively deleting tags based on given names or name/value pairs": a name without a value has an empty value.
  delete: (current, sent) =>
    Object.fromEntries(Object.entries(current).filter(([name, value]) => sent[name] !== '' && sent[name] !== value)),
};

/**
 * The vault's provider does the work, so it is one write of the vault like any other, and can conflict with another.
 */
async function changeTags(
  call: ArmCall,
  path: readonly [subscriptionId: string, resourceGroup: string, name: string],
  action: 'write' | 'delete',
  change: (current: Tags) => Tags,
): Promise<{ readonly resource: VaultResource }> {
  const target = locate(call, `Microsoft.Resources/tags/${action}`, ...path);
  refuseLocked(call, target.id, 'write', ['ReadOnly']);
  const { resource } = requireVault(target);
  const tags = change(resource.tags);
  return { resource: await storeWrite(call, target, (write) => patchVault(resource, { tags }, write)) };
}

function answerTags({ id, tags }: VaultResource): Answer {
  const name = 'default';
  const type = 'Microsoft.Resources/tags';
  return answerJson(200, { id: `${id}/providers/${type}/${name}`, name, type, properties: { tags } });
}
