/** ARM's operation that assigns a role to a principal. */
import { authorize } from './directory';
import type { ArmCall } from './call';
import { readBody } from './vault-operations';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';

/**
 * The built-in roles that the simulation has, as far as they concern a vault (Microsoft Learn, "Azure built-in roles").
 */
const builtInRoles: Readonly<
  Record<string, { readonly actions: readonly string[]; readonly dataActions: readonly string[] }>
> = {
  // Key Vault Contributor
  'f25e0fa2-a7c8-4377-a976-54943a77a395': { actions: ['Microsoft.KeyVault/*'], dataActions: [] },
  // Key Vault Secrets User
  '4633458b-17de-408a-b874-0445c86b69e6': {
    actions: [],
    dataActions: [
      'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  },
  // Key Vault Certificates Officer
  'a4417e6f-fecd-4de8-b567-7b0420556985': {
    actions: [],
    dataActions: ['Microsoft.KeyVault/vaults/certificates/*'],
  },
};

/** `PUT {scope}/providers/Microsoft.Authorization/roleAssignments/{name}` */
export function writeRoleAssignment(call: ArmCall, scope = '', name = ''): Answer {
  authorize(call, 'Microsoft.Authorization/roleAssignments/write', scope);
  const { properties } = readBody(call.request) as { properties?: { roleDefinitionId?: string; principalId?: string } };
  const role = builtInRoles[properties?.roleDefinitionId?.split('/').at(-1) ?? ''];
  if (role === undefined || properties?.principalId === undefined) {
    throw refuse(400, 'RoleDefinitionDoesNotExist', 'The specified role definition does not exist.');
  }
  call.world.assignments.push({ objectId: properties.principalId, scope, ...role });
  const type = 'Microsoft.Authorization/roleAssignments';
  return answerJson(201, {
    id: `${scope}/providers/${type}/${name}`,
    name,
    type,
    properties: { ...properties, scope },
  });
}
