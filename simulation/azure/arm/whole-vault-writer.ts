/**
 * A client that does not use leases and writes a vault as the Azure CLI does: GET, and later a PUT of all that was
 * read. `test/conformance/cli-vault.conformance.ts` compares the body with the one that the CLI sends.
 */
import type { Contoso, ContosoClient } from '../contoso';

type Json = Readonly<Record<string, unknown>>;

/** The members of a vault in the answer to GET that are used here. */
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

/**
 * Reads Contoso's vault in order to add a rule; the returned function writes it back with the rule, at any later time.
 */
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
