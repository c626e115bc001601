import assert from 'node:assert/strict';
import { noDeadline } from '../../../fixtures/deadlines';
import {
  openInProfile,
  planIfPerimeterDecides,
  type Entry,
} from '../../../../tasks/keyvault-agent-access/perimeter/enter';
import { createPerimeters } from '../../../../tasks/keyvault-agent-access/perimeter/perimeters';
import type { AssociationLookup } from '../../../../tasks/keyvault-agent-access/ports/profile';
import { parseProfileId } from '../../../../tasks/keyvault-agent-access/resource-ids/profile-id';
import { toRuleName } from '../../../../tasks/keyvault-agent-access/perimeter/rule-name';
import type { AccessCheck, NetworkInfo } from '../../../../tasks/keyvault-agent-access/ports/data-plane';
import { openLedger } from '../../../../tasks/keyvault-agent-access/protocol/ledger';
import type { VaultState } from '../../../../tasks/keyvault-agent-access/protocol/vault-state';
import type { Diagnosis } from '../../../../tasks/shared/errors/diagnosis';
import { blocked, fakeClock, fakeDataPlane, fakeLog, fakeMemory, passed, signal } from '../fake-ports';
import { azureStart, fakeProfile, profileId } from './fake-profile';

const profile = parseProfileId(profileId)!;
const agent: NetworkInfo = { path: 'public', address: '20.1.2.3' };
const refusal = (code: Diagnosis['code']): AccessCheck => ({
  kind: 'refused',
  diagnosis: { code, summary: 'refused', remedy: [] },
});
const enforced: AssociationLookup = {
  kind: 'found',
  association: { profileId, accessMode: 'Enforced', issues: [] },
};
const unknown: AssociationLookup = { kind: 'unknown', reason: 'Azure does not offer this information here' };
const rule = toRuleName({ expires: azureStart + 3_600_000, leaseId: 'other0' });

interface Situation {
  readonly checks: readonly AccessCheck[];
  readonly infos?: readonly (NetworkInfo | undefined)[];
  readonly lookup?: AssociationLookup;
  readonly exposure?: VaultState['exposure'];
  readonly rules?: Readonly<Record<string, readonly string[]>>;
  readonly networks?: readonly string[];
}

/** A vault and its profile, before anything has been done. */
function enter({
  checks,
  infos = [agent],
  lookup = enforced,
  exposure = 'firewalled',
  rules,
  networks = [],
}: Situation) {
  const [clock, log, dataPlane, rulesOfProfile] = [
    fakeClock(),
    fakeLog(),
    fakeDataPlane(infos, checks),
    fakeProfile(rules),
  ];
  const calls = { lookups: 0, uses: 0 };
  const perimeters = createPerimeters({
    rulesOf: () => rulesOfProfile,
    associationOf: () => {
      calls.lookups += 1;
      return Promise.resolve(lookup);
    },
    leaseIdOf: () => 'mine00',
    ...{ ledger: openLedger(fakeMemory()), leaseMinutes: 390, areGiven: networks.length > 0 },
    ...{ clock, random: () => 0.5, log, signal, deadline: noDeadline },
  });
  const settings = { networks, leased: true, leaseMinutes: 390, waitForAccess: true };
  const entry: Entry = {
    ...{ vault: 'app-kv', dataPlane, settings, lookups: [], perimeters, clock, log, signal },
    onUse: () => {
      calls.uses += 1;
    },
  };
  const state = { id: '/vault', name: 'app-kv', url: 'https://app-kv.vault.azure.net', exposure } as VaultState;
  return {
    ...{ clock, log, dataPlane, profile: rulesOfProfile, calls },
    given: () => openInProfile(profile, entry),
    found: async () => (await planIfPerimeterDecides(state, entry))?.open(),
  };
}

const added = ({ rules }: { rules: ReadonlyMap<string, readonly string[]> }) => [...rules.values()];

describe('the way into a vault that may be in a perimeter', () => {
  it('is no change for an agent that is already accepted, regardless of the properties', async () => {
    for (const exposure of ['open', 'firewalled', 'private', 'perimeter'] as const) {
      const { found, profile: rules, log } = enter({ checks: [passed], exposure, rules: { office: ['20.1.0.0/16'] } });
      assert.deepEqual(await found(), []);
      assert.equal(rules.calls.filter((call) => call.startsWith('PUT')).length, 0);
      assert.match(log.lines.join('\n'), /app-kv accepts this agent already: nothing to do/);
    }
  });

  it("needs three passes in a row: a front end may not know yet that another job's rule is gone", async () => {
    const { found, profile: rules } = enter({ checks: [passed, passed, refusal('AKV-PERIMETER'), passed] });
    assert.deepEqual(await found(), ['20.1.2.3/32']);
    assert.deepEqual(added(rules), [['20.1.2.3/32']]);
  });

  it('adds a rule if only the rule of another job with the same address allows the agent', async () => {
    for (const way of ['given', 'found'] as const) {
      const situation = enter({ checks: [passed], rules: { [rule]: ['20.1.2.3/32'], office: ['20.9.0.0/16'] } });
      assert.deepEqual(await situation[way](), ['20.1.2.3/32']);
      assert.deepEqual(added(situation.profile), [['20.1.2.3/32'], ['20.9.0.0/16'], ['20.1.2.3/32']]);
    }
  });

  it('adds a rule if no rule explains that the agent is accepted: the vault may still apply a removed rule', async () => {
    const { given, profile: rules } = enter({ checks: [passed], rules: { office: ['20.9.0.0/16'] } });
    assert.deepEqual(await given(), ['20.1.2.3/32']);
    assert.deepEqual(added(rules), [['20.9.0.0/16'], ['20.1.2.3/32']]);
  });

  it('is no change if a rule for a subscription or a service tag may allow the agent', async () => {
    const { given, profile: rules } = enter({ checks: [passed] });
    rules.list = () =>
      Promise.resolve({ rules: [{ name: 'cloud', networks: [], elements: 1 }], azureTime: azureStart });
    assert.deepEqual(await given(), []);
  });

  it("asks nothing about a perimeter when the vault's firewall alone refuses", async () => {
    const { found, calls } = enter({ checks: [blocked('20.1.2.3')] });
    assert.equal(await found(), undefined);
    assert.equal(calls.lookups, 0);
  });

  it('reads the association if the firewall refuses with the message for both, and follows it', async () => {
    const both: AccessCheck = { kind: 'blocked', address: '20.1.2.3', consultsPerimeter: true };
    const { found, profile: rules } = enter({ checks: [both, passed] });
    assert.deepEqual(await found(), ['20.1.2.3/32']);
    assert.deepEqual(added(rules), [['20.1.2.3/32']]);
    const learning = {
      ...enforced,
      association: { profileId, accessMode: 'Learning', issues: [] },
    } as AssociationLookup;
    for (const lookup of [learning, unknown, { kind: 'none' } as const]) {
      assert.equal(await enter({ checks: [both], lookup }).found(), undefined, lookup.kind);
    }
  });

  it('is the perimeter if public access is disabled, regardless of the refusal', async () => {
    for (const code of ['AKV-PERIMETER', 'AKV-PRIVATE-ONLY'] as const) {
      const {
        found,
        profile: rules,
        calls,
      } = enter({ checks: [refusal(code), refusal(code), passed], exposure: 'private' });
      assert.deepEqual(await found(), ['20.1.2.3/32']);
      assert.deepEqual(added(rules), [['20.1.2.3/32']]);
      assert.equal(calls.uses, 1);
    }
  });

  it('waits 14 minutes with fewer and fewer requests', async () => {
    const { given, clock, dataPlane } = enter({ checks: [refusal('AKV-PERIMETER')] });
    const check = dataPlane.checkAccess.bind(dataPlane);
    dataPlane.checkAccess = async (given) => (clock.at > 840_000 ? passed : check(given));
    assert.deepEqual(await given(), ['20.1.2.3/32']);
    assert.ok(clock.at > 840_000 && clock.at < 860_000, String(clock.at));
    assert.ok(dataPlane.checks < 220, String(dataPlane.checks));
  });

  it('changes nothing, and says what to do, where no rule can help or the profile is not known', async () => {
    const cases: [VaultState['exposure'], AccessCheck, AssociationLookup, RegExp][] = [
      [
        'perimeter',
        refusal('AKV-PERIMETER'),
        { kind: 'none' },
        /AKV-PERIMETER: .* is associated with none.*Associate it/s,
      ],
      ['perimeter', refusal('AKV-PERIMETER'), unknown, /AKV-PERIMETER: .*Set 'perimeterProfile' to the resource id/s],
      ['firewalled', refusal('AKV-PERIMETER'), unknown, /AKV-PERIMETER: .*\(Azure does not offer this/s],
      ['private', refusal('AKV-PRIVATE-ONLY'), { kind: 'none' }, /AKV-PRIVATE-ONLY: .*Nothing was changed/s],
      [
        'private',
        refusal('AKV-PRIVATE-ONLY'),
        unknown,
        /AKV-PRIVATE-ONLY: .*in a network security perimeter, which Azure/s,
      ],
    ];
    for (const [exposure, check, lookup, says] of cases) {
      const { found, profile: rules } = enter({ checks: [check], exposure, lookup });
      await assert.rejects(found(), says);
      assert.deepEqual(rules.calls, []);
    }
  });

  it('is the private endpoint if there is one', async () => {
    const infos: NetworkInfo[] = [{ path: 'privateLink' }];
    const { given, profile: rules } = enter({ checks: [passed], infos });
    assert.deepEqual(await given(), []);
    assert.equal(await enter({ checks: [blocked()], infos, exposure: 'private', lookup: unknown }).found(), undefined);
    assert.ok(rules.calls.every((call) => call === 'LIST'));
  });

  it('does not exist for a service endpoint: a rule for an address would not help', async () => {
    const infos: NetworkInfo[] = [{ path: 'subnet', subnet: '/subscriptions/x/subnets/build' }];
    const { given, profile: rules } = enter({ checks: [refusal('AKV-PERIMETER')], infos });
    await assert.rejects(given(), /AKV-SUBNET/);
    assert.equal(rules.calls.filter((call) => call.startsWith('PUT')).length, 0);
  });

  it('ends immediately if the vault does not accept the token', async () => {
    await assert.rejects(enter({ checks: [refusal('AKV-UNAUTHORIZED')] }).given(), /AKV-UNAUTHORIZED/);
  });

  it('warns of what Azure reports about the association', async () => {
    const association = { profileId, accessMode: 'Enforced', issues: ['The vault lags behind.'] };
    const { found, log } = enter({
      checks: [refusal('AKV-PERIMETER'), passed],
      lookup: { kind: 'found', association },
    });
    await found();
    assert.match(log.lines.join('\n'), /warning: Azure reports a problem with .*'app-kv': The vault lags behind\./);
  });

  it("allows the user's networks instead of the agent's", async () => {
    const networks = ['20.5.0.0/28'];
    const { given, profile: rules, dataPlane } = enter({ checks: [refusal('AKV-PERIMETER'), passed], networks });
    assert.deepEqual(await given(), networks);
    assert.deepEqual([added(rules), dataPlane.infosRead], [[networks], 0]);
  });
});
