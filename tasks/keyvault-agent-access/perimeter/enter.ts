import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';
import { privateOnly } from '../../shared/errors/network-access';
import { perimeterMessages as messages, wayMessages } from '../messages/perimeter';
import { findNetworks, unchanged } from '../address/networks';
import { assertMayAdd, type OpenSettings } from '../opening/admit';
import { nothingToDo, type Plan } from '../opening/plan';
import type { AccessCheck, AddressLookup, DataPlane } from '../ports/data-plane';
import { passesNeeded } from '../opening/probe';
import type { VaultState } from '../protocol/vault-state';
import { awaitingPerimeter, openThroughProfile, type ProfileOpening } from './open-profile';
import type { Perimeters } from './perimeters';
import type { Association } from '../ports/profile';
import { parseProfileId, type ProfileId } from '../resource-ids/profile-id';
import { decideWay } from './way';

/** What it takes to plan the opening of one vault. */
export interface Entry extends Pick<ProfileOpening, 'clock' | 'log' | 'signal'> {
  /** The vault's name, as the user reads it. */
  readonly vault: string;
  readonly dataPlane: DataPlane;
  readonly settings: OpenSettings;
  readonly lookups: readonly AddressLookup[];
  readonly perimeters: Perimeters;
  /** Called before a rule of a perimeter is added, which takes longer than one of a firewall. */
  readonly onUse: () => void;
}

/** Opens the vault through the profile that the user gave. Nothing is asked or changed of the vault itself. */
export async function openInProfile(profile: ProfileId, entry: Entry): Promise<readonly string[]> {
  return (await planInProfile(profile, entry)).open();
}

/** What that takes; nothing is changed yet. */
export async function planInProfile(profile: ProfileId, entry: Entry): Promise<Plan> {
  const first = await checkFirst(entry);
  entry.log.info(messages.byInput(entry.vault, profile.title));
  return planIn(profile, first, entry);
}

/**
 * What opening the vault takes if the perimeter with which it is associated decides about this agent; `undefined` when
 * the vault's own firewall does, or a private endpoint. Nothing is changed yet.
 *
 * @throws DiagnosedError when a perimeter decides and no rule can be added.
 */
export async function planIfPerimeterDecides(state: VaultState, entry: Entry): Promise<Plan | undefined> {
  const { log, perimeters, vault } = entry;
  const first = await checkFirst(entry);
  if (state.exposure === 'firewalled' && isOfFirewallAlone(first)) {
    return undefined;
  }
  const lookup = await perimeters.associationOf(state.id);
  const way = decideWay({ exposure: state.exposure, byPerimeter: isByPerimeter(first), lookup });
  if (way.kind === 'perimeter') {
    return planInAssociated(way.association, first, entry);
  }
  if (way.kind === 'firewall') {
    logFirewall(way.association, entry);
    return undefined;
  }
  if (first.kind === 'passed') {
    log.info(messages.allowedAlready(vault));
    return nothingToDo;
  }
  const info = await entry.dataPlane.readNetworkInfo(entry.signal);
  if (info?.path === 'privateLink') {
    return undefined;
  }
  throw new DiagnosedError(toDiagnosis(way, state));
}

function planInAssociated(association: Association, first: AccessCheck, entry: Entry): Promise<Plan> {
  const { log, vault } = entry;
  const profile = parseProfileId(association.profileId);
  if (profile === undefined) {
    throw new DiagnosedError({ code: 'AKV-PERIMETER', ...wayMessages.unknown(vault, association.profileId) });
  }
  log.info(messages.byAssociation(vault, profile.title, association.accessMode));
  if (association.issues.length > 0) {
    log.warning(messages.issues(vault, association.issues));
  }
  return planIn(profile, first, entry);
}

function logFirewall(association: Association | undefined, { log, vault }: Entry): void {
  const profile = parseProfileId(association?.profileId ?? '');
  if (association !== undefined && profile !== undefined) {
    log.info(messages.firewallDecides(vault, profile.title, association.accessMode));
  }
}

/** An agent that is accepted already needs a rule of its own unless a permanent rule allows it. */
async function planIn(profile: ProfileId, first: AccessCheck, entry: Entry): Promise<Plan> {
  const { log, perimeters, settings, vault } = entry;
  const networks = await findNetworks(settings.networks, { ...entry, dataPlane: awaitingPerimeter(entry.dataPlane) });
  const isAllowed =
    networks.length === 0 || (first.kind === 'passed' && (await perimeters.hasPermanentRule(profile, networks)));
  if (isAllowed) {
    log.info(messages.allowedAlready(vault));
    return nothingToDo;
  }
  return { kind: 'perimeter', profile, networks, open: () => openBy(profile, networks, entry) };
}

function openBy(profile: ProfileId, networks: readonly string[], entry: Entry): Promise<readonly string[]> {
  const { clock, dataPlane, log, perimeters, settings, signal, vault } = entry;
  entry.onUse();
  return openThroughProfile({
    ...{ vault, dataPlane, rule: perimeters.ruleIn(profile), networks, clock, log, signal },
    waitForAccess: settings.waitForAccess,
    assertMayAdd: (address) => {
      assertMayAdd(address, settings, vault);
    },
  });
}

/** The first answer that is no pass, or a pass when {@link passesNeeded} new connections in a row are accepted. */
async function checkFirst({ dataPlane, signal }: Entry): Promise<AccessCheck> {
  let answer: AccessCheck = { kind: 'passed' };
  for (let passes = 0; answer.kind === 'passed' && passes < passesNeeded; passes += 1) {
    answer = await dataPlane.checkAccess(signal);
  }
  if (answer.kind === 'refused' && !isByNetwork(answer.diagnosis)) {
    throw new DiagnosedError(answer.diagnosis);
  }
  return answer;
}

const networkCodes = new Set<string>(['AKV-PERIMETER', 'AKV-PRIVATE-ONLY', 'AKV-SUBNET']);

function isByNetwork({ code }: Diagnosis): boolean {
  return networkCodes.has(code);
}

function isByPerimeter(answer: AccessCheck): boolean {
  return answer.kind === 'refused' && answer.diagnosis.code === 'AKV-PERIMETER';
}

/** True when no perimeter took part in the answer, so that Azure need not be asked for one. */
function isOfFirewallAlone(answer: AccessCheck): boolean {
  return answer.kind === 'unclear' || (answer.kind === 'blocked' && answer.consultsPerimeter !== true);
}

function toDiagnosis(
  way: Exclude<ReturnType<typeof decideWay>, { kind: 'perimeter' | 'firewall' }>,
  state: VaultState,
): Diagnosis {
  const { name, url } = state;
  switch (way.kind) {
    case 'unassociated':
      return { code: 'AKV-PERIMETER', ...wayMessages.unassociated(name) };
    case 'unknown':
      return { code: 'AKV-PERIMETER', ...wayMessages.unknown(name, way.reason) };
    case 'private': {
      const diagnosis = unchanged(privateOnly(name, new URL(url).host));
      const more = way.reason === undefined ? [] : [wayMessages.mayBeInPerimeter(way.reason)];
      return { ...diagnosis, remedy: [...diagnosis.remedy, ...more] };
    }
  }
}
