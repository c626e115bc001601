import { answerError, jsonOf, readFault } from '../../shared/errors/fault';
import { checkMessages as messages } from '../messages/check';
import type { Permission, Permissions } from '../ports/permissions';
import { sendArmRequest } from './arm-request';
import type { ServiceParts } from './service-parts';
import { missingFromPermissions } from './response-shape';

/** Of Microsoft.Authorization (learn.microsoft.com, "Permissions - List For Resource"). */
const apiVersion = '2022-04-01';

/** Asks what the identity may do on a resource. Never fails: a refusal is the kind `unknown`. */
export async function readPermissions(scope: string, parts: ServiceParts, signal: AbortSignal): Promise<Permissions> {
  const { resourceManager } = parts.cloud;
  const url = `${resourceManager}${encodeURI(scope)}/providers/Microsoft.Authorization/permissions?api-version=${apiVersion}`;
  try {
    const response = await sendArmRequest({ url, shape: missingFromPermissions }, parts, parts.client, signal);
    if (response.status === 200) {
      return { kind: 'known', permissions: (jsonOf(response) as { readonly value: readonly Permission[] }).value };
    }
    const { code } = readFault(answerError(response));
    return { kind: 'unknown', reason: code === '' ? messages.status(response.status) : code };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unknown', reason: readFault(error).message };
  }
}
