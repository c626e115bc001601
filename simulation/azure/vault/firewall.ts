/**
 * Whether a vault's firewall, or its network security perimeter, accepts a connection: checked after the token and
 * before authorization.
 */
import type { VaultProperties } from '../arm/vaults';
import type { Client } from '../http/exchange';
import { isWithin } from './network-acls';

/** A refused connection: the first line of the message, whether it contains the client, and the inner error's code. */
interface FirewallDenial {
  readonly code: 'ForbiddenByFirewall' | 'ForbiddenByConnection' | 'ForbiddenByNsp';
  readonly reason: string;
  /** The text after `Client address: `; the service omits the line in refusals for other reasons. */
  readonly clientAddress?: string;
}

/** The members of a vault's properties that decide. */
type FirewallSettings = Pick<VaultProperties, 'publicNetworkAccess' | 'networkAcls'>;

/** The network security perimeter that a vault is associated with. */
export interface Perimeter {
  readonly accessMode: 'Learning' | 'Audit' | 'Enforced';
  /** Whether an inbound access rule of the vault's profile allows the client. */
  readonly admits: (client: Client) => boolean;
}

/**
 * Undefined when the connection is accepted. Which of the two decides: Microsoft Learn, "Transition to a network security
 * perimeter"; Audit is treated as Learning. Texts: recorded refusals in public issues, e.g. terraform-provider-azurerm 20742.
 */
export function judgeConnection(
  settings: FirewallSettings,
  client: Client,
  perimeter?: Perimeter,
): FirewallDenial | undefined {
  if (client.via?.kind === 'PrivateLink') return undefined;
  if (perimeter?.admits(client) === true) return undefined;
  const access = settings.publicNetworkAccess.toLowerCase();
  const bypassed = settings.networkAcls.bypass === 'AzureServices';
  if (perimeter?.accessMode === 'Enforced' || access === 'securedbyperimeter') return perimeterDenial;
  if (access === 'disabled') {
    if (perimeter !== undefined) return perimeterDenial;
    return { code: 'ForbiddenByConnection', reason: bypassed ? disabledTexts.trusted : disabledTexts.none };
  }
  if (isAdmitted(settings, client)) return undefined;
  const subject =
    perimeter === undefined ? 'Client address' : 'Request was not allowed by NSP rules and the client address';
  return denyAddress(`${subject} ${addressText(bypassed)}`, client);
}

/** Text: one public capture through ARM (a comment in Azure/bicep). What a vault itself answers is not published. */
const perimeterDenial: FirewallDenial = {
  code: 'ForbiddenByNsp',
  reason: 'The request was forbidden by NSP policy.',
};

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

function isAdmitted({ networkAcls }: FirewallSettings, { address, via }: Client): boolean {
  if (networkAcls.defaultAction === 'Allow') return true;
  if (via?.kind === 'Subnet')
    return networkAcls.virtualNetworkRules.some((rule) => rule.id === via.subnet.toLowerCase());
  return networkAcls.ipRules.some(({ value }) => isWithin(address, value));
}
