/** Creates perimeters in the simulated Azure and reads them, as their administrators would. */
import type { ServicePorts } from '../http/service-ports';
import { immediatePropagation } from '../vault/front-ends';
import type { Subscription, World } from '../world';
import { acceptName, acceptProperties, addRule, elementsOf } from './access-rules';
import { createProfile, storeRules } from './perimeters';
import type { AccessMode, Perimeter, Profile, ProfileBehavior } from './perimeters';
import { stamp } from '../arm/vaults';

interface NewProfile extends Partial<ProfileBehavior> {
  readonly subscription: Subscription;
  /** Created if the subscription does not have it. */
  readonly resourceGroup: string;
  /** Created if the resource group does not have it. */
  readonly perimeter: string;
  readonly profile: string;
}

interface NewAssociation {
  /** Name of the vault. */
  readonly vault: string;
  readonly profileId: string;
  readonly accessMode: AccessMode;
  readonly hasProvisioningIssues?: boolean;
}

export interface PerimeterAdministration {
  /** Returns the profile's resource id. */
  addProfile(profile: NewProfile): string;
  /** Replaces the vault's association, if it has one. Takes effect immediately. */
  associate(association: NewAssociation): void;
  dissociate(vault: string): void;
  /** Another owner's access rule, in effect immediately. */
  putAccessRule(profileId: string, name: string, properties: Readonly<Record<string, unknown>>): void;
  deleteAccessRule(profileId: string, name: string): void;
  /** The elements of the profile's rules, by the rule's name. */
  accessRules(profileId: string): Readonly<Record<string, readonly unknown[]>>;
  /** The versions in which vaults show their perimeter. */
  offerConfigurations(versions: readonly string[]): void;
}

export function administerPerimeters(world: World, ports: ServicePorts): PerimeterAdministration {
  const dissociate = (vault: string): void => {
    for (const { associations } of world.perimeters.values()) {
      const at = associations.findIndex(({ name }) => name === `${vault}-association`);
      if (at >= 0) associations.splice(at, 1);
    }
  };
  return {
    addProfile: (profile) => addProfile(world, profile, ports),
    dissociate,
    associate: ({ vault, profileId, accessMode, hasProvisioningIssues = false }) => {
      const vaultId = world.vaults.get(vault.toLowerCase())?.resource.id;
      if (vaultId === undefined) throw new Error(`There is no vault '${vault}' in this Azure.`);
      dissociate(vault);
      const name = `${vault}-association`;
      perimeterOf(world, profileId).associations.push({ name, vaultId, profileId, accessMode, hasProvisioningIssues });
    },
    putAccessRule: (profileId, name, properties) => {
      const profile = profileOf(world, profileId);
      acceptName(name);
      const systemData = stamp(undefined, { by: 'someone-else', at: ports.now() });
      const rule = { name, properties: acceptProperties(properties), systemData };
      storeRules(profile, addRule(profile.rules, rule), ports.now());
    },
    deleteAccessRule: (profileId, name) => {
      const profile = profileOf(world, profileId);
      const rest = [...profile.rules].filter(([key]) => key !== name.toLowerCase());
      storeRules(profile, new Map(rest), ports.now());
    },
    accessRules: (profileId) => {
      const rules = [...profileOf(world, profileId).rules.values()];
      return Object.fromEntries(rules.map(({ name, properties }) => [name, elementsOf(properties)]));
    },
    offerConfigurations: (versions) => {
      world.settings.configurationVersions = versions;
    },
  };
}

function addProfile(
  world: World,
  { subscription, resourceGroup, perimeter, profile, ...given }: NewProfile,
  ports: ServicePorts,
) {
  acceptName(perimeter);
  acceptName(profile);
  const location = 'westeurope';
  subscription.resourceGroups.set(resourceGroup.toLowerCase(), { name: resourceGroup, location });
  const group = `/subscriptions/${subscription.id}/resourceGroups/${resourceGroup}`;
  const id = `${group}/providers/Microsoft.Network/networkSecurityPerimeters/${perimeter}`;
  const place: Perimeter = world.perimeters.get(id.toLowerCase()) ?? {
    ...{ id, name: perimeter, guid: ports.newId(), location, profiles: new Map(), associations: [] },
  };
  world.perimeters.set(id.toLowerCase(), place);
  const behavior = {
    propagation: immediatePropagation,
    refusesOverlap: false,
    provisioningState: 'Succeeded',
    ...given,
  };
  const profileId = `${id}/profiles/${profile}`;
  place.profiles.set(profile.toLowerCase(), createProfile(profileId, profile, behavior));
  return profileId;
}

function perimeterOf(world: World, profileId: string): Perimeter {
  const perimeter = world.perimeters.get(profileId.toLowerCase().replace(/\/profiles\/[^/]+$/, ''));
  if (perimeter === undefined) throw new Error(`There is no perimeter for '${profileId}' in this Azure.`);
  return perimeter;
}

function profileOf(world: World, profileId: string): Profile {
  const profile = perimeterOf(world, profileId).profiles.get(profileId.split('/').at(-1)?.toLowerCase() ?? '');
  if (profile === undefined) throw new Error(`There is no profile '${profileId}' in this Azure.`);
  return profile;
}
