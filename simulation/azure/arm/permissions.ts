/** ARM's answer to a caller that asks for its own permissions. */
import type { ArmCall } from './call';
import { answerJson } from '../http/exchange';
import type { Answer } from '../http/exchange';
import { isWithinScope } from './role-assignments';

/**
 * `GET {scope}/providers/Microsoft.Authorization/permissions`: one entry for each role of the caller at the scope
 * (Microsoft Learn, "Permissions - List For Resource"). It is not published whether this needs a permission; the
 * simulation requires none.
 */
export function listPermissions({ caller, world }: ArmCall, scope = ''): Answer {
  const value = world.assignments
    .filter((assignment) => assignment.objectId === caller.objectId && isWithinScope(scope, assignment.scope))
    .map(({ actions, dataActions }) => ({ actions, notActions: [], dataActions, notDataActions: [] }));
  return answerJson(200, { value });
}
