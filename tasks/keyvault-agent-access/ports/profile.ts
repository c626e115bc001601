import type { Diagnosis } from '../../shared/errors/diagnosis';

/** An access rule of a profile, as far as this task needs to know it. */
export interface AccessRule {
  readonly name: string;
  /** The networks that it names, as Azure shows them. */
  readonly networks: readonly string[];
  /** How many addresses, subscriptions, service tags or names it lists: Azure limits their sum in a profile. */
  readonly elements: number;
}

/** The access rules of a profile at one moment. */
export interface RuleList {
  readonly rules: readonly AccessRule[];
  /**
   * Azure's clock, milliseconds since 1970: rules are named and removed by one clock, on whichever agent. `NaN` when the
   * answer does not say; then nothing has expired.
   */
  readonly azureTime: number;
}

/** What became of a PUT or a DELETE. Both may be sent again: the second one finds the first one's work. */
export type RuleOutcome =
  | { readonly kind: 'done' }
  /** Not done, or the answer never came. `waitFor` milliseconds if the server asked for that. */
  | {
      readonly kind: 'uncertain';
      readonly reason: string;
      readonly waitFor?: number;
      readonly diagnosis: Diagnosis;
    }
  /** Refused, and a retry does not help, unless the profile was full: Azure publishes no code for that, so it has to be counted. */
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis; readonly mayBeFull: boolean };

/** Port to the access rules of one profile. */
export interface ProfileRules {
  /** @throws DiagnosedError when they cannot be read. */
  list(signal: AbortSignal): Promise<RuleList>;
  /** Makes the rule, or replaces the one of this name, with exactly these inbound networks. */
  put(name: string, networks: readonly string[], signal: AbortSignal): Promise<RuleOutcome>;
  /** Done as well when there is no such rule. */
  remove(name: string, signal: AbortSignal): Promise<RuleOutcome>;
}

/** A vault's association with a network security perimeter. */
export interface Association {
  readonly profileId: string;
  /** `Learning`, `Enforced`, `Audit`, or what Azure may add. */
  readonly accessMode: string;
  /** What Azure says keeps the vault from following the perimeter; empty when all is well. */
  readonly issues: readonly string[];
}

/** Whether a vault is associated with a perimeter, as far as Azure tells. */
export type AssociationLookup =
  | { readonly kind: 'found'; readonly association: Association }
  | { readonly kind: 'none' }
  /** Azure did not tell; the vault may or may not be in a perimeter. */
  | { readonly kind: 'unknown'; readonly reason: string };
