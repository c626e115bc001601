import type { Exposure } from '../protocol/vault-state';
import type { Association, AssociationLookup } from '../ports/profile';

/** How a vault that refuses this agent can be made to accept it. */
type Way =
  | { readonly kind: 'perimeter'; readonly association: Association }
  /** The vault's own IP rules; `association` is one that leaves the decision to them. */
  | { readonly kind: 'firewall'; readonly association?: Association }
  /** Only private endpoints; `reason`, when Azure did not tell whether it is in a perimeter. */
  | { readonly kind: 'private'; readonly reason?: string }
  /** Secured by a perimeter, and in none. */
  | { readonly kind: 'unassociated' }
  /** A perimeter decides, and Azure does not tell which. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Refusal {
  /** What the vault's own properties say; they never decide alone. */
  readonly exposure: Exposure;
  /** True when the vault itself said that the perimeter refused. */
  readonly byPerimeter: boolean;
  readonly lookup: AssociationLookup;
}

/**
 * Who decides about connections (learn.microsoft.com, "Transition to a network security perimeter"): an enforced
 * perimeter alone; in learning mode the perimeter's rules, and where public access is enabled the vault's as well. There
 * the vault's firewall is used: its rules take effect in seconds.
 */
export function decideWay({ exposure, byPerimeter, lookup }: Refusal): Way {
  const isPerimeterOnly = byPerimeter || exposure === 'perimeter';
  switch (lookup.kind) {
    case 'found': {
      const { association } = lookup;
      const isEnforced = association.accessMode.toLowerCase() === 'enforced';
      return isEnforced || isPerimeterOnly || exposure === 'private'
        ? { kind: 'perimeter', association }
        : { kind: 'firewall', association };
    }
    case 'none':
      return isPerimeterOnly ? { kind: 'unassociated' } : { kind: exposure === 'private' ? 'private' : 'firewall' };
    case 'unknown':
      if (isPerimeterOnly) {
        return { kind: 'unknown', reason: lookup.reason };
      }
      return exposure === 'private' ? { kind: 'private', reason: lookup.reason } : { kind: 'firewall' };
  }
}
