/** Azure role-based access: who may do what, where. */

/** A principal's permissions at a scope; they hold for everything below it. */
export interface RoleAssignment {
  /** The object id of a service principal. */
  readonly objectId: string;
  /** A subscription, resource group, vault or `<vault>/secrets/<name>`. */
  readonly scope: string;
  /** Control-plane actions, `*` matches any text. */
  readonly actions: readonly string[];
  /** Data-plane actions, `*` matches any text. */
  readonly dataActions: readonly string[];
}

/** What a principal wants to do. */
interface Attempt {
  readonly objectId: string;
  readonly action: string;
  readonly scope: string;
}

export type RoleAssignments = readonly RoleAssignment[];

/** Whether the principal may do a control-plane action. */
export function mayManage(assignments: RoleAssignments, attempt: Attempt): boolean {
  return assignments.some((assignment) => covers(assignment, attempt) && grants(assignment.actions, attempt.action));
}

/** Whether the principal may do a data-plane action. */
export function mayUseData(assignments: RoleAssignments, attempt: Attempt): boolean {
  return assignments.some(
    (assignment) => covers(assignment, attempt) && grants(assignment.dataActions, attempt.action),
  );
}

/** Whether the principal holds anything at or below the scope: what decides whether a subscription is visible to it. */
export function holdsAnythingIn(assignments: RoleAssignments, objectId: string, scope: string): boolean {
  return assignments.some((assignment) => assignment.objectId === objectId && isWithinScope(assignment.scope, scope));
}

/** Whether `inner` is `outer` or below it. Scopes ignore the case. */
export function isWithinScope(inner: string, outer: string): boolean {
  const [below, above] = [inner, outer].map((scope) => `${scope.toLowerCase().replace(/\/+$/, '')}/`);
  return below !== undefined && above !== undefined && below.startsWith(above);
}

function covers(assignment: RoleAssignment, { objectId, scope }: Attempt): boolean {
  return assignment.objectId === objectId && isWithinScope(scope, assignment.scope);
}

function grants(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern.replace(/[.\\^$+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${escaped}$`, 'i').test(action);
  });
}
