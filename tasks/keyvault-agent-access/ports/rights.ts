/** A role of the caller on a resource, as far as Azure Resource Manager itself goes. */
export interface Permission {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
}

/** What the identity may do on a resource, as far as Azure tells. */
export type Rights =
  | { readonly kind: 'known'; readonly permissions: readonly Permission[] }
  /** Azure did not tell: that may take a right that the identity does not need for anything else. */
  | { readonly kind: 'unknown'; readonly reason: string };
