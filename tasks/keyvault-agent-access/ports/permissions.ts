/** A role of the caller on a resource, as far as Azure Resource Manager itself goes. */
export interface Permission {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
}

/** What the identity is allowed to do on a resource, if Azure shows it. */
export type Permissions =
  | { readonly kind: 'known'; readonly permissions: readonly Permission[] }
  /** Azure did not show it, which can require a permission that the identity needs for nothing else. */
  | { readonly kind: 'unknown'; readonly reason: string };
