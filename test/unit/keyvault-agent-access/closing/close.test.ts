import assert from 'node:assert/strict';
import { closeByLease, closeVault, sweepVault } from '../../../../tasks/keyvault-agent-access/closing/close';
import { withLeases, type Claim, type Lease } from '../../../../tasks/keyvault-agent-access/protocol/lease';
import { readVaultState } from '../../../../tasks/keyvault-agent-access/protocol/vault-state';
import { fakeClock, fakeLog, fakeVault, signal, type Interference } from '../fake-ports';
import { newYear, resourceId, vaultResource, type VaultFacts } from '../vault-fixture';
import { noDeadline } from '../../../fixtures/deadlines';

const opened: Claim = { resourceId, leaseId: 'mine00', rules: ['20.1.2.3/32'], leased: true, added: true };
const mine: Lease = { rule: '20.1.2.3/32', expires: newYear + 3_600_000, id: 'mine00' };
const orphan: Lease = { rule: '20.5.5.5/32', expires: newYear - 3_600_000, id: 'orphan' };
const tagsWith = (...leases: readonly Lease[]) => withLeases({ owner: 'team-a' }, leases)!;

function closing(facts: VaultFacts, interfere?: Interference) {
  const vault = fakeVault(vaultResource(facts), interfere);
  const [clock, log] = [fakeClock(), fakeLog()];
  vault.time = () => clock.now();
  const parts = {
    vault: 'app-kv',
    resourceId,
    armVault: vault,
    clock,
    log,
    signal,
    deadline: noDeadline,
    random: () => 0.5,
  };
  const left = () => {
    const { ipRules, tags } = readVaultState({ resource: vault.resource, time: newYear });
    return { rules: ipRules.map(({ value }) => value), tags };
  };
  return { vault, clock, log, parts, left };
}

describe('close', () => {
  it('removes rule and lease, and waits until the vault is quiet', async () => {
    const { parts, left, log, clock } = closing({ ipRules: ['30.0.0.0/8', '20.1.2.3/32'], tags: tagsWith(mine) });
    await closeVault(opened, parts);
    assert.deepEqual(left(), { rules: ['30.0.0.0/8'], tags: { owner: 'team-a' } });
    assert.deepEqual(log.lines, ['Firewall of app-kv: 20.1.2.3/32 removed.']);
    assert.equal(clock.at, 5_000);
  });

  it('waits if a vault was just written, because an opening job waits for a quiet period', async () => {
    const justNow = new Date(newYear - 1_000).toISOString();
    const { parts, left, clock, vault } = closing({ ipRules: ['20.1.2.3/32'], tags: tagsWith(mine), stamp: justNow });
    const times: number[] = [];
    const patchVault = vault.patch.bind(vault);
    vault.patch = (patch, abort) => {
      times.push(clock.at);
      return patchVault(patch, abort);
    };
    await closeVault(opened, parts);
    assert.deepEqual(left().rules, []);
    assert.equal(times.length, 1);
    assert.ok(times[0]! >= 4_000, 'five seconds after that write');
  });

  it('waits no longer than 40 s for others to stop writing', async () => {
    const { parts, clock, vault } = closing({ ipRules: ['20.1.2.3/32'], tags: tagsWith(mine) });
    const read = vault.get.bind(vault);
    let written = 0;
    const patchVault = vault.patch.bind(vault);
    vault.get = async (abort) => {
      const reading = await read(abort);
      return written > 0
        ? reading
        : {
            ...reading,
            resource: { ...reading.resource, systemData: { lastModifiedAt: new Date(clock.now()).toISOString() } },
          };
    };
    vault.patch = (patch, abort) => {
      written = clock.at;
      return patchVault(patch, abort);
    };
    await closeVault(opened, parts);
    assert.ok(written >= 40_000 && written < 46_000, `written after ${written} ms`);
  });

  it('does not report the removal of a rule that does not exist because its write was refused', async () => {
    const { parts, vault, log } = closing({ ipRules: ['30.0.0.0/8'], tags: {} });
    const before = JSON.stringify(vault.resource);
    await closeVault({ ...opened, added: false }, parts);
    assert.deepEqual(log.lines, ['Firewall of app-kv: 20.1.2.3/32 does not exist, nothing to remove.']);
    assert.equal(JSON.stringify(vault.resource), before);
  });

  it('reports that the rule stays because another job needs it', async () => {
    const tags = tagsWith(mine, { ...mine, id: 'theirs' });
    const { parts, left, log } = closing({ ipRules: ['20.1.2.3/32'], tags });
    await closeVault(opened, parts);
    assert.deepEqual(left(), { rules: ['20.1.2.3/32'], tags: tagsWith({ ...mine, id: 'theirs' }) });
    assert.deepEqual(log.lines, ['Firewall of app-kv: 20.1.2.3/32 kept: still in use by others.']);
  });

  it('does not write if the vault has no rule or lease of this step', async () => {
    const { parts, vault } = closing({ ipRules: ['30.0.0.0/8'] });
    await closeVault(opened, parts);
    assert.deepEqual(vault.patches, []);
  });

  it('closes again if an old state overwrites the closing', async () => {
    const facts = { ipRules: ['20.1.2.3/32'], tags: tagsWith(mine) };
    const { parts, vault, left, clock } = closing(facts);
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (milliseconds, abort) => {
      if (vault.patches.length === 1 && left().rules.length === 0) {
        vault.change({
          tags: facts.tags,
          properties: { networkAcls: { defaultAction: 'Deny', ipRules: [{ value: mine.rule }] } },
        });
      }
      return sleep(milliseconds, abort);
    };
    await closeVault(opened, parts);
    assert.deepEqual(left(), { rules: [], tags: { owner: 'team-a' } });
    assert.equal(vault.patches.length, 2);
  });

  it('also sweeps expired rules, and names them', async () => {
    const { parts, left, log } = closing({ ipRules: ['20.1.2.3/32', '20.5.5.5/32'], tags: tagsWith(mine, orphan) });
    await closeVault(opened, parts);
    assert.deepEqual(left(), { rules: [], tags: { owner: 'team-a' } });
    assert.match(log.lines.at(-1)!, /removed expired rules of jobs that did not clean up: 20\.5\.5\.5\/32\.$/);
  });

  it('fails with the reason if Azure refuses, and tries only once', async () => {
    const diagnosis = {
      code: 'AKV-ARM-LOCK' as const,
      summary: 'A ReadOnly lock keeps it from being changed',
      remedy: [],
    };
    const facts = { ipRules: ['20.1.2.3/32'], tags: tagsWith(mine) };
    const { parts, vault } = closing(facts, () => ({ kind: 'refused', diagnosis, tagsRefused: false }));
    await assert.rejects(closeVault(opened, parts), /AKV-ARM-LOCK/);
    assert.equal(vault.patches.length, 1);
  });
});

describe('close by lease', () => {
  const range: Lease = { ...mine, rule: '51.144.0.0/24' };
  const facts = { ipRules: ['20.1.2.3/32', '51.144.0.0/24'], tags: tagsWith(mine, range) };

  it("finds the step's own lease without a record, and removes its rule", async () => {
    const { parts, left, log } = closing({ ipRules: ['30.0.0.0/8', '20.1.2.3/32'], tags: tagsWith(mine) });
    await closeByLease({ leaseId: 'mine00', networks: [] }, parts);
    assert.deepEqual(left(), { rules: ['30.0.0.0/8'], tags: { owner: 'team-a' } });
    assert.deepEqual(log.lines, ['Firewall of app-kv: 20.1.2.3/32 removed.']);
  });

  it('removes no range that someone has put under its id', async () => {
    const { parts, left } = closing(facts);
    await closeByLease({ leaseId: 'mine00', networks: [] }, parts);
    assert.deepEqual(left(), { rules: ['51.144.0.0/24'], tags: { owner: 'team-a' } });
  });

  it('takes a range of the input ipAddresses', async () => {
    const { parts, left } = closing(facts);
    await closeByLease({ leaseId: 'mine00', networks: ['51.144.0.0/24'] }, parts);
    assert.deepEqual(left().rules, []);
  });

  it('reports that there is no lease of this step, and writes nothing', async () => {
    const { parts, vault, log } = closing(facts);
    await closeByLease({ leaseId: 'other0', networks: [] }, parts);
    assert.deepEqual(vault.patches, []);
    assert.match(
      log.lines.join('\n'),
      /^warning: Firewall of app-kv: no lease of this step was found\. If it added a rule/,
    );
  });
});

describe('sweep', () => {
  it('removes the rules of expired leases, and nothing else', async () => {
    const facts = { ipRules: ['20.1.2.3/32', '20.5.5.5/32', '30.0.0.0/8'], tags: tagsWith(mine, orphan) };
    const { parts, left, log } = closing(facts);
    await sweepVault(parts);
    assert.deepEqual(left(), { rules: ['20.1.2.3/32', '30.0.0.0/8'], tags: tagsWith(mine) });
    assert.deepEqual(log.lines, [
      'Firewall of app-kv: removed expired rules of jobs that did not clean up: 20.5.5.5/32.',
    ]);
  });

  it('reports that no lease has expired, and does not wait', async () => {
    const { parts, vault, log, clock } = closing({ ipRules: ['20.1.2.3/32'], tags: tagsWith(mine) });
    await sweepVault(parts);
    assert.deepEqual([vault.patches.length, clock.at], [0, 0]);
    assert.deepEqual(log.lines, ['Firewall of app-kv: no expired lease.']);
  });
});
