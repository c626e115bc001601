/** Azure role-based access control: permissions of principals at scopes. */

/** A principal's permissions at a scope; they apply to everything below it. */
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

/** The action that a principal requests. */
interface Attempt {
  readonly objectId: string;
  readonly action: string;
  readonly scope: string;
}

export type RoleAssignments = readonly RoleAssignment[];

/** Whether the principal has permission for a control-plane action. */
export function mayManage(assignments: RoleAssignments, attempt: Attempt): boolean {
  return assignments.some((assignment) => covers(assignment, attempt) && grants(assignment.actions, attempt.action));
}

/** Whether the principal has permission for a data-plane action. */
export function mayUseData(assignments: RoleAssignments, attempt: Attempt): boolean {
  return assignments.some(
    (assignment) => covers(assignment, attempt) && grants(assignment.dataActions, attempt.action),
  );
}

/** Whether the principal has a role at or below the scope, which determines whether it sees a subscription. */
export function holdsAnythingIn(assignments: RoleAssignments, objectId: string, scope: string): boolean {
  return assignments.some((assignment) => assignment.objectId === objectId && isWithinScope(assignment.scope, scope));
}

/** Whether `inner` is `outer` or below it. Scopes are not case-sensitive. */
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
