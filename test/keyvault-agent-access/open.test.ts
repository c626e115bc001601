import assert from 'node:assert/strict';
import { readLeases } from '../../tasks/keyvault-agent-access/lease';
import { openLedger } from '../../tasks/keyvault-agent-access/ledger';
import { openVault, type OpenParts, type OpenSettings } from '../../tasks/keyvault-agent-access/open';
import type { AddressLookup, Knock, NetworkInfo } from '../../tasks/keyvault-agent-access/ports';
import type { VaultResource, WriteOutcome } from '../../tasks/keyvault-agent-access/ports';
import { readVaultState } from '../../tasks/keyvault-agent-access/vault-state';
import { blocked, fakeClock, fakeDoor, fakeLog, fakeMemory, fakeVault, passed, signal } from './fake-ports';
import type { Interference } from './fake-ports';
import { resourceId, vaultResource, type VaultFacts } from './vault-fixture';

interface Situation extends VaultFacts {
  readonly settings?: Partial<OpenSettings>;
  readonly infos?: readonly (NetworkInfo | undefined)[];
  readonly knocks?: readonly Knock[];
  readonly lookups?: readonly AddressLookup[];
  readonly interfere?: Interference;
}

const agent: NetworkInfo = { path: 'public', address: '20.1.2.3' };
const rulesOf = (resource: VaultResource): readonly unknown[] =>
  readVaultState(resource).ipRules.map(({ value }) => value);
const leasesOf = (resource: VaultResource) => readLeases(readVaultState(resource).tags).map(({ lease }) => lease);

function opening({ settings, infos = [agent], knocks = [passed], lookups = [], interfere, ...facts }: Situation = {}) {
  const vault = fakeVault(vaultResource(facts), interfere);
  const [clock, log, memory, door] = [fakeClock(), fakeLog(), fakeMemory(), fakeDoor(infos, knocks)];
  const wish = { networks: [], leased: true, leaseMinutes: 390, waitForAccess: true, ...settings };
  const parts: OpenParts = {
    ...{ vault: 'app-kv', manager: vault, doorOf: () => door, lookups, ledger: openLedger(memory), clock, log, signal },
    random: () => 0.5,
  };
  const run = () => openVault(wish, { ...parts, ledger: openLedger(memory) });
  return { vault, clock, log, memory, door, run };
}

describe('open', () => {
  it("adds a rule for the agent's address with a lease, and says until when", async () => {
    const { run, vault, log, clock } = opening({ ipRules: ['30.0.0.0/8'], tags: { owner: 'team-a' } });
    assert.deepEqual(await run(), ['20.1.2.3/32']);
    assert.deepEqual(rulesOf(vault.resource), ['30.0.0.0/8', '20.1.2.3/32']);
    assert.equal(leasesOf(vault.resource)[0]?.rule, '20.1.2.3/32');
    assert.equal(vault.patches.length, 1);
    assert.ok(clock.at >= 5_000);
    assert.deepEqual(log.lines.slice(0, 2), [
      'This agent reaches app-kv from 20.1.2.3 (told by the vault itself).',
      '  Firewall of app-kv: 20.1.2.3/32 added, with lease i00000 until 2026-01-01T06:30Z; 1 other rules untouched.',
    ]);
  });

  it('records what it is about to add before the vault is touched', async () => {
    const { run, memory } = opening({
      interfere: () => {
        assert.deepEqual(openLedger(memory).all(), [
          { resourceId, leaseId: 'i00000', rules: ['20.1.2.3/32'], leased: true, added: false },
        ]);
        return undefined;
      },
    });
    await run();
    assert.equal(openLedger(memory).find(resourceId)?.added, true);
  });

  describe('changes nothing', () => {
    const rows: readonly (Situation & { title: string; line: RegExp; networks: readonly string[] })[] = [
      {
        title: 'when the firewall is open to everybody',
        properties: { networkAcls: undefined },
        networks: [],
        line: /open to everybody \(default action Allow\): nothing to do/,
      },
      {
        title: 'behind a private endpoint',
        infos: [{ path: 'privateLink', address: '10.1.2.3' }],
        networks: [],
        line: /by a private endpoint: nothing to do/,
      },
      {
        title: 'behind a private endpoint of a vault without public access',
        properties: { publicNetworkAccess: 'Disabled' },
        infos: [{ path: 'privateLink' }],
        networks: [],
        line: /by a private endpoint: nothing to do/,
      },
      {
        title: 'behind a private endpoint of a vault in a perimeter',
        properties: { publicNetworkAccess: 'SecuredByPerimeter' },
        infos: [{ path: 'privateLink' }],
        networks: [],
        line: /by a private endpoint: nothing to do/,
      },
      {
        title: 'when a rule of somebody else holds the address',
        ipRules: ['20.1.0.0/16'],
        networks: ['20.1.2.3/32'],
        line: /20\.1\.2\.3\/32 is let in by a rule of somebody else: nothing added, nothing will be removed/,
      },
      {
        title: 'when somebody else has the very rule, without coordination',
        ipRules: ['20.1.2.3'],
        settings: { leased: false },
        networks: ['20.1.2.3/32'],
        line: /nothing added, nothing will be removed/,
      },
    ];
    for (const { title, line, networks, ...situation } of rows) {
      it(title, async () => {
        const { run, vault, log, memory } = opening(situation);
        assert.deepEqual(await run(), networks);
        assert.deepEqual(vault.patches, []);
        assert.deepEqual(openLedger(memory).all(), []);
        assert.match(log.lines.join('\n'), line);
      });
    }
  });

  describe('refuses, and changes nothing,', () => {
    const rows: readonly (Situation & { title: string; failure: RegExp })[] = [
      {
        title: 'when public network access is disabled',
        properties: { publicNetworkAccess: 'Disabled' },
        failure: /AKV-PRIVATE-ONLY: 'app-kv' accepts private endpoints only .* Nothing was changed/,
      },
      {
        title: 'when a perimeter guards the vault',
        properties: { publicNetworkAccess: 'SecuredByPerimeter' },
        failure: /AKV-PERIMETER: A network security perimeter guards 'app-kv'.* Nothing was changed/,
      },
      {
        title: 'when the agent comes by a service endpoint',
        infos: [{ path: 'subnet', subnet: '/s/apps', address: '10.0.0.5' }],
        failure: /AKV-SUBNET: .*az keyvault network-rule add --name app-kv --subnet \/s\/apps/s,
      },
      {
        title: 'when nobody tells the address',
        infos: [undefined],
        failure: /AKV-ADDRESS-UNKNOWN: .*'allowPublicIpLookup: true'/s,
      },
      {
        title: 'when the address is private',
        infos: [{ path: 'public', address: '10.4.5.6' }],
        failure: /AKV-ADDRESS-UNKNOWN: .*10\.4\.5\.6, which is not public/,
      },
    ];
    for (const { title, failure, ...situation } of rows) {
      it(title, async () => {
        const { run, vault, memory } = opening(situation);
        await assert.rejects(run(), failure);
        assert.deepEqual(vault.patches, []);
        assert.deepEqual(openLedger(memory).all(), []);
      });
    }
  });

  describe('finds the address', () => {
    it('in the denial, when the header is missing', async () => {
      const { run, vault } = opening({ infos: [undefined], knocks: [blocked('20.1.2.3'), passed] });
      assert.deepEqual(await run(), ['20.1.2.3/32']);
      assert.deepEqual(rulesOf(vault.resource), ['20.1.2.3/32']);
    });

    it('with two public services, when the vault does not tell and the user allows it', async () => {
      const lookups = [() => Promise.resolve('20.1.2.3'), () => Promise.resolve('20.1.2.3')];
      const { run } = opening({ infos: [undefined], knocks: [blocked(), passed], lookups });
      assert.deepEqual(await run(), ['20.1.2.3/32']);
    });

    it('in the inputs, and asks nobody', async () => {
      const { run, door } = opening({ settings: { networks: ['20.5.0.0/28'] } });
      assert.deepEqual(await run(), ['20.5.0.0/28']);
      assert.equal(door.looks, 0);
    });

    it('of every connection of a pool', async () => {
      const infos = [agent, { ...agent, address: '20.1.2.4' }, agent];
      const { run, vault } = opening({ infos });
      assert.deepEqual(await run(), ['20.1.2.3/32', '20.1.2.4/32']);
      assert.equal(vault.patches.length, 1);
      assert.equal(leasesOf(vault.resource).length, 2);
    });

    it('in a later denial, and adds that as well', async () => {
      const { run, vault, log } = opening({ knocks: [passed, blocked('20.7.7.7'), passed] });
      assert.deepEqual(await run(), ['20.1.2.3/32', '20.7.7.7/32']);
      assert.deepEqual(rulesOf(vault.resource), ['20.1.2.3/32', '20.7.7.7/32']);
      assert.match(log.lines.join('\n'), /app-kv sees this agent from 20\.7\.7\.7 as well/);
    });

    it('four times at most', async () => {
      const further = ['20.7.7.1', '20.7.7.2', '20.7.7.3', '20.7.7.4'].map((address) => blocked(address));
      const { run, vault, memory } = opening({ knocks: further });
      await assert.rejects(run(), /AKV-ADDRESS-UNKNOWN: .* too many addresses: .*20\.7\.7\.4/);
      assert.equal(rulesOf(vault.resource).length, 4);
      assert.equal(openLedger(memory).find(resourceId)?.rules.length, 4);
    });

    it('outside of those that the user gave, and says so instead of adding it', async () => {
      const { run, vault } = opening({ settings: { networks: ['20.5.0.0/28'] }, knocks: [blocked('20.7.7.7')] });
      await assert.rejects(run(), /AKV-FIREWALL: 'app-kv' sees this agent from 20\.7\.7\.7, which is not in the input/);
      assert.deepEqual(rulesOf(vault.resource), ['20.5.0.0/28']);
    });

    it('in a denial, but never adds one that is not public', async () => {
      const { run, vault } = opening({ knocks: [blocked('10.1.2.3')] });
      await assert.rejects(run(), /no rule can let in because it is not public/);
      assert.deepEqual(rulesOf(vault.resource), ['20.1.2.3/32']);
    });
  });

  describe('waits', () => {
    it('until the front ends let the agent in', async () => {
      const late = [...Array<Knock>(60).fill(blocked('20.1.2.3')), passed];
      const { run, door, clock, vault } = opening({ knocks: late });
      await run();
      assert.equal(door.knocks, 63);
      assert.ok(clock.at >= 60_000);
      assert.ok(vault.reads < 15, `${vault.reads} reads of the vault in a minute`);
    });

    it('only for the vault to be quiet, if told so', async () => {
      const { run, door, clock } = opening({ settings: { waitForAccess: false } });
      await run();
      assert.equal(door.knocks, 0);
      assert.equal(clock.at, 5_000);
    });

    it('proves the opening anew after somebody has wiped the rule', async () => {
      let wiped = false;
      const situation = opening();
      const knock = situation.door.knock.bind(situation.door);
      situation.door.knock = (abort) => {
        if (situation.door.knocks === 3 && !wiped) wiped = true;
        return knock(abort);
      };
      const sleep = situation.clock.sleep.bind(situation.clock);
      situation.clock.sleep = (milliseconds, abort) => {
        if (situation.door.knocks === 3 && !wiped) {
          wiped = true;
          situation.vault.change({ tags: {}, properties: { networkAcls: { defaultAction: 'Deny', ipRules: [] } } });
        }
        return sleep(milliseconds, abort);
      };
      await situation.run();
      assert.deepEqual(rulesOf(situation.vault.resource), ['20.1.2.3/32']);
      assert.equal(situation.door.knocks, 6);
      assert.ok(situation.clock.at >= 20_000);
    });
  });

  describe('a retry of the step', () => {
    it('carries on with the lease and the rules of the first attempt', async () => {
      const { run, memory, vault } = opening();
      await run();
      const first = openLedger(memory).all();
      await run();
      assert.deepEqual(openLedger(memory).all(), first);
      assert.equal(vault.patches.length, 1);
      assert.equal(leasesOf(vault.resource).length, 1);
    });

    it('keeps the address of the first attempt when the agent has another one now', async () => {
      const { run, memory } = opening({ infos: [agent, agent, agent, { ...agent, address: '20.8.8.8' }] });
      await run();
      await run();
      assert.deepEqual(openLedger(memory).find(resourceId)?.rules, ['20.1.2.3/32', '20.8.8.8/32']);
    });
  });

  describe('when the tags cannot hold a lease', () => {
    const refusedTags: WriteOutcome = {
      kind: 'refused',
      diagnosis: { code: 'AKV-ARM', summary: "Policy 'allowed tags' does not allow the tag KvAgentAccess", remedy: [] },
    };
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, '']));
    const rows: readonly (Situation & { title: string })[] = [
      { title: 'because Azure refuses them', interfere: ({ tags }) => (tags === undefined ? undefined : refusedTags) },
      { title: 'because there are 50 already', tags: full },
    ];
    for (const { title, ...situation } of rows) {
      it(`goes on without one, with a warning, ${title}`, async () => {
        const { run, vault, log, memory } = opening(situation);
        assert.deepEqual(await run(), ['20.1.2.3/32']);
        assert.deepEqual(readVaultState(vault.resource).tags, situation.tags ?? {});
        assert.equal(openLedger(memory).find(resourceId)?.leased, false);
        assert.equal(
          log.lines.filter((line) => /^warning: The tags of 'app-kv' cannot hold a lease/.test(line)).length,
          1,
        );
      });
    }
  });

  it('sweeps orphans on the way even when it adds nothing, and leaves nothing to close', async () => {
    const orphan = { rule: '20.5.5.5/32', expires: 0, id: 'orphan' };
    const { toEntry, withLeases } = await import('../../tasks/keyvault-agent-access/lease');
    const tags = withLeases({}, [toEntry(orphan)])!;
    const { run, vault, memory, log } = opening({ ipRules: ['20.1.0.0/16', '20.5.5.5/32'], tags });
    await run();
    assert.deepEqual(rulesOf(vault.resource), ['20.1.0.0/16']);
    assert.deepEqual(openLedger(memory).all(), []);
    assert.match(log.lines.join('\n'), /swept what jobs that never ended left behind/);
  });
});
