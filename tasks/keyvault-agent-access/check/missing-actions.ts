import type { Permission } from '../ports/permissions';

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
