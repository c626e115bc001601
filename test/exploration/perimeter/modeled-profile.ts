import { Refused } from '../../../simulation/azure/http/exchange';
import { acceptProperties, addRule, admits } from '../../../simulation/azure/perimeter/access-rules';
import { createProfile, storeRules } from '../../../simulation/azure/perimeter/perimeters';
import { seenBy, type Propagation } from '../../../simulation/azure/vault/front-ends';
import type { AccessRule } from '../../../tasks/keyvault-agent-access/ports/profile';

/** A profile with the rules of the simulated Azure, on the virtual clock. */
export interface ModeledProfile {
  show(): readonly AccessRule[];
  /** The status that Azure answers. */
  put(name: string, networks: readonly string[], at: number): number;
  remove(name: string, at: number): number;
  /** The networks of a rule; empty when it is not there. */
  networksOf(name: string): readonly string[];
  names(): readonly string[];
  isAdmittedAt(frontEnd: number, address: string, at: number): boolean;
}

const systemData = {
  createdBy: 'x',
  createdByType: 'Application',
  createdAt: '',
  lastModifiedBy: 'x',
  lastModifiedByType: 'Application',
  lastModifiedAt: '',
};

export function createModeledProfile(
  foreign: Readonly<Record<string, readonly string[]>>,
  propagation: Propagation,
): ModeledProfile {
  const behavior = { propagation, refusesOverlap: false, provisioningState: 'Succeeded' };
  const profile = createProfile('/profiles/shop', 'shop', behavior);
  const put = (name: string, addressPrefixes: readonly string[], at: number): number => {
    try {
      const properties = acceptProperties({ direction: 'Inbound', addressPrefixes });
      storeRules(profile, addRule(profile.rules, { name, properties, systemData }), at);
      return 200;
    } catch (error) {
      if (error instanceof Refused) return error.answer.status;
      throw error;
    }
  };
  for (const [name, networks] of Object.entries(foreign)) put(name, networks, -Infinity);
  const networksOf = (name: string) => (profile.rules.get(name)?.properties.addressPrefixes ?? []).map(String);
  return {
    put,
    networksOf,
    show: () =>
      [...profile.rules.keys()].map((name) => ({
        name,
        networks: networksOf(name),
        elements: networksOf(name).length,
      })),
    remove: (name, at) => {
      const rules = new Map(profile.rules);
      if (!rules.delete(name)) return 204;
      storeRules(profile, rules, at);
      return 200;
    },
    names: () => [...profile.rules.keys()],
    isAdmittedAt: (frontEnd, address, at) => admits(seenBy(profile.history, frontEnd, at), address),
  };
}
