/** The one operation on certificates that the simulation knows: importing one in PEM, whose secret is then that PEM. */
import { mayUseData } from '../arm/role-assignments';
import type { RoleAssignments } from '../arm/role-assignments';
import type { Caller } from '../caller';
import { answerJson, refuse } from '../http/exchange';
import type { Answer, SimulatedRequest } from '../http/exchange';
import type { VaultState } from '../world';
import { forbid } from './data-plane';
import { setSecret } from './secret-store';
import type { ServicePorts } from '../http/service-ports';

const importAction = 'Microsoft.KeyVault/vaults/certificates/import/action';

/** `POST /certificates/{name}/import`; undefined for any other request. */
export function importCertificate(
  vault: VaultState,
  caller: Caller,
  assignments: RoleAssignments,
  request: SimulatedRequest,
  ports: ServicePorts,
): Answer | undefined {
  const name = /^\/certificates\/([0-9a-zA-Z-]+)\/import$/.exec(request.path)?.[1];
  if (name === undefined || request.method !== 'POST') return undefined;
  const { resource } = vault;
  if (!mayUseData(assignments, { objectId: caller.objectId, action: importAction, scope: resource.id })) {
    throw forbid('ForbiddenByRbac', 'Caller is not authorized to perform action on resource.');
  }
  const { value } = JSON.parse(request.body) as { value?: string };
  if (value?.includes('-----BEGIN CERTIFICATE-----') !== true) {
    throw refuse(400, 'BadParameter', 'The simulation imports certificates in PEM only.');
  }
  const kid = `${resource.properties.vaultUri}keys/${name}`;
  const contentType = 'application/x-pem-file';
  const version = setSecret(vault, { name, value, contentType, managed: true, kid }, ports);
  return answerJson(200, { id: `${resource.properties.vaultUri}certificates/${name}/${version}`, kid });
}
