import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';
import { firewallOperatorRemedy } from '../../shared/errors/explain-arm';
import { principalOf } from '../../shared/errors/principal';
import type { Log } from '../../shared/ports';
import { checkMessages as messages } from '../messages/check';
import { perimeterRefusals, ruleActions } from '../messages/perimeter';
import type { Plan } from '../opening/plan';
import type { DataPlane } from '../ports/data-plane';
import { hasRule, isCoveredByOthers } from '../protocol/change';
import { missingActions } from './missing-actions';
import type { Permissions } from '../ports/permissions';

interface CheckParts {
  /** The vault's name, as the user reads it. */
  readonly vault: string;
  readonly dataPlane: DataPlane;
  readonly permissionsOn: (scope: string) => Promise<Permissions>;
  /** Whether the step would write leases. */
  readonly leased: boolean;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A change that the task would make, and what that takes. */
interface Change {
  /** Completes "the task would ...". */
  readonly what: string;
  readonly scope: string;
  readonly actions: readonly string[];
  /** What is wrong when the identity lacks these of the actions. */
  readonly refusal: (missing: readonly string[]) => Diagnosis;
}

/**
 * Reports what opening the vault would change, and whether the identity is allowed to do that. Changes nothing. Returns
 * the cells of the vault's row: its answer now, the change, the permissions.
 *
 * @throws DiagnosedError AKV-ARM-ACCESS when Azure shows that the identity lacks a permission.
 */
export async function checkVault(plan: Plan, parts: CheckParts): Promise<readonly string[]> {
  const { dataPlane, log, signal, vault } = parts;
  const answer = await dataPlane.checkAccess(signal);
  const now = messages.now[answer.kind === 'refused' ? 'blocked' : answer.kind];
  const change = changeOf(plan, parts);
  if (typeof change === 'string') {
    return [now, change, messages.noneNeeded];
  }
  log.info(messages.would(vault, change.what));
  log.info(messages.permissionsNeeded(change.actions));
  return [now, change.what, await checkPermissions(change, parts)];
}

async function checkPermissions(change: Change, { log, permissionsOn }: CheckParts): Promise<string> {
  const permissions = await permissionsOn(change.scope);
  if (permissions.kind === 'unknown') {
    log.info(messages.permissionsUnknown(permissions.reason));
    return messages.notVisible;
  }
  const missing = missingActions(change.actions, permissions.permissions);
  if (missing.length > 0) {
    throw new DiagnosedError(change.refusal(missing));
  }
  return messages.sufficient;
}

/** A text when there is nothing to change. */
function changeOf(plan: Plan, parts: CheckParts): Change | string {
  switch (plan.kind) {
    case 'nothing':
      return messages.nothing;
    case 'firewall':
      return changeOfFirewall(plan, parts);
    case 'perimeter': {
      const { networks, profile } = plan;
      const { id, subscription, title } = profile;
      return {
        what: messages.addProfileRule(networks, title),
        scope: id,
        actions: ruleActions,
        refusal: () => ({
          code: 'AKV-ARM-ACCESS',
          ...perimeterRefusals.unauthorized(title, subscription, id, principalOf('').assignee),
        }),
      };
    }
  }
}

const vaultActions = ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/write'];

function changeOfFirewall(
  { networks, state }: Extract<Plan, { kind: 'firewall' }>,
  { leased, vault }: CheckParts,
): Change | string {
  const isTheirs = (network: string) => isCoveredByOthers(state, network) || (!leased && hasRule(state, network));
  const wanted = networks.filter((network) => !isTheirs(network));
  const added = wanted.filter((network) => !hasRule(state, network));
  if (wanted.length === 0) {
    return messages.allowedAlready;
  }
  const add = leased ? messages.addRuleAndLease : messages.addRule;
  return {
    what: added.length > 0 ? add(added) : messages.shareRule(wanted),
    scope: state.id,
    actions: vaultActions,
    refusal: (missing) => ({
      code: 'AKV-ARM-ACCESS',
      summary: messages.lacking(vault, missing),
      remedy: firewallOperatorRemedy(state.id, principalOf('').assignee),
    }),
  };
}
