/** Whether a vault's firewall lets a connection in. It stands before authorization and after authentication. */
import type { VaultProperties } from '../arm/vaults';
import type { Client } from '../http/exchange';
import { isWithin } from './network-acls';

/** A refused connection: the first line of the message, whether it names the client, and the inner error's code. */
export interface FirewallDenial {
  readonly code: 'ForbiddenByFirewall' | 'ForbiddenByConnection';
  readonly reason: string;
  /** What follows `Client address: `; the service leaves the line out of refusals that have nothing to do with it. */
  readonly clientAddress?: string;
}

type Gate = Pick<VaultProperties, 'publicNetworkAccess' | 'networkAcls'>;

/** Undefined when the connection is let in. Texts: recorded refusals in public issues, e.g. terraform-provider-azurerm 20742. */
export function judgeConnection(gate: Gate, client: Client): FirewallDenial | undefined {
  if (client.via?.kind === 'PrivateLink') return undefined;
  const bypassed = gate.networkAcls.bypass === 'AzureServices';
  switch (gate.publicNetworkAccess.toLowerCase()) {
    case 'disabled':
      return { code: 'ForbiddenByConnection', reason: bypassed ? disabledTexts.trusted : disabledTexts.none };
    case 'securedbyperimeter':
      return denyAddress(
        `Request was not allowed by NSP rules and the client address ${addressText(bypassed)}`,
        client,
      );
    default:
      return isAdmitted(gate, client) ? undefined : denyAddress(`Client address ${addressText(bypassed)}`, client);
  }
}

const disabledTexts = {
  trusted:
    'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
  none: "Connection is not an approved private link and caller was ignored because bypass is not set to 'AzureServices' and PublicNetworkAccess is set to 'Disabled'.",
};

function addressText(bypassed: boolean): string {
  return `is not authorized and caller ${bypassed ? 'is not a trusted service.' : 'was ignored because bypass is set to None'}`;
}

function denyAddress(reason: string, { address, via }: Client): FirewallDenial {
  const clientAddress = via?.kind === 'Subnet' ? `${address} from unknown subnet` : address;
  return { code: 'ForbiddenByFirewall', reason, clientAddress };
}

function isAdmitted({ networkAcls }: Gate, { address, via }: Client): boolean {
  if (networkAcls.defaultAction === 'Allow') return true;
  if (via?.kind === 'Subnet')
    return networkAcls.virtualNetworkRules.some((rule) => rule.id === via.subnet.toLowerCase());
  return networkAcls.ipRules.some(({ value }) => isWithin(address, value));
}
