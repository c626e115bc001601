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

/** Those of the actions that no permission grants. */
export function missingActions(actions: readonly string[], permissions: readonly Permission[]): readonly string[] {
  return actions.filter((action) => !permissions.some((permission) => isGranted(action, permission)));
}

/** `*` matches any text, and `notActions` are taken out of the same role's `actions` (learn.microsoft.com, "Understand Azure role definitions"). */
function isGranted(action: string, { actions = [], notActions = [] }: Permission): boolean {
  const isIn = (patterns: readonly string[]) => patterns.some((pattern) => matches(action, pattern));
  return isIn(actions) && !isIn(notActions);
}

function matches(action: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.\\^$+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}
