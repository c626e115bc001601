import assert from 'node:assert/strict';
import { withLeases } from '../../../../tasks/keyvault-agent-access/protocol/lease';
import { openLedger } from '../../../../tasks/keyvault-agent-access/protocol/ledger';
import type { WriteOutcome } from '../../../../tasks/keyvault-agent-access/ports/vault';
import { readVaultState } from '../../../../tasks/keyvault-agent-access/protocol/vault-state';
import { agent, leasesOf, opening, rulesOf, type Situation } from './opening-fixture';
import { newYear, resourceId } from '../vault-fixture';

describe('open', () => {
  it("adds a rule for the agent's address with a lease, and says until when", async () => {
    const { run, vault, log, clock } = opening({ ipRules: ['30.0.0.0/8'], tags: { owner: 'team-a' } });
    assert.deepEqual(await run(), ['20.1.2.3/32']);
    assert.deepEqual(rulesOf(vault.resource), ['30.0.0.0/8', '20.1.2.3/32']);
    assert.equal(leasesOf(vault.resource)[0]?.rule, '20.1.2.3/32');
    assert.equal(vault.patches.length, 1);
    assert.ok(clock.at >= 5_000);
    assert.deepEqual(log.lines.slice(0, 2), [
      'app-kv sees this agent as 20.1.2.3 (reported by the vault itself).',
      '  Firewall of app-kv: 20.1.2.3/32 added, with lease mine00 until 2026-01-01T06:30Z; 1 existing rule unchanged.',
    ]);
  });

  it('announces a closing only when there is something to close', async () => {
    const [ours, theirs] = [opening(), opening({ ipRules: ['20.1.0.0/16'] })];
    await Promise.all([ours.run(), theirs.run()]);
    assert.match(
      ours.log.lines.at(-1)!,
      /accepts this agent after .* in a row\)\. The post-job step removes the rule\.$/,
    );
    assert.match(theirs.log.lines.at(-1)!, /accepts this agent after .* in a row\)\.$/);
  });

  it('records what it will add before it changes the vault', async () => {
    const { run, memory } = opening({
      interfere: () => {
        assert.deepEqual(openLedger(memory).all(), [
          { resourceId, leaseId: 'mine00', rules: ['20.1.2.3/32'], leased: true, added: false },
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
        title: 'when the vault allows all networks',
        properties: { networkAcls: undefined },
        networks: [],
        line: /allows all networks \(default action Allow\); nothing to do/,
      },
      {
        title: 'behind a private endpoint',
        infos: [{ path: 'privateLink', address: '10.1.2.3' }],
        networks: [],
        line: /through a private endpoint; nothing to do/,
      },
      {
        title: 'behind a private endpoint of a vault without public access',
        properties: { publicNetworkAccess: 'Disabled' },
        infos: [{ path: 'privateLink' }],
        networks: [],
        line: /through a private endpoint; nothing to do/,
      },
      {
        title: 'behind a private endpoint of a vault in a perimeter',
        properties: { publicNetworkAccess: 'SecuredByPerimeter' },
        infos: [{ path: 'privateLink' }],
        networks: [],
        line: /through a private endpoint; nothing to do/,
      },
      {
        title: 'when a rule of someone else contains the address',
        ipRules: ['20.1.0.0/16'],
        networks: ['20.1.2.3/32'],
        line: /20\.1\.2\.3\/32 is already allowed by an existing rule: nothing added, nothing will be removed/,
      },
      {
        title: 'when someone else has the very rule, without coordination',
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
        title: 'when a perimeter protects the vault',
        properties: { publicNetworkAccess: 'SecuredByPerimeter' },
        failure: /AKV-PERIMETER: The network security perimeter of 'app-kv' does not allow .* Nothing was changed/,
      },
      {
        title: 'when the agent comes by a service endpoint',
        infos: [{ path: 'subnet', subnet: '/s/apps', address: '10.0.0.5' }],
        failure: /AKV-SUBNET: .*az keyvault network-rule add --name app-kv --subnet \/s\/apps/s,
      },
      {
        title: 'when no source reports the address',
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

  describe('a retry of the step', () => {
    it('continues with the lease and the rules of the first attempt', async () => {
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
      tagsRefused: true,
      diagnosis: { code: 'AKV-ARM-POLICY', summary: 'Azure Policy does not allow the change', remedy: [] },
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
        assert.deepEqual(readVaultState({ resource: vault.resource, time: newYear }).tags, situation.tags ?? {});
        assert.equal(openLedger(memory).find(resourceId)?.leased, false);
        assert.equal(
          log.lines.filter((line) => line.startsWith("warning: The tags of 'app-kv' cannot hold a lease")).length,
          1,
        );
      });
    }
  });

  it('also sweeps expired rules if it adds nothing, and has nothing to close', async () => {
    const orphan = { rule: '20.5.5.5/32', expires: 0, id: 'orphan' };
    const tags = withLeases({}, [orphan])!;
    const { run, vault, memory, log } = opening({ ipRules: ['20.1.0.0/16', '20.5.5.5/32'], tags });
    await run();
    assert.deepEqual(rulesOf(vault.resource), ['20.1.0.0/16']);
    assert.deepEqual(openLedger(memory).all(), []);
    assert.match(log.lines.join('\n'), /removed expired rules of jobs that did not clean up/);
  });
});
