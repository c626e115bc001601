/** ARM's operation that writes a secret into a vault, without the vault's firewall. */
import type { ArmCall } from './call';
import { locate, readBody, requireVault } from './vault-operations';
import { answerJson, refuse } from '../http/exchange';
import type { Answer } from '../http/exchange';
import { setSecret } from '../vault/secret-store';

interface SecretBody {
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: {
    readonly value?: string;
    readonly contentType?: string;
    readonly attributes?: { readonly enabled?: boolean };
  };
}

/** `PUT .../vaults/{vault}/secrets/{name}`. The answer does not contain the value. */
export function writeSecret(call: ArmCall, subscriptionId = '', group = '', vaultName = '', name = ''): Answer {
  const target = locate(call, 'Microsoft.KeyVault/vaults/secrets/write', subscriptionId, group, vaultName);
  const vault = requireVault(target);
  const { tags, properties = {} } = readBody(call.request) as SecretBody;
  const { value, contentType, attributes } = properties;
  if (value === undefined) throw refuse(400, 'BadRequest', 'The property "value" is required.');
  const version = setSecret(
    vault,
    {
      name,
      value,
      enabled: attributes?.enabled ?? true,
      ...(contentType === undefined ? {} : { contentType }),
      ...(tags === undefined ? {} : { tags }),
    },
    call.ports,
  );
  const secretUri = `${vault.resource.properties.vaultUri}secrets/${name}`;
  return answerJson(200, {
    id: `${target.id}/secrets/${name}`,
    name,
    type: 'Microsoft.KeyVault/vaults/secrets',
    location: vault.resource.location,
    properties: { secretUri, secretUriWithVersion: `${secretUri}/${version}`, contentType, attributes },
  });
}
