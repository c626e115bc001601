import assert from 'node:assert/strict';
import { openLedger } from '../../../../tasks/keyvault-agent-access/protocol/ledger';
import type { AccessCheck } from '../../../../tasks/keyvault-agent-access/ports/data-plane';
import { blocked, passed } from '../fake-ports';
import { agent, leasesOf, opening, rulesOf } from './opening-fixture';
import { resourceId } from '../vault-fixture';

describe('open', () => {
  describe('finds the address', () => {
    it('in the refusal, if the header is missing', async () => {
      const { run, vault } = opening({ infos: [undefined], checks: [blocked('20.1.2.3'), passed] });
      assert.deepEqual(await run(), ['20.1.2.3/32']);
      assert.deepEqual(rulesOf(vault.resource), ['20.1.2.3/32']);
    });

    it('with two public services, if the vault does not report it and the user allows it', async () => {
      const lookups = [() => Promise.resolve('20.1.2.3'), () => Promise.resolve('20.1.2.3')];
      const { run } = opening({ infos: [undefined], checks: [blocked(), passed], lookups });
      assert.deepEqual(await run(), ['20.1.2.3/32']);
    });

    it('in the inputs, and sends no request for it', async () => {
      const { run, dataPlane } = opening({ settings: { networks: ['20.5.0.0/28'] } });
      assert.deepEqual(await run(), ['20.5.0.0/28']);
      assert.equal(dataPlane.infosRead, 0);
    });

    it('of every connection of a pool', async () => {
      const infos = [agent, { ...agent, address: '20.1.2.4' }, agent];
      const { run, vault } = opening({ infos });
      assert.deepEqual(await run(), ['20.1.2.3/32', '20.1.2.4/32']);
      assert.equal(vault.patches.length, 1);
      assert.equal(leasesOf(vault.resource).length, 2);
    });

    it('in a later refusal, and also adds that one', async () => {
      const { run, vault, log } = opening({ checks: [passed, blocked('20.7.7.7'), passed] });
      assert.deepEqual(await run(), ['20.1.2.3/32', '20.7.7.7/32']);
      assert.deepEqual(rulesOf(vault.resource), ['20.1.2.3/32', '20.7.7.7/32']);
      assert.match(log.lines.join('\n'), /app-kv also sees this agent as 20\.7\.7\.7/);
    });

    it('four times at most', async () => {
      const further = ['20.7.7.1', '20.7.7.2', '20.7.7.3', '20.7.7.4'].map((address) => blocked(address));
      const { run, vault, memory } = opening({ checks: further });
      await assert.rejects(run(), /AKV-ADDRESS-UNKNOWN: .* too many addresses: .*20\.7\.7\.4/);
      assert.equal(rulesOf(vault.resource).length, 4);
      assert.equal(openLedger(memory).find(resourceId)?.rules.length, 4);
    });

    it('outside the networks of the user, and reports it instead of adding it', async () => {
      const { run, vault } = opening({ settings: { networks: ['20.5.0.0/28'] }, checks: [blocked('20.7.7.7')] });
      await assert.rejects(run(), /AKV-FIREWALL: 'app-kv' sees this agent as 20\.7\.7\.7, which is not in the input/);
      assert.deepEqual(rulesOf(vault.resource), ['20.5.0.0/28']);
    });

    it('in a denial, but never adds one that is not public', async () => {
      const { run, vault } = opening({ checks: [blocked('10.1.2.3')] });
      await assert.rejects(run(), /no rule can allow because it is not public/);
      assert.deepEqual(rulesOf(vault.resource), ['20.1.2.3/32']);
    });
  });

  describe('waits', () => {
    it('until the front ends accept the agent', async () => {
      const late = [...Array<AccessCheck>(60).fill(blocked('20.1.2.3')), passed];
      const { run, dataPlane, clock, vault } = opening({ checks: late });
      await run();
      assert.equal(dataPlane.checks, 63);
      assert.ok(clock.at >= 60_000);
      assert.ok(vault.reads < 15, `${vault.reads} reads of the vault in a minute`);
    });

    it('only for the vault to be quiet, with waitForAccess: false', async () => {
      const { run, dataPlane, clock } = opening({ settings: { waitForAccess: false } });
      await run();
      assert.equal(dataPlane.checks, 0);
      assert.equal(clock.at, 5_000);
    });

    it('checks access again after the rule was removed', async () => {
      let wiped = false;
      const situation = opening();
      const sleep = situation.clock.sleep.bind(situation.clock);
      situation.clock.sleep = (milliseconds, abort) => {
        if (situation.dataPlane.checks === 3 && !wiped) {
          wiped = true;
          situation.vault.change({ tags: {}, properties: { networkAcls: { defaultAction: 'Deny', ipRules: [] } } });
        }
        return sleep(milliseconds, abort);
      };
      await situation.run();
      assert.deepEqual(rulesOf(situation.vault.resource), ['20.1.2.3/32']);
      assert.equal(situation.dataPlane.checks, 6);
      assert.ok(situation.clock.at > 5_000, 'quiet again since our second write');
    });
  });
});
