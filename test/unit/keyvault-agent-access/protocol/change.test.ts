import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  closingChange,
  isCoveredByOthers,
  noRoom,
  openingChange,
} from '../../../../tasks/keyvault-agent-access/protocol/change';
import { claim, leasesIn, mine, now, orphan, sharing, tagsWith, theirs, values, type Row } from '../lease-fixture';
import { vaultState, type VaultFacts } from '../vault-fixture';

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
        const change = openingChange(vaultState(vault), { ...claim, ...partial }, mine.expires);
        assert.deepEqual(values(change), rules);
        assert.deepEqual(leasesIn(change), leases);
      });
    }

    it('does not change other tags', () => {
      const change = openingChange(vaultState({ tags: { owner: 'team-a', 'Cost-Center': '42' } }), claim, mine.expires);
      assert.ok(typeof change === 'object');
      assert.deepEqual(
        { ...change.tags, KvAgentAccess: '' },
        { owner: 'team-a', 'Cost-Center': '42', KvAgentAccess: '' },
      );
    });

    it('names no tags at all in the PATCH without coordination', () => {
      const change = openingChange(vaultState(), { ...claim, leased: false }, mine.expires);
      assert.ok(typeof change === 'object' && !('tags' in change));
    });

    it('reports that the tags have no room for the lease', () => {
      const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, '']));
      assert.equal(openingChange(vaultState({ tags }), claim, mine.expires), noRoom);
    });
  });

  describe('whose a rule is', () => {
    const rows: readonly (readonly [string, VaultFacts, readonly string[], boolean])[] = [
      ["someone else's, when no lease claims it", { ipRules: ['20.1.2.3'] }, [], true],
      ["someone else's range, when it holds the address", { ipRules: ['20.1.2.0/24'] }, [], true],
      ["another job's, when its lease claims it", { ipRules: ['20.1.2.3/32'], tags: tagsWith(sharing) }, [], false],
      ['ours, when we have claimed it before', { ipRules: ['20.1.2.3/32'] }, ['20.1.2.3/32'], false],
      ["no one's, when the address is in no rule", { ipRules: ['20.1.2.4/32', '20.1.3.0/24'] }, [], false],
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

    it('is exactly the same after opening and closing', () => {
      fc.assert(
        fc.property(foreignRules, unknown, foreignTags, (ipRules, networkAcls, tags) => {
          const before = vaultState({ ipRules, networkAcls, tags });
          const opened = openingChange(before, claim, mine.expires);
          assert.ok(typeof opened === 'object');
          const after = vaultState({ networkAcls: opened.properties.networkAcls, tags: opened.tags! });
          const closed = closingChange(after, claim);
          assert.ok(typeof closed === 'object');
          assert.deepEqual(closed.properties.networkAcls, before.networkAcls);
          assert.deepEqual(closed.tags, before.tags);
        }),
      );
    });
  });
});
