import type { Code } from '../../shared/errors/codes';
import type { Clock, Log } from '../../shared/ports';
import { covers, networkOfOne } from '../address/address';
import { openingMessages } from '../messages/opening';
import { perimeterMessages as messages } from '../messages/perimeter';
import type { DataPlane } from '../ports/data-plane';
import { createProbe, passesNeeded } from '../opening/probe';
import type { ProfileRule } from './profile-rule';

/** What the opening of one vault through a profile needs. */
export interface ProfileOpening {
  /** The vault's name, as the user reads it. */
  readonly vault: string;
  readonly dataPlane: DataPlane;
  /** The step's rule, which other vaults of the step may share. */
  readonly rule: ProfileRule;
  /** The networks to allow, canonical. */
  readonly networks: readonly string[];
  readonly waitForAccess: boolean;
  /** @throws DiagnosedError when a further address of this agent is not to be added. */
  readonly assertMayAdd: (address: string) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Allows the networks in the profile, and waits until the vault accepts this agent. Returns the allowed networks. */
export async function openThroughProfile(opening: ProfileOpening): Promise<readonly string[]> {
  const { clock, log, rule, signal, vault } = opening;
  const started = clock.monotonic();
  const networks = [...opening.networks];
  await rule.admit(networks);
  if (opening.waitForAccess) {
    log.info(messages.takesTime(vault));
    const isAllowed = (address: string) => networks.some((network) => covers(network, address));
    const probe = createProbe({ vault, dataPlane: patient(opening), clock, log, signal, isAllowed });
    while (!(await probe.check(0))) {
      const further = probe.takeBlockedAddress();
      if (further !== undefined) {
        opening.assertMayAdd(further);
        log.info(openingMessages.seenFromAsWell(vault, further));
        networks.push(networkOfOne(further));
        await rule.admit(networks);
        probe.startOver();
      }
    }
  }
  const seconds = ((clock.monotonic() - started) / 1000).toFixed(1);
  log.info(messages.opened(vault, seconds, opening.waitForAccess ? openingMessages.proven(passesNeeded) : ''));
  return networks;
}

/** Rules may take minutes, and a vault answers 4,000 requests in ten seconds: 200 waiting jobs need not ask each second. */
const longestPause = 4_000;
/** This many refusals in a row are collected without a longer pause. */
const eagerChecks = 30;

function patient({ clock, dataPlane, signal }: ProfileOpening): DataPlane {
  const awaiting = awaitingPerimeter(dataPlane);
  let refusals = 0;
  return {
    ...awaiting,
    async checkAccess(given) {
      if (refusals > eagerChecks) {
        await clock.sleep(longestPause, signal);
      }
      const answer = await awaiting.checkAccess(given);
      refusals = answer.kind === 'blocked' ? refusals + 1 : 0;
      return answer;
    },
  };
}

const refusedByNetwork = new Set<Code>(['AKV-PERIMETER', 'AKV-PRIVATE-ONLY']);

/**
 * The data plane of a vault that may not have taken over the perimeter's rules yet: until then it refuses as it did
 * before there was a rule, which is no reason to stop waiting.
 */
export function awaitingPerimeter(dataPlane: DataPlane): DataPlane {
  return {
    ...dataPlane,
    async checkAccess(signal) {
      const answer = await dataPlane.checkAccess(signal);
      return answer.kind === 'refused' && refusedByNetwork.has(answer.diagnosis.code) ? { kind: 'blocked' } : answer;
    },
  };
}
