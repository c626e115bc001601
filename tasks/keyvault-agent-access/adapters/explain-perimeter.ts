import type { Diagnosis } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { readFault, type Fault } from '../../shared/errors/fault';
import { principalOf } from '../../shared/errors/principal';
import { quoteAzure } from '../../shared/errors/quote';
import { perimeterRefusals as refusals } from '../messages/perimeter';
import type { ProfileId } from '../resource-ids/profile-id';

/** What a refusal of a request for access rules means; the shared catalog explains the same codes for vaults. */
export function explainRuleFault(error: unknown, profile: ProfileId, given: FailureContext): Diagnosis {
  const fault = readFault(error);
  const context = { ...given, resourceId: profile.id };
  const diagnosis = diagnosisOf(fault, profile);
  if (diagnosis === undefined) {
    return explain(error, context).diagnosis;
  }
  const { requestId } = fault;
  const said = quoteAzure(fault, context);
  return {
    ...diagnosis,
    ...(said === undefined ? {} : { said }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function diagnosisOf({ code, message, status }: Fault, profile: ProfileId): Diagnosis | undefined {
  const { id, subscription, title } = profile;
  switch (code.toLowerCase()) {
    case 'authorizationfailed':
      return {
        code: 'AKV-ARM-ACCESS',
        ...refusals.unauthorized(title, subscription, id, principalOf(message).assignee),
      };
    case 'requestdisallowedbypolicy':
      return { code: 'AKV-ARM-POLICY', ...refusals.policy(title) };
    case 'scopelocked':
      return { code: 'AKV-ARM-LOCK', ...refusals.locked(title, id) };
    case 'resourcenotfound':
    case 'parentresourcenotfound':
    case 'resourcegroupnotfound':
      return { code: 'AKV-ARM-NOT-FOUND', ...refusals.missing(title) };
    default:
      return status === 409 || status === 412 ? { code: 'AKV-ARM-CONFLICT', ...refusals.conflict(title) } : undefined;
  }
}
