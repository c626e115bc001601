/** A vault's own view of its perimeter: an operation of Key Vault, published in previews only. */
import type { ArmCall } from '../arm/call';
import { locate, requireVault } from '../arm/vault-operations';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';
import { findPlace } from './perimeters';
import { showConfiguration } from './show';

/** `GET <vault>/networkSecurityPerimeterConfigurations` */
export function listConfigurations(call: ArmCall, subscriptionId = '', resourceGroup = '', name = ''): Answer {
  refuseVersion(call);
  const action = 'Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations/read';
  const vault = requireVault(locate(call, action, subscriptionId, resourceGroup, name));
  const place = findPlace(call.world.perimeters, vault.resource.id);
  return answerJson(200, { value: place === undefined ? [] : [showConfiguration(vault, place)] });
}

function refuseVersion({ apiVersion, world }: ArmCall): void {
  const known = world.settings.configurationVersions;
  if (known.includes(apiVersion)) return;
  const type = 'vaults/networkSecurityPerimeterConfigurations';
  const what = `No registered resource provider found for location 'westeurope' and API version '${apiVersion}' for type '${type}'.`;
  throw refuse(
    400,
    'NoRegisteredProviderFound',
    `${what} The supported api-versions are '${known.join(', ')}'. The supported locations are 'westeurope'.`,
  );
}
