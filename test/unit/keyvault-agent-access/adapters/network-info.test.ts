import assert from 'node:assert/strict';
import { parseNetworkInfo } from '../../../../tasks/keyvault-agent-access/adapters/network-info';
import type { NetworkInfo } from '../../../../tasks/keyvault-agent-access/ports/data-plane';

const endpoint = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe';
const subnet = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/apps';

/** Every form that recorded answers and Microsoft's documentation show, and what a proxy may make of them. */
const headers: readonly (readonly [string | undefined, NetworkInfo | undefined])[] = [
  ['conn_type=Ipv4;addr=72.68.182.20;act_addr_fam=InterNetwork;', { path: 'public', address: '72.68.182.20' }],
  ['conn_type=Ipv4;addr=20.245.225.173;act_addr_fam=Ipv4', { path: 'public', address: '20.245.225.173' }],
  ['addr=131.107.174.199;act_addr_fam=InterNetwork;', { path: 'public', address: '131.107.174.199' }],
  ['addr=50.35.231.105', { path: 'public', address: '50.35.231.105' }],
  ['addr=10.4.5.6;act_addr_fam=InterNetworkV6;', { path: 'public', address: '10.4.5.6' }],
  [
    `conn_type=PrivateLink;private_endpoint=${endpoint};addr=10.10.1.5;act_addr_fam=InterNetworkV6;`,
    { path: 'privateLink', address: '10.10.1.5' },
  ],
  [
    `conn_type=Subnet;subnet=${subnet};addr=10.0.0.5;act_addr_fam=InterNetworkV6;`,
    { path: 'subnet', address: '10.0.0.5', subnet },
  ],
  ['conn_type=Subnet', { path: 'subnet' }],
  ['CONN_TYPE=privatelink;', { path: 'privateLink' }],
  [' conn_type = Ipv4 ; addr = 20.1.2.3 ', { path: 'public', address: '20.1.2.3' }],
  ['conn_type=Ipv4;addr=2001:db8::1;act_addr_fam=InterNetworkV6;', undefined],
  ['conn_type=Ipv4;addr=20.0.0.0/8', undefined],
  ['conn_type=Ipv4;addr=020.1.2.3', undefined],
  ['conn_type=Ipv4', undefined],
  ['addr=', undefined],
  ['', undefined],
  [undefined, undefined],
];

describe('network-info', () => {
  for (const [header, expected] of headers) {
    it(`reads ${header === undefined ? 'a missing header' : `'${header}'`}`, () => {
      assert.deepEqual(parseNetworkInfo(header), expected);
    });
  }
});
