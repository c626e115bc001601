import assert from 'node:assert/strict';
import fc from 'fast-check';
import { converge, type Convergence } from '../../../../tasks/keyvault-agent-access/protocol/converge';
import type { WriteOutcome } from '../../../../tasks/keyvault-agent-access/ports/vault';
import { maxSettleTime, quietPeriod } from '../../../../tasks/keyvault-agent-access/protocol/quiet-period';
import { readVaultState } from '../../../../tasks/keyvault-agent-access/protocol/vault-state';
import { hasRule } from '../../../../tasks/keyvault-agent-access/protocol/change';
import { fakeClock, fakeLog, fakeVault, signal, type FakeVault, type Interference } from '../fake-ports';
import { newYear, vaultResource, vaultState } from '../vault-fixture';
import { noDeadline } from '../../../fixtures/deadlines';

const rule = '20.1.2.3/32';
const uncertain = (waitFor?: number): WriteOutcome => ({
  kind: 'uncertain',
  reason: 'HTTP 409 ConflictError',
  ...(waitFor === undefined ? {} : { waitFor }),
});

/** A convergence to a vault with one rule. */
function converging(interfere?: Interference, more: Partial<Convergence> = {}) {
  const vault = fakeVault(vaultResource(), interfere);
  const [clock, log] = [fakeClock(), fakeLog()];
  const parts: Convergence = {
    ...{ armVault: vault, clock, log, signal, deadline: noDeadline, random: () => 0.5 },
    change: (state) =>
      hasRule(state, rule)
        ? undefined
        : { properties: { networkAcls: { ...state.networkAcls, ipRules: [...state.ipRules, { value: rule }] } } },
    ...more,
  };
  return { vault, clock, log, parts, run: () => converge(parts) };
}

describe('converge', () => {
  it('is done when its write has been the last one for 5 s', async () => {
    const { run, vault, clock } = converging();
    assert.ok(hasRule(await run(), rule));
    assert.deepEqual([vault.patches.length, clock.at], [1, quietPeriod]);
  });

  it('reads the vault again before it writes again, however often Azure reports a conflict', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (conflicts) => {
        const readsAtWrite: number[] = [];
        const { run, vault, clock } = converging((_, count) => {
          readsAtWrite.push(vault.reads);
          return count <= conflicts ? uncertain() : undefined;
        });
        await run();
        assert.deepEqual(
          readsAtWrite,
          Array.from({ length: conflicts + 1 }, (_, index) => index + 1),
        );
        assert.ok(clock.at >= quietPeriod);
      }),
    );
  });

  it('detects that a write was done although its answer was lost', async () => {
    const { run, vault } = converging((patch) => {
      vault.change(patch);
      return uncertain();
    });
    await run();
    assert.equal(vault.patches.length, 1);
  });

  it('waits as long as the server asks for', async () => {
    const { run, clock } = converging((_, count) => (count === 1 ? uncertain(42_000) : undefined));
    await run();
    assert.equal(clock.at, 42_000 + quietPeriod);
  });

  it('increases its waits, up to some seconds', async () => {
    const times: number[] = [];
    const { run, clock } = converging((_, count) => {
      times.push(clock.at);
      return count <= 7 ? uncertain() : undefined;
    });
    await run();
    const waits = times.slice(1).map((time, index) => time - times[index]!);
    assert.deepEqual(
      waits,
      waits.toSorted((one, other) => one - other),
    );
    assert.ok(waits[0]! >= 250 && waits[0]! < waits[1]! && waits[1]! < waits.at(-1)! && waits.at(-1)! <= 8_000);
  });

  it('fails with what kept the change from being made when no time is left for another attempt', async () => {
    const diagnosis = { code: 'AKV-ARM-CONFLICT' as const, summary: 'kept being changed by others', remedy: [] };
    const { vault, clock, parts } = converging(() => ({ kind: 'uncertain', reason: 'HTTP 409', diagnosis }));
    const deadline = { timeLeft: () => 10_000 - clock.at };
    await assert.rejects(converge({ ...parts, deadline }), {
      message: /^AKV-ARM-CONFLICT: kept being changed by others/,
    });
    assert.ok(clock.at < 10_000 && vault.patches.length > 2);
  });

  it('fails at once when the server asks for more time than there is', async () => {
    const diagnosis = { code: 'AKV-THROTTLED' as const, summary: 'refused requests as too many', remedy: [] };
    const { clock, parts } = converging(() => ({
      kind: 'uncertain',
      reason: 'HTTP 429',
      waitFor: 3_600_000,
      diagnosis,
    }));
    await assert.rejects(converge({ ...parts, deadline: { timeLeft: () => 300_000 } }), /AKV-THROTTLED/);
    assert.equal(clock.at, 0);
  });

  it('never writes a snapshot back that took more than 2 s to get', async () => {
    const readsAtWrite: number[] = [];
    const situation = converging(() => {
      readsAtWrite.push(situation.vault.reads);
      return undefined;
    });
    const read = situation.vault.get.bind(situation.vault);
    situation.vault.get = (abort) => {
      if (situation.vault.reads < 2) situation.clock.at += 2_001;
      return read(abort);
    };
    await situation.run();
    assert.deepEqual([readsAtWrite, situation.vault.patches.length], [[3], 1]);
  });

  it('never writes back a snapshot that became too old while the ledger was written', async () => {
    let records = 0;
    const readsAtWrite: number[] = [];
    const { run, vault, clock } = converging(
      () => {
        readsAtWrite.push(vault.reads);
        return undefined;
      },
      {
        beforeWrite: () => {
          records += 1;
          if (records === 1) clock.at += 2_001;
          return Promise.resolve();
        },
      },
    );
    await run();
    assert.deepEqual([readsAtWrite, records], [[2], 2]);
  });

  it('reports a policy if Azure accepts the write three times and the vault does not have it', async () => {
    const { run, vault } = converging(() => ({ kind: 'written', resource: vaultResource(), time: newYear }));
    await assert.rejects(run(), /AKV-ARM-POLICY: Azure accepted the change to the firewall of 'app-kv'.*, 3 times/);
    assert.equal(vault.patches.length, 3);
  });

  it('stops at a refusal', async () => {
    const diagnosis = {
      code: 'AKV-ARM-ACCESS' as const,
      summary: 'is not authorized to perform Microsoft.KeyVault/vaults/write',
      remedy: [],
    };
    const { run, vault } = converging(() => ({ kind: 'refused', diagnosis, tagsRefused: false }));
    await assert.rejects(run(), /AKV-ARM-ACCESS/);
    assert.equal(vault.patches.length, 1);
  });

  it('does not wait for a quiet period if the vault has no rule or lease of this step', async () => {
    const { run, clock } = converging(undefined, { change: () => undefined, isAtStake: () => false });
    await run();
    assert.equal(clock.at, 0);
  });

  it('ends with the reason of a cancel', async () => {
    const controller = new AbortController();
    const { run } = converging(
      () => {
        controller.abort(new Error('the step was canceled'));
        return undefined;
      },
      { signal: controller.signal },
    );
    await assert.rejects(run(), /the step was canceled/);
  });

  describe('on a vault that others write all the time', () => {
    /** Another client writes the vault at every read; `change` says what, and gets the number of the read. */
    const disturbed = (change: (vault: FakeVault, look: number) => void) => {
      const situation = converging();
      const read = situation.vault.get.bind(situation.vault);
      situation.vault.get = (abort) => {
        change(situation.vault, situation.vault.reads);
        return read(abort);
      };
      return situation;
    };
    const writeAsItIs = (vault: FakeVault) => {
      vault.change({
        properties: { networkAcls: readVaultState({ resource: vault.resource, time: newYear }).networkAcls },
      });
    };

    it('is done when every look for 30 s has found its change there', async () => {
      const { run, vault, clock } = disturbed(writeAsItIs);
      assert.ok(hasRule(await run(), rule));
      assert.equal(vault.patches.length, 1);
      assert.equal(clock.at, maxSettleTime);
    });

    it('restarts the count when a read finds that its change was undone', async () => {
      const undoneAt = 6;
      const { run, vault, clock } = disturbed((vault, look) => {
        if (look === undoneAt) vault.change({ properties: { networkAcls: vaultState().networkAcls } });
        else writeAsItIs(vault);
      });
      await run();
      assert.equal(vault.patches.length, 2);
      assert.ok(clock.at > maxSettleTime, `${clock.at}`);
    });
  });
});
