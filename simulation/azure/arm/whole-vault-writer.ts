/**
 * Someone who knows nothing of leases and writes a vault as the Azure CLI does: GET, and later a PUT of all that was
 * read. `test/conformance/cli-vault.conformance.ts` holds the body against the one that the CLI really sends.
 */
import type { Contoso, ContosoClient } from '../contoso';

type Json = Readonly<Record<string, unknown>>;

/** A vault as GET answers it, as far as it matters here. */
export interface ReadVault {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Json & {
    readonly networkAcls: Json & { readonly ipRules: readonly { readonly value: string }[] };
  };
}

/** The body of `az keyvault network-rule add --ip-address <network>` for a vault that was read before. */
export function bodyWithRule({ location, tags, properties }: ReadVault, network: string): Json {
  const { networkAcls } = properties;
  const ipRules = [...networkAcls.ipRules, { value: network }];
  return { location, tags, properties: { ...properties, networkAcls: { ...networkAcls, ipRules } } };
}

/** Reads Contoso's vault in order to add a rule; the returned function puts it back with the rule, however late. */
export async function beginAddingRule(
  client: ContosoClient,
  { vaultUrl }: Contoso,
  network: string,
): Promise<() => Promise<void>> {
  const headers = client.armToken;
  const read = (await client.send(vaultUrl, { headers })).json as ReadVault;
  return async () => {
    const { status, text } = await client.send(vaultUrl, { method: 'PUT', headers, json: bodyWithRule(read, network) });
    if (status !== 200) throw new Error(`The PUT of the whole vault was answered with ${status}: ${text}`);
  };
}
