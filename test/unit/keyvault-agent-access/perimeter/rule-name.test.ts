import assert from 'node:assert/strict';
import {
  isExpired,
  isOwn,
  parseRuleName,
  toRuleName,
} from '../../../../tasks/keyvault-agent-access/perimeter/rule-name';

const expires = Date.UTC(2026, 0, 15, 12);

describe('the name of an access rule', () => {
  it('contains the ID of the rule and its end, to the second', () => {
    const name = toRuleName({ expires: expires + 1, leaseId: 'mine00' });
    assert.equal(name, 'akv-t8wmo1-mine00');
    assert.deepEqual(parseRuleName(name), { expires: expires + 1000, leaseId: 'mine00' });
    assert.match(name, /(^[a-zA-Z0-9]+[a-zA-Z0-9_.-]*[a-zA-Z0-9_]+$)|(^[a-zA-Z0-9]$)/, "Azure's rule for names");
  });

  for (const name of [
    'office',
    'akv-office',
    'akv-t8vs41',
    'akv-t8vs41-mine00-2',
    'akv-t8vs4-mine00',
    'AKV-t8vs41-mine00',
    'akv-t8vs41-MINE00',
    ' akv-t8vs41-mine00',
    'akv-t8vs41-mine00\n',
  ]) {
    it(`is not '${name.trim()}'${name.trim() === name ? '' : ' with spaces around it'}: never removed, never ours`, () => {
      assert.equal(parseRuleName(name), undefined);
      assert.equal(isExpired(name, Number.MAX_SAFE_INTEGER), false);
      assert.equal(isOwn(name, 'mine00'), false);
    });
  }

  it('is expired five minutes after its time, not before', () => {
    const name = toRuleName({ expires, leaseId: 'mine00' });
    assert.equal(isExpired(name, expires + 5 * 60_000), false);
    assert.equal(isExpired(name, expires + 5 * 60_000 + 1), true);
  });

  it('belongs to the step with its id and to no other', () => {
    const name = toRuleName({ expires, leaseId: 'mine00' });
    assert.deepEqual([isOwn(name, 'mine00'), isOwn(name, 'other0'), isOwn(name, '')], [true, false, false]);
  });
});
