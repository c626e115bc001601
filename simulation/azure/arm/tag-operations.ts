/**
 * A vault's tags as a resource of their own (Azure/azure-rest-api-specs Microsoft.Resources resources.json, "Tags"):
 * whoever may write tags and nothing else changes them here, and every other part of the vault stays.
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

/** `PUT` gives the vault these tags and no others; `PATCH` says in `operation` what becomes of the others. */
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

/** `DELETE`: the vault has no tags any more. */
export async function deleteTags(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Promise<Answer> {
  await changeTags(call, [subscriptionId, resourceGroup, name], 'delete', () => ({}));
  return { status: 200, headers: {}, body: '' };
}

const operations: Readonly<Record<string, (current: Tags, sent: Tags) => Tags>> = {
  merge: (current, sent) => ({ ...current, ...sent }),
  replace: (_, sent) => sent,
  // "Selectively deleting tags based on given names or name/value pairs": a name alone has an empty value.
  delete: (current, sent) =>
    Object.fromEntries(Object.entries(current).filter(([name, value]) => sent[name] !== '' && sent[name] !== value)),
};

/** The provider of the vault does the work, so it is one write of the vault like any other, and may collide with one. */
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
