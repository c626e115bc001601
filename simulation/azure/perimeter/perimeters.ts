/** The state of network security perimeters in the simulated Azure. */
import type { Propagation, PropagatedChange } from '../vault/front-ends';
import { recordChange, seenBy } from '../vault/front-ends';
import type { Perimeter as PerimeterView } from '../vault/firewall';
import { admits } from './access-rules';
import type { AccessRules } from './access-rules';

export type AccessMode = PerimeterView['accessMode'];

/** Versions of Key Vault's API in which a vault shows its perimeter (Azure/azure-rest-api-specs); the first two are to be withdrawn, the last is on a branch. */
export const configurationVersions: readonly string[] = [
  '2024-04-01-preview',
  '2024-12-01-preview',
  '2026-04-01-preview',
];

/** The behavior of a profile in points that the service does not specify. */
export interface ProfileBehavior {
  /** How its rules reach the front ends of associated vaults; up to 14 minutes have been observed. */
  readonly propagation: Propagation;
  /** Whether a write fails if another one of the same profile has ended in the meantime; no source specifies it. */
  readonly refusesOverlap: boolean;
  /** What happens to a rule after it is written. */
  readonly provisioningState: string;
}

export interface Profile extends ProfileBehavior {
  readonly id: string;
  readonly name: string;
  rules: AccessRules;
  history: readonly PropagatedChange<AccessRules>[];
  /** How often its rules have changed. */
  version: number;
}

/** The association of a vault with a profile. */
export interface Association {
  readonly name: string;
  readonly vaultId: string;
  readonly profileId: string;
  readonly accessMode: AccessMode;
  readonly hasProvisioningIssues: boolean;
}

export interface Perimeter {
  readonly id: string;
  readonly name: string;
  readonly guid: string;
  readonly location: string;
  /** By name in lower case. */
  readonly profiles: Map<string, Profile>;
  readonly associations: Association[];
}

export function createProfile(id: string, name: string, behavior: ProfileBehavior): Profile {
  const rules: AccessRules = new Map();
  return { ...behavior, id, name, rules, history: [{ resource: rules, visibleAt: [] }], version: 1 };
}

/** Sets the profile's rules immediately; vaults apply them according to the propagation. */
export function storeRules(profile: Profile, rules: AccessRules, now: number): void {
  profile.rules = rules;
  profile.version += 1;
  profile.history = recordChange(profile.history, rules, profile.propagation, now);
}

/** The association of a vault with a perimeter. */
export interface Placed {
  readonly perimeter: Perimeter;
  readonly profile: Profile;
  readonly association: Association;
}

/** Undefined if the vault is not in a perimeter: it can be in one at most. */
export function findPlace(perimeters: ReadonlyMap<string, Perimeter>, vaultId: string): Placed | undefined {
  for (const perimeter of perimeters.values()) {
    const association = perimeter.associations.find(({ vaultId: id }) => isSameId(id, vaultId));
    const profile = [...perimeter.profiles.values()].find(({ id }) => isSameId(id, association?.profileId ?? ''));
    if (association !== undefined && profile !== undefined) return { perimeter, profile, association };
  }
  return undefined;
}

/** The vault's perimeter as the front end behind a connection sees it. */
export function viewOf(place: Placed, earlierConnections: number, now: number): PerimeterView {
  const { history, propagation } = place.profile;
  const rules = seenBy(history, earlierConnections % propagation.frontEnds, now);
  return {
    accessMode: place.association.accessMode,
    // Service endpoints are refused even with a rule for every address.
    admits: ({ address, via }) => via === undefined && admits(rules, address),
  };
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
