import assert from 'node:assert/strict';
import { createClaims } from '../../../../tasks/keyvault-agent-access/protocol/claims';
import { TagsRefused } from '../../../../tasks/keyvault-agent-access/protocol/tags-refused';
import { withLeases } from '../../../../tasks/keyvault-agent-access/protocol/lease';
import { openLedger } from '../../../../tasks/keyvault-agent-access/protocol/ledger';
import { fakeClock, fakeLog, fakeMemory } from '../fake-ports';
import { values } from '../lease-fixture';
import { newYear, resourceId, vaultState } from '../vault-fixture';

function claiming(networks: readonly string[], leased = true, memory = fakeMemory()) {
  const [clock, log] = [fakeClock(), fakeLog()];
  const parts = { vault: 'app-kv', resourceId, leaseId: 'mine00', ledger: openLedger(memory), clock, log };
  return { log, memory, claims: createClaims(vaultState(), networks, { leased, leaseMinutes: 60 }, parts) };
}

describe('claims', () => {
  it('is empty before it reads the vault, and then has what must be added', async () => {
    const { claims, memory } = claiming(['20.1.2.3/32', '20.9.9.9/32']);
    assert.equal(claims.isAtStake(), false);
    claims.change(vaultState({ ipRules: ['20.9.9.9/32'] }));
    await claims.beforeWrite();
    assert.deepEqual(openLedger(memory).find(resourceId)?.rules, ['20.1.2.3/32']);
    assert.equal(claims.isAtStake(), true);
    assert.deepEqual(claims.wanted(), ['20.1.2.3/32', '20.9.9.9/32']);
  });

  it('claims an address if the rule of another owner is removed', () => {
    const { claims, log } = claiming(['20.1.2.3/32']);
    claims.change(vaultState({ ipRules: ['20.1.2.3/32'] }));
    claims.change(vaultState({ ipRules: ['20.1.2.3/32'] }));
    assert.equal(claims.isAtStake(), false);
    assert.equal(log.lines.length, 1);
    claims.change(vaultState());
    assert.equal(claims.isAtStake(), true);
  });

  it('shares the rule of another job by a lease of its own', () => {
    const { claims } = claiming(['20.1.2.3/32']);
    const tags = withLeases({}, [{ rule: '20.1.2.3/32', expires: newYear + 60_000, id: 'theirs' }])!;
    const change = claims.change(vaultState({ ipRules: ['20.1.2.3/32'], tags }));
    assert.ok(typeof change === 'object');
    assert.equal(change.tags?.KvAgentAccess?.split(',').length, 2);
  });

  it('records nothing when it has claimed nothing', async () => {
    const { claims, memory } = claiming(['20.1.2.3/32']);
    claims.change(vaultState({ ipRules: ['20.1.2.3/32'] }));
    await claims.beforeWrite();
    assert.deepEqual(openLedger(memory).all(), []);
  });

  it('takes up to four addresses', () => {
    const { claims } = claiming(['20.1.2.1/32', '20.1.2.2/32']);
    claims.add('20.1.2.3');
    claims.add('20.1.2.4');
    assert.throws(() => {
      claims.add('20.1.2.5');
    }, /too many addresses: 20\.1\.2\.1\/32, .*, 20\.1\.2\.5\..*Give the pool's range/s);
  });

  it('stops using the lease if the tags are refused, and for no other error', async () => {
    const { claims, log } = claiming(['20.1.2.3/32']);
    await assert.rejects(claims.giveUpLease(new Error('no network')), /no network/);
    await claims.giveUpLease(new TagsRefused('50 tags', { code: 'AKV-ARM-POLICY', summary: 'no room', remedy: [] }));
    assert.match(log.lines[0]!, /^warning: The tags of 'app-kv' cannot hold a lease \(50 tags\)/);
    const change = claims.change(vaultState());
    assert.ok(typeof change === 'object' && change.tags === undefined);
  });

  it('never adds again what an earlier attempt has recorded, and keeps it recorded for closing', async () => {
    const memory = fakeMemory();
    const earlier = { resourceId, leaseId: 'mine00', rules: ['20.7.7.7/32'], leased: true, added: true };
    await openLedger(memory).record(earlier);
    const { claims } = claiming(['20.1.2.3/32'], true, memory);
    const change = claims.change(vaultState());
    assert.deepEqual(values(change), ['20.1.2.3/32']);
    await claims.beforeWrite();
    assert.deepEqual(openLedger(memory).find(resourceId)?.rules, ['20.7.7.7/32', '20.1.2.3/32']);
  });
});
