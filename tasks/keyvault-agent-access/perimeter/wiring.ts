import { log } from '../../shared/agent/agent';
import { readJob } from '../../shared/agent/job';
import { readJobKey } from '../../shared/agent/job-key';
import type { PhaseTime } from '../../shared/agent/phase';
import { systemClock as clock } from '../../shared/clock';
import type { Azure } from '../../shared/wiring';
import { findAssociation } from '../adapters/arm-association';
import { createProfileRules } from '../adapters/arm-perimeter';
import type { AgentAccessInputs } from '../inputs/inputs';
import { leaseIdOf } from '../protocol/lease';
import type { Ledger } from '../protocol/ledger';
import { createPerimeters, type Perimeters } from './perimeters';

/** The profiles of perimeters, as this service connection can work with them. */
export function connectPerimeters(
  azure: Azure,
  { leaseMinutes, networks }: Pick<AgentAccessInputs, 'leaseMinutes' | 'networks'>,
  ledger: Ledger,
  time: PhaseTime,
): Perimeters {
  const request = { ...azure, cloud: azure.connection.cloud };
  return createPerimeters({
    rulesOf: (profile) => createProfileRules(profile, request),
    associationOf: (vaultId) => findAssociation(vaultId, request, time.signal),
    leaseIdOf: (resourceId) => leaseIdOf(readJobKey(), readJob().stepId, resourceId),
    ...{ ledger, leaseMinutes, areGiven: networks.length > 0, clock, random: Math.random, log, ...time },
  });
}
