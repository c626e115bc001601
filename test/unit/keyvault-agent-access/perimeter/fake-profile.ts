import type { AccessRule, ProfileRules, RuleOutcome } from '../../../../tasks/keyvault-agent-access/ports/profile';
import type { RuleParts } from '../../../../tasks/keyvault-agent-access/perimeter/write-rule';
import type { Diagnosis } from '../../../../tasks/shared/errors/diagnosis';
import { fakeClock, fakeLog, signal } from '../fake-ports';
import { noDeadline } from '../../../fixtures/deadlines';

export const profileId =
  '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/network/providers/Microsoft.Network/networkSecurityPerimeters/contoso-perimeter/profiles/shop';

/** Azure's clock when a test begins: an hour behind the agent's. */
export const azureStart = Date.UTC(2026, 0, 15, 11);

/** The result of a PUT or DELETE; `undefined` lets Azure do it. */
type RuleInterference = (call: string, count: number) => RuleOutcome | undefined;

/** A profile whose rules change immediately. */
export interface FakeProfile extends ProfileRules {
  readonly rules: Map<string, readonly string[]>;
  /** Each call as `PUT name networks`, `DELETE name` or `LIST`. */
  readonly calls: string[];
  azureTime: number;
}

export function fakeProfile(
  others: Readonly<Record<string, readonly string[]>> = {},
  interfere: RuleInterference = () => undefined,
): FakeProfile {
  const rules = new Map(Object.entries(others));
  const calls: string[] = [];
  const send = (call: string, work: () => void): Promise<RuleOutcome> => {
    calls.push(call);
    const outcome = interfere(call, calls.filter((one) => one.startsWith(call.slice(0, 3))).length);
    if (outcome === undefined) work();
    return Promise.resolve(outcome ?? { kind: 'done' });
  };
  const profile: FakeProfile = {
    rules,
    calls,
    azureTime: azureStart,
    list: () => {
      calls.push('LIST');
      const shown = [...rules].map(([name, networks]): AccessRule => ({ name, networks, elements: networks.length }));
      return Promise.resolve({ rules: shown, azureTime: profile.azureTime });
    },
    put: (name, networks) => send(`PUT ${name} ${networks.join(' ')}`, () => rules.set(name, networks)),
    remove: (name) => send(`DELETE ${name}`, () => rules.delete(name)),
  };
  return profile;
}

export const diagnosis: Diagnosis = { code: 'AKV-ARM-CONFLICT', summary: 'busy', remedy: [] };
export const refused: RuleOutcome = { kind: 'refused', diagnosis, mayBeFull: true };
export const unclear: RuleOutcome = { kind: 'uncertain', reason: 'HTTP 409', diagnosis };

/** What writing the rules of this profile takes, with a log to read. */
export function ruleParts(profile: FakeProfile) {
  const [clock, log] = [fakeClock(), fakeLog()];
  const parts: RuleParts = {
    profile: 'contoso-perimeter/shop',
    rules: profile,
    clock,
    random: () => 0.5,
    log,
    signal,
    deadline: noDeadline,
  };
  return { clock, log, parts };
}
