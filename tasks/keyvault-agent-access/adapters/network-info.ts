import { soleAddress } from '../address/address';
import type { NetworkInfo } from '../ports/data-plane';

/**
 * Reads the `x-ms-keyvault-network-info` header, which every answer of a vault carries, also the 401 to a request
 * without a token: `conn_type=Ipv4;addr=20.1.2.3;act_addr_fam=InterNetwork;` (learn.microsoft.com, "Diagnose private
 * links configuration issues on Azure Key Vault"). Older front ends send no `conn_type`; behind private endpoints and
 * service endpoints the address is a private one. `undefined` when the header says nothing usable.
 */
export function parseNetworkInfo(header: string | undefined): NetworkInfo | undefined {
  const fields = new Map(
    (header ?? '').split(';').map((field): [string, string] => {
      const [name = '', ...value] = field.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
  const kind = fields.get('conn_type')?.toLowerCase() ?? '';
  const sole = soleAddress(fields.get('addr') ?? '');
  const address = sole === undefined ? {} : { address: sole };
  if (kind === 'privatelink') {
    return { path: 'privateLink', ...address };
  }
  if (kind === 'subnet') {
    const subnet = fields.get('subnet');
    return { path: 'subnet', ...address, ...(subnet === undefined ? {} : { subnet }) };
  }
  return 'address' in address ? { path: 'public', ...address } : undefined;
}
