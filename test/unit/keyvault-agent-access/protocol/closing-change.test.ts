import assert from 'node:assert/strict';
import {
  closingChange,
  expiredRanges,
  sweepableLeases,
  sweepingChange,
} from '../../../../tasks/keyvault-agent-access/protocol/change';
import { renderEntry } from '../../../../tasks/keyvault-agent-access/protocol/lease';
import {
  claim,
  hour,
  leasesIn,
  mine,
  now,
  orphan,
  sharing,
  tagsWith,
  theirs,
  values,
  type Row,
} from '../lease-fixture';
import { vaultState } from '../vault-fixture';

describe('change', () => {
  describe('closing', () => {
    const rows: readonly Row[] = [
      {
        title: 'takes rule and lease away in one PATCH',
        vault: { ipRules: ['30.0.0.0/8', '20.1.2.3/32'], tags: tagsWith(mine) },
        rules: ['30.0.0.0/8'],
        leases: [],
      },
      {
        title: 'leaves the rule while another live lease claims it',
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith(mine, sharing) },
        rules: ['20.1.2.3/32'],
        leases: [sharing],
      },
      {
        title: 'takes the rule when the other lease on it has expired',
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith(mine, { ...orphan, rule: mine.rule }) },
        rules: [],
        leases: [],
      },
      {
        title: 'removes one copy of a duplicate rule',
        vault: { ipRules: ['20.1.2.3/32', '20.1.2.3'], tags: tagsWith(mine) },
        rules: ['20.1.2.3'],
        leases: [],
      },
      {
        title: 'leaves wider and narrower rules alone',
        vault: { ipRules: ['20.1.2.0/24', '20.1.2.3/31'], tags: tagsWith(mine) },
        rules: ['20.1.2.0/24', '20.1.2.3/31'],
        leases: [],
      },
      {
        title: 'takes the rule also when its lease was wiped from the tags, if it was seen added',
        vault: { ipRules: ['20.1.2.3/32'] },
        rules: [],
        leases: [],
      },
      {
        title: 'leaves a rule that it only meant to add',
        vault: { ipRules: ['20.1.2.3/32'] },
        claim: { added: false },
        rules: undefined,
        leases: undefined,
      },
      {
        title: 'removes a rule whose addition was never confirmed, when its lease is there',
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith(mine) },
        claim: { added: false },
        rules: [],
        leases: [],
      },
      {
        title: 'takes the rule without coordination, and touches no tag',
        vault: { ipRules: ['20.1.2.3/32', '20.9.9.9/32'], tags: tagsWith(theirs) },
        claim: { leased: false },
        rules: ['20.9.9.9/32'],
        leases: [],
      },
      {
        title: 'leaves the rule that a live lease claims also without coordination',
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith(sharing) },
        claim: { leased: false },
        rules: undefined,
        leases: undefined,
      },
      {
        title: 'sweeps an orphan on the way',
        vault: { ipRules: ['20.1.2.3/32', '20.5.5.5/32', '20.9.9.9/32'], tags: tagsWith(mine, orphan, theirs) },
        rules: ['20.9.9.9/32'],
        leases: [theirs],
      },
      {
        title: 'takes its own lease, expired or not',
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith({ ...mine, expires: now - hour }) },
        rules: [],
        leases: [],
      },
      { title: 'has nothing to do when nothing of it is there', vault: { ipRules: ['30.0.0.0/8'] }, rules: undefined },
    ];
    for (const { title, vault, rules, leases, claim: partial } of rows) {
      it(title, () => {
        const change = closingChange(vaultState(vault), { ...claim, ...partial });
        assert.deepEqual(values(change), rules);
        assert.deepEqual(leasesIn(change), leases);
      });
    }
  });

  describe('sweeping', () => {
    it('removes expired leases and their rules, and keeps entries that it cannot read', () => {
      const tags = { KvAgentAccess: `unknown,${renderEntry(orphan)},${renderEntry(theirs)}` };
      const change = sweepingChange(vaultState({ ipRules: ['20.5.5.5/32', '20.9.9.9/32', '30.0.0.0/8'], tags }));
      assert.deepEqual(values(change), ['20.9.9.9/32', '30.0.0.0/8']);
      assert.deepEqual(leasesIn(change), ['unknown', theirs]);
    });

    it('has nothing to do while every lease is live', () => {
      assert.equal(sweepingChange(vaultState({ ipRules: ['20.9.9.9/32'], tags: tagsWith(theirs) })), undefined);
    });

    it('returns the leases that any job can remove', () => {
      assert.deepEqual(sweepableLeases(vaultState({ tags: tagsWith(orphan, theirs) })), [orphan]);
    });

    it('never removes a range, because anyone who can write tags can write a lease for it', () => {
      const range = { ...orphan, rule: '51.144.0.0/24' };
      const vault = vaultState({ ipRules: ['51.144.0.0/24'], tags: tagsWith(range) });
      assert.equal(sweepingChange(vault), undefined);
      assert.deepEqual(expiredRanges(vault), [range]);
    });

    it('removes nothing if Azure does not send the time', () => {
      const vault = { ...vaultState({ ipRules: ['20.5.5.5/32'], tags: tagsWith(orphan) }), time: Number.NaN };
      assert.equal(sweepingChange(vault), undefined);
    });
  });

  it('removes the rule although it has a lease that no job could have requested', () => {
    const endless = { ...sharing, expires: Date.UTC(2084, 0, 1) };
    const change = closingChange(vaultState({ ipRules: ['20.1.2.3/32'], tags: tagsWith(mine, endless) }), claim);
    assert.deepEqual(values(change), []);
  });
});
