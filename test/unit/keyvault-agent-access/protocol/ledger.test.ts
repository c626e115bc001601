import assert from 'node:assert/strict';
import type { Claim } from '../../../../tasks/keyvault-agent-access/protocol/lease';
import { openLedger } from '../../../../tasks/keyvault-agent-access/protocol/ledger';
import { fakeMemory } from '../fake-ports';
import { resourceId } from '../vault-fixture';

const opened: Claim = { resourceId, leaseId: 'mine00', rules: ['20.1.2.3/32'], leased: true, added: false };
const elsewhere: Claim = { ...opened, resourceId: resourceId.replace('app-kv', 'other-kv') };

describe('ledger', () => {
  it('is empty in a step that has opened nothing', () => {
    assert.deepEqual(openLedger(fakeMemory()).all(), []);
  });

  it('gives a later phase what an earlier one recorded', async () => {
    const memory = fakeMemory();
    await openLedger(memory).record(opened);
    assert.deepEqual(openLedger(memory).all(), [opened]);
    assert.deepEqual(openLedger(memory).find(resourceId), opened);
  });

  it('keeps one entry a vault, the last one, whatever the case of its id', async () => {
    const memory = fakeMemory();
    const ledger = openLedger(memory);
    await ledger.record(opened);
    await ledger.record({ ...opened, resourceId: resourceId.toUpperCase(), added: true });
    assert.deepEqual(openLedger(memory).all(), [{ ...opened, resourceId: resourceId.toUpperCase(), added: true }]);
    assert.equal(ledger.find(resourceId.toLowerCase())?.added, true);
  });

  it('keeps what an earlier attempt has opened when a retry opens another vault', async () => {
    const memory = fakeMemory();
    await openLedger(memory).record(opened);
    await openLedger(memory).record(elsewhere);
    assert.deepEqual(openLedger(memory).all(), [opened, elsewhere]);
  });

  it('has no entries of other vaults', async () => {
    const ledger = openLedger(fakeMemory());
    await ledger.record(opened);
    assert.equal(ledger.find(elsewhere.resourceId), undefined);
  });
});
