import type { Diagnosis } from '../../shared/errors/diagnosis';

/** What a vault's front end says of a connection in its `x-ms-keyvault-network-info` header. */
export interface NetworkInfo {
  readonly path: 'public' | 'privateLink' | 'subnet';
  /** The caller's address as the vault sees it; absent when the header gives none that is IPv4. */
  readonly address?: string;
  /** Resource id of the subnet, when `path` is `subnet`. */
  readonly subnet?: string;
}

/** What a vault's front end did with a request that carried a valid token. */
export type AccessCheck =
  /** The network gate was passed; whether the identity may read secrets is another matter. */
  | { readonly kind: 'passed' }
  /**
   * The firewall refused; the address is the one that the vault saw. `consultsPerimeter` when the vault says that the
   * rules of a network security perimeter did not allow it either.
   */
  | { readonly kind: 'blocked'; readonly address?: string; readonly consultsPerimeter?: true }
  /** No answer that says anything about the firewall. */
  | { readonly kind: 'unclear'; readonly reason: string }
  /** No firewall rule will ever help. */
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis };

/** Port to one vault's data plane. Every call uses a connection of its own. */
export interface DataPlane {
  /** Asks without a token; `undefined` when the answer has no usable header. */
  readNetworkInfo(signal: AbortSignal): Promise<NetworkInfo | undefined>;
  /** Asks with a token. */
  checkAccess(signal: AbortSignal): Promise<AccessCheck>;
}

/** Port to public services that tell a caller's address. One per operator; each gives an IPv4 address or throws. */
export type AddressLookup = (signal: AbortSignal) => Promise<string>;
