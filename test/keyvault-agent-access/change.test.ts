import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  closingChange,
  expiredLeases,
  isCoveredByOthers,
  noRoom,
  openingChange,
  sweepingChange,
  type Change,
  type Claim,
} from '../../tasks/keyvault-agent-access/change';
import { readLeases, toEntry, withLeases, type Lease } from '../../tasks/keyvault-agent-access/lease';
import { newYear, vaultState, type VaultFacts } from './vault-fixture';

const now = newYear;
const hour = 3_600_000;
const mine: Lease = { rule: '20.1.2.3/32', expires: now + hour, id: 'mine00' };
const theirs: Lease = { rule: '20.9.9.9/32', expires: now + hour, id: 'theirs' };
const sharing: Lease = { ...mine, id: 'theirs' };
const orphan: Lease = { rule: '20.5.5.5/32', expires: now - hour, id: 'orphan' };
const claim: Claim = { leaseId: mine.id, rules: [mine.rule], expires: mine.expires, leased: true };

const tagsWith = (...leases: readonly Lease[]): Readonly<Record<string, string>> =>
  withLeases({ owner: 'team-a' }, leases.map(toEntry))!;
const values = (change: Change): unknown =>
  typeof change === 'object'
    ? (change.properties.networkAcls.ipRules as { value: string }[]).map(({ value }) => value)
    : change;
const leasesIn = (change: Change): unknown =>
  typeof change === 'object' ? readLeases(change.tags ?? {}).map(({ lease, text }) => lease ?? text) : change;

interface Row {
  readonly title: string;
  readonly vault: VaultFacts;
  readonly claim?: Partial<Claim>;
  readonly rules: unknown;
  readonly leases?: unknown;
}

describe('change', () => {
  describe('opening', () => {
    const rows: readonly Row[] = [
      { title: 'adds rule and lease in one PATCH', vault: {}, rules: ['20.1.2.3/32'], leases: [mine] },
      {
        title: 'adds behind the rules of others, which keep their order and spelling',
        vault: { ipRules: ['30.0.0.0/8', '20.9.9.9', '20.9.9.9/32', '30.0.0.0/8'] },
        rules: ['30.0.0.0/8', '20.9.9.9', '20.9.9.9/32', '30.0.0.0/8', '20.1.2.3/32'],
        leases: [mine],
      },
      {
        title: 'changes nothing when rule and lease are there',
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith(mine) },
        rules: undefined,
        leases: undefined,
      },
      {
        title: 'adds only its lease to a rule that is there, even as a bare address',
        vault: { ipRules: ['20.1.2.3'], tags: tagsWith(sharing) },
        rules: ['20.1.2.3'],
        leases: [sharing, mine],
      },
      {
        title: 'adds its rule again when only its lease is left',
        vault: { tags: tagsWith(mine) },
        rules: ['20.1.2.3/32'],
        leases: [mine],
      },
      {
        title: 'adds no tag without coordination',
        vault: { ipRules: ['20.9.9.9/32'] },
        claim: { leased: false },
        rules: ['20.9.9.9/32', '20.1.2.3/32'],
        leases: [],
      },
      {
        title: 'sweeps an orphan on the way',
        vault: { ipRules: ['20.5.5.5/32', '20.9.9.9/32'], tags: tagsWith(orphan) },
        rules: ['20.9.9.9/32', '20.1.2.3/32'],
        leases: [mine],
      },
      {
        title: "takes over an orphan's rule for its own address",
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith({ ...orphan, rule: mine.rule }) },
        rules: ['20.1.2.3/32'],
        leases: [mine],
      },
      {
        title: 'keeps the rule of an expired lease that a live one claims as well',
        vault: { ipRules: ['20.9.9.9/32'], tags: tagsWith({ ...orphan, rule: theirs.rule }, theirs) },
        rules: ['20.9.9.9/32', '20.1.2.3/32'],
        leases: [theirs, mine],
      },
      {
        title: 'sweeps nothing without coordination',
        vault: { ipRules: ['20.5.5.5/32'], tags: tagsWith(orphan) },
        claim: { leased: false },
        rules: ['20.5.5.5/32', '20.1.2.3/32'],
        leases: [],
      },
      {
        title: 'does not sweep a lease that ended less than 5 minutes ago: clocks differ',
        vault: { ipRules: ['20.1.2.3/32', '20.5.5.5/32'], tags: tagsWith(mine, { ...orphan, expires: now - 300_000 }) },
        rules: undefined,
        leases: undefined,
      },
      {
        title: 'never opens what a forged lease claims',
        vault: { tags: tagsWith({ ...theirs, rule: '0.0.0.0/0' }) },
        rules: ['20.1.2.3/32'],
        leases: [{ ...theirs, rule: '0.0.0.0/0' }, mine],
      },
    ];
    for (const { title, vault, rules, leases, claim: partial } of rows) {
      it(title, () => {
        const change = openingChange(vaultState(vault), { ...claim, ...partial }, now);
        assert.deepEqual(values(change), rules);
        assert.deepEqual(leasesIn(change), leases);
      });
    }

    it('leaves other tags as they are', () => {
      const change = openingChange(vaultState({ tags: { owner: 'team-a', 'Cost-Center': '42' } }), claim, now);
      assert.ok(typeof change === 'object');
      assert.deepEqual(
        { ...change.tags, KvAgentAccess: '' },
        { owner: 'team-a', 'Cost-Center': '42', KvAgentAccess: '' },
      );
    });

    it('names no tags at all in the PATCH without coordination', () => {
      const change = openingChange(vaultState(), { ...claim, leased: false }, now);
      assert.ok(typeof change === 'object' && !('tags' in change));
    });

    it('says so when the tags have no room for the lease', () => {
      const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, '']));
      assert.equal(openingChange(vaultState({ tags }), claim, now), noRoom);
    });
  });

  describe('closing', () => {
    interface ClosingRow extends Row {
      readonly added?: boolean;
    }
    const rows: readonly ClosingRow[] = [
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
        title: 'takes one copy of a rule that stands twice',
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
        added: false,
        rules: undefined,
        leases: undefined,
      },
      {
        title: 'takes a rule that it was never told of having added, when its lease is there',
        vault: { ipRules: ['20.1.2.3/32'], tags: tagsWith(mine) },
        added: false,
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
    for (const { title, vault, rules, leases, claim: partial, added = true } of rows) {
      it(title, () => {
        const change = closingChange(vaultState(vault), { ...claim, ...partial }, added, now);
        assert.deepEqual(values(change), rules);
        assert.deepEqual(leasesIn(change), leases);
      });
    }
  });

  describe('sweeping', () => {
    it('takes expired leases and their rules, and keeps entries that it cannot read', () => {
      const tags = { KvAgentAccess: `unknown,${toEntry(orphan).text},${toEntry(theirs).text}` };
      const change = sweepingChange(vaultState({ ipRules: ['20.5.5.5/32', '20.9.9.9/32', '30.0.0.0/8'], tags }), now);
      assert.deepEqual(values(change), ['20.9.9.9/32', '30.0.0.0/8']);
      assert.deepEqual(leasesIn(change), ['unknown', theirs]);
    });

    it('has nothing to do while every lease is live', () => {
      assert.equal(sweepingChange(vaultState({ ipRules: ['20.9.9.9/32'], tags: tagsWith(theirs) }), now), undefined);
    });

    it('tells which leases have expired', () => {
      assert.deepEqual(expiredLeases(vaultState({ tags: tagsWith(orphan, theirs) }), now), [orphan]);
    });
  });

  describe('whose a rule is', () => {
    const rows: readonly (readonly [string, VaultFacts, readonly string[], boolean])[] = [
      ["somebody else's, when no lease claims it", { ipRules: ['20.1.2.3'] }, [], true],
      ["somebody else's range, when it holds the address", { ipRules: ['20.1.2.0/24'] }, [], true],
      ["another job's, when its lease claims it", { ipRules: ['20.1.2.3/32'], tags: tagsWith(sharing) }, [], false],
      ['ours, when we have claimed it before', { ipRules: ['20.1.2.3/32'] }, ['20.1.2.3/32'], false],
      ["nobody's, when the address is in no rule", { ipRules: ['20.1.2.4/32', '20.1.3.0/24'] }, [], false],
      [
        "an orphan's, when an expired lease claims it",
        { ipRules: ['20.1.2.3/32'], tags: tagsWith({ ...orphan, rule: mine.rule }) },
        [],
        false,
      ],
    ];
    for (const [title, vault, ours, expected] of rows) {
      it(title, () => {
        assert.equal(isCoveredByOthers(vaultState(vault), '20.1.2.3/32', ours), expected);
      });
    }
  });

  describe('whatever else the vault holds', () => {
    const words = fc.stringMatching(/^[a-z]{1,8}$/);
    const unknown = fc.dictionary(words, fc.jsonValue(), { maxKeys: 3, noNullPrototype: true });
    const foreignRules = fc.array(
      fc.tuple(unknown, fc.nat(255)).map(([members, octet]) => ({ ...members, value: `30.0.0.${octet}/32` })),
      { maxLength: 5 },
    );
    const foreignTags = fc.dictionary(words, fc.string({ maxLength: 20 }), { maxKeys: 5, noNullPrototype: true });

    it('comes back from opening and closing exactly as it was', () => {
      fc.assert(
        fc.property(foreignRules, unknown, foreignTags, (ipRules, networkAcls, tags) => {
          const before = vaultState({ ipRules, networkAcls, tags });
          const opened = openingChange(before, claim, now);
          assert.ok(typeof opened === 'object');
          const after = vaultState({ networkAcls: opened.properties.networkAcls, tags: opened.tags! });
          const closed = closingChange(after, claim, true, now);
          assert.ok(typeof closed === 'object');
          assert.deepEqual(closed.properties.networkAcls, before.networkAcls);
          assert.deepEqual(closed.tags, before.tags);
        }),
      );
    });
  });
});
