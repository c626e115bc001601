import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalNetwork } from '../../../../tasks/keyvault-agent-access/address/address';
import {
  leaseIdOf,
  mostLeaseMinutes,
  readLeases,
  renderEntry,
  withLeases,
  type Lease,
} from '../../../../tasks/keyvault-agent-access/protocol/lease';
import { createJobKey } from '../../../../tasks/shared/agent/job-key';
import { resourceId } from '../vault-fixture';
import { newYear } from '../vault-fixture';

const lease: Lease = { rule: '20.1.2.3/32', expires: newYear, id: 'abc123' };
const leases = fc.record(
  {
    rule: fc
      .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(32))
      .map(([a, b, c, d, prefix]) => canonicalNetwork(`${a}.${b}.${c}.${d}/${prefix}`)!),
    expires: fc.integer({ min: 20_000_000, max: 60_000_000 }).map((minutes) => minutes * 60_000),
    id: fc.stringMatching(/^[0-9a-z]{6}$/),
  },
  { noNullPrototype: true },
);
const found = (tags: Readonly<Record<string, string>>) => readLeases(tags, Number.NaN);

describe('lease', () => {
  it('is kept in a tag as address, prefix length, expiry and id', () => {
    const tags = withLeases({ owner: 'team-a' }, [lease]);
    assert.deepEqual(tags, { owner: 'team-a', KvAgentAccess: `14010203w${(newYear / 60_000).toString(36)}abc123` });
  });

  it('comes back from the tags as it was put there, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(leases, { maxLength: 60 }), (many) => {
        const tags = withLeases({ 'cost-center': '42' }, many);
        assert.deepEqual(found(tags!), many);
      }),
    );
  });

  it('ends with the minute in which it would', () => {
    const nextMinute = { ...lease, expires: newYear + 60_000 };
    assert.equal(renderEntry({ ...lease, expires: newYear + 1 }), renderEntry(nextMinute));
    assert.notEqual(renderEntry(lease), renderEntry(nextMinute));
  });

  it('is found whatever the case of the tag name', () => {
    const tags = withLeases({}, [lease])!;
    assert.deepEqual(found({ KVAGENTACCESS: tags.KvAgentAccess! }), [lease]);
    assert.deepEqual(Object.keys(withLeases({ kvagentaccess: 'x' }, [lease])!), ['KvAgentAccess']);
  });

  it('ignores all other text, and keeps it unchanged', () => {
    const texts = ['hello', '14010203w00000', `14010203x12345abc123`, `14010203W12345abc123`, '14010203w12345abc1234'];
    const entries = found({ KvAgentAccess: texts.join(',') });
    assert.deepEqual(entries, texts);
    assert.equal(withLeases({}, [...entries, lease])!.KvAgentAccess!.startsWith(texts.join(',')), true);
  });

  it('does not change tags of other names, even similar ones', () => {
    const tags = { KvAgentAccessOwner: 'x', 'my-KvAgentAccess': 'y', kv: 'z' };
    assert.deepEqual(found(tags), []);
    assert.deepEqual(withLeases(tags, []), tags);
  });

  it('removes its tags with the last lease', () => {
    const tags = withLeases({ owner: 'team-a' }, Array<Lease>(40).fill(lease))!;
    assert.equal(Object.keys(tags).length, 5);
    assert.deepEqual(withLeases(tags, []), { owner: 'team-a' });
  });

  it('is stored with up to eleven others in a tag of at most 256 characters', () => {
    const tags = withLeases({}, Array<Lease>(25).fill(lease))!;
    assert.deepEqual(
      Object.entries(tags).map(([name, value]) => [name, value.length]),
      [
        ['KvAgentAccess', 251],
        ['KvAgentAccess2', 251],
        ['KvAgentAccess3', 20],
      ],
    );
  });

  it('never makes a tag longer than 256 characters, whatever else is in there', () => {
    const texts = fc.array(fc.stringMatching(/^[a-z]{1,256}$/), { maxLength: 12 });
    fc.assert(
      fc.property(texts, (unknown) => {
        const tags = withLeases({}, unknown)!;
        assert.ok(Object.values(tags).every((value) => value.length <= 256));
        assert.deepEqual(
          Object.values(tags).flatMap((value) => value.split(',')),
          unknown,
        );
      }),
    );
  });

  it('has no room when the vault has 50 tags of its own, and just room with 49', () => {
    const others = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, '']));
    assert.equal(withLeases(others(50), [lease]), undefined);
    assert.equal(Object.keys(withLeases(others(49), [lease])!).length, 50);
    assert.equal(withLeases(others(49), Array<Lease>(13).fill(lease)), undefined);
  });

  it('ends when a job can have asked for at the latest: one that ends later is none, and stays as it is', () => {
    const end = (minutes: number) => ({ ...lease, expires: newYear + minutes * 60_000 });
    const [longest, tooLong] = [end(mostLeaseMinutes), end(mostLeaseMinutes + 6)];
    const tags = withLeases({}, [longest, tooLong])!;
    assert.deepEqual(readLeases(tags, newYear), [longest, renderEntry(tooLong)]);
    assert.deepEqual(readLeases(tags, Number.NaN), [longest, tooLong], 'without a time, no lease is removed');
  });

  describe('the id of a lease', () => {
    const key = createJobKey('not-a-real-job-token', false);

    it('is the same in every phase of a step, and fits into an entry', () => {
      const id = leaseIdOf(key, 'step', resourceId);
      assert.match(id, /^[0-9a-z]{6}$/);
      assert.equal(leaseIdOf(createJobKey('not-a-real-job-token', false), 'step', resourceId.toUpperCase()), id);
    });

    it('differs from job to job, from step to step and from vault to vault', () => {
      const ids = [
        leaseIdOf(key, 'step', resourceId),
        leaseIdOf(key, 'other', resourceId),
        leaseIdOf(key, 'step', `${resourceId}2`),
        leaseIdOf(createJobKey('not-a-real-other-token', false), 'step', resourceId),
      ];
      assert.equal(new Set(ids).size, ids.length);
    });
  });
});
