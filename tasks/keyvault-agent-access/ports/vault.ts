import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';

/** A vault as Azure Resource Manager's JSON gives it: kept raw, so that unknown members survive a change. */
export type VaultResource = Readonly<Record<string, unknown>>;

/** A vault as an answer of Azure Resource Manager shows it. */
export interface VaultReading {
  readonly resource: VaultResource;
  /** When that was by Azure's own clock, milliseconds since 1970; `NaN` when the answer does not say. */
  readonly time: number;
}

/** Body of a PATCH: members that are named replace the vault's, all others stay. */
export interface VaultPatch {
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: { readonly networkAcls: Readonly<Record<string, unknown>> };
}

/** What became of a PATCH that was sent exactly once. */
export type WriteOutcome =
  | ({ readonly kind: 'written' } & VaultReading)
  /**
   * Not written, or unknown: read again and see. `waitFor` milliseconds if the server asked for that; `diagnosis`
   * is what it was if there is no time for another attempt.
   */
  | {
      readonly kind: 'uncertain';
      readonly reason: string;
      readonly waitFor?: number;
      readonly diagnosis?: Diagnosis;
    }
  /** Refused, and a retry does not help; `tagsRefused`: the same change without tags may be allowed. */
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis; readonly tagsRefused: boolean };

/**
 * Azure does not find the vault itself, so there is no firewall any more that could be open. Not so when it is the
 * vault's group or subscription that Azure does not find: the vault may have been moved, or the identity may have lost
 * its access.
 */
export class VaultGone extends DiagnosedError {}

/** Port to one vault in Azure Resource Manager. */
export interface ArmVault {
  /** @throws DiagnosedError when the vault cannot be read; VaultGone when it no longer exists. */
  get(signal: AbortSignal): Promise<VaultReading>;
  patch(patch: VaultPatch, signal: AbortSignal): Promise<WriteOutcome>;
}

/** A vault of the step. */
export interface ManagedVault {
  /** Its name, as the user reads it. */
  readonly vault: string;
  /** As the step's inputs name it; what an answer says of itself does not matter. */
  readonly resourceId: string;
  readonly armVault: ArmVault;
}
