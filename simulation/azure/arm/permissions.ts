/** ARM's answer to a caller who asks what it may do somewhere. */
import type { ArmCall } from './call';
import { answerJson } from '../http/exchange';
import type { Answer } from '../http/exchange';
import { isWithinScope } from './role-assignments';

/**
 * `GET {scope}/providers/Microsoft.Authorization/permissions`: one entry for each role that the caller has there
 * (Microsoft Learn, "Permissions - List For Resource"). Whether that takes a right of its own is not published; here it
 * takes none.
 */
export function listPermissions({ caller, world }: ArmCall, scope = ''): Answer {
  const value = world.assignments
    .filter((assignment) => assignment.objectId === caller.objectId && isWithinScope(scope, assignment.scope))
    .map(({ actions, dataActions }) => ({ actions, notActions: [], dataActions, notDataActions: [] }));
  return answerJson(200, { value });
}
