import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchSource } from '../../../../tasks/keyvault-secrets/selection/pattern';
import { parseRules } from '../../../../tasks/keyvault-secrets/rules/parse';
import {
  considerListed,
  selectNamed,
  summarizeListing,
  type Selection,
  type SelectionPolicy,
} from '../../../../tasks/keyvault-secrets/selection/select';
import type { SecretProperties } from '../../../../tasks/keyvault-secrets/ports';

const now = Date.UTC(2026, 0, 15);
const open: SelectionPolicy = { tagFilter: [], includeCertificates: true, expiredSecrets: 'auto', now };

function listed(name: string, extra: Partial<SecretProperties> = {}): SecretProperties {
  return { name, enabled: true, managed: false, tags: {}, ...extra };
}

function select(text: string, listing: readonly SecretProperties[], policy: Partial<SelectionPolicy> = {}): Selection {
  const { rules, exclusions, mistakes } = parseRules(text, ['my-kv', 'other']);
  assert.equal(mistakes.length, 0);
  const from = { vault: 'my-kv', patterns: rules, exclusions, policy: { ...open, ...policy } };
  return summarizeListing(
    listing.map((one) => considerListed(one, from)),
    from,
  );
}

const namesOf = ({ selected }: Selection): readonly string[] => selected.map(({ name }) => name);

describe('patterns', () => {
  const cases: readonly (readonly ['glob' | 'regex', string, string, string | undefined])[] = [
    ['glob', '*', 'anything', 'anything'],
    ['glob', 'web-*', 'WEB-Api', 'Api'],
    ['glob', 'web-*', 'web-', ''],
    ['glob', 'web-*', 'my-web-api', undefined],
    ['glob', '*-key', 'api-key', 'api'],
    ['glob', 'a*b*c', 'a1b2c', '1'],
    ['glob', 'a*b*c', 'abc', ''],
    ['glob', 'a*a', 'a', undefined],
    ['glob', '*ab*ba', 'aba', undefined],
    ['glob', 'a**b', 'axb', 'x'],
    ['regex', 'web-(.*)', 'web-api', 'api'],
    ['regex', 'a|b', 'ab', undefined],
    ['regex', 'A.C', 'abc', 'abc'],
  ];
  for (const [kind, text, name, star] of cases) {
    it(`${kind} ${text} ${star === undefined ? 'does not match' : 'matches'} ${name}`, () => {
      assert.equal(matchSource({ kind, text }, name)?.star, star);
    });
  }

  it('with stars match exactly what the equivalent expression matches', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 12 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '-'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        glob.filter((text) => text.includes('*')),
        letters,
        (text, name) => {
          const expected = new RegExp(`^${text.replaceAll('*', '.*')}$`).test(name);
          assert.equal(matchSource({ kind: 'glob', text }, name) !== undefined, expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('selecting from a listing', () => {
  it('counts what is listed, matched, excluded and skipped, with reasons', () => {
    const selection = select('web-*, !web-legacy-*', [
      listed('web-a'),
      listed('web-legacy-b'),
      listed('web-c', { enabled: false }),
      listed('web-d', { expires: now - 1 }),
      listed('web-e', { notBefore: now + 1 }),
      listed('web-f', { expires: now }),
      listed('other'),
    ]);
    assert.deepEqual(namesOf(selection), ['web-a']);
    const { listed: all, matched, excluded, skipped } = selection;
    assert.deepEqual({ all, matched, excluded }, { all: 7, matched: 6, excluded: 1 });
    assert.deepEqual(
      [...skipped],
      [
        ['disabled', 1],
        ['expired', 2],
        ['not valid yet', 1],
      ],
    );
  });

  it('gives a secret to every pattern that matches it', () => {
    const { selected } = select('web-* -> *\n/(.*)-key/', [listed('web-key')]);
    assert.deepEqual(
      selected.map(({ star }) => star),
      ['key', 'web'],
    );
  });

  it('takes expired secrets when the policy uses them', () => {
    for (const expiredSecrets of ['use', 'warn', 'fail'] as const) {
      assert.deepEqual(namesOf(select('*', [listed('old', { expires: 1 })], { expiredSecrets })), ['old']);
    }
  });

  it('leaves out secrets behind certificates on request', () => {
    const listing = [listed('tls', { managed: true }), listed('plain')];
    assert.deepEqual(namesOf(select('*', listing)), ['tls', 'plain']);
    const selection = select('*', listing, { includeCertificates: false });
    assert.deepEqual(namesOf(selection), ['plain']);
    assert.equal(selection.skipped.get('certificate-backed'), 1);
  });

  it('demands every tag condition', () => {
    const listing = [
      listed('both', { tags: { env: 'prod', owner: 'x' } }),
      listed('one', { tags: { env: 'prod' } }),
      listed('none'),
      listed('trap', { tags: { constructor: 'x' } }),
    ];
    const with_ = (...tagFilter: SelectionPolicy['tagFilter']): readonly string[] =>
      namesOf(select('*', listing, { tagFilter }));
    assert.deepEqual(with_({ tag: 'env', test: 'equals', value: 'prod' }), ['both', 'one']);
    assert.deepEqual(
      with_({ tag: 'env', test: 'equals', value: 'prod' }, { tag: 'owner', test: 'exists', value: '' }),
      ['both'],
    );
    assert.deepEqual(with_({ tag: 'env', test: 'differs', value: 'prod' }), ['none', 'trap']);
    assert.deepEqual(with_({ tag: 'toString', test: 'exists', value: '' }), []);
  });

  it('obeys exclusions of its own vault only', () => {
    assert.deepEqual(namesOf(select('*, !other:a, !my-kv:b', [listed('a'), listed('b')])), ['a']);
  });

  it('says which patterns match nothing', () => {
    const { unmatched } = select('web-*, db-*', [listed('web-a')]);
    assert.deepEqual(
      unmatched.map(({ text }) => text),
      ['db-*'],
    );
  });
});

describe('selecting by name', () => {
  it('looks into every vault of the step, or into the one before the colon', () => {
    const { rules } = parseRules('a\nother:b\n*', ['my-kv', 'other']);
    assert.deepEqual(
      selectNamed(rules, ['my-kv', 'other']).map(({ vault, name }) => `${vault}:${name}`),
      ['my-kv:a', 'other:a', 'other:b'],
    );
  });
});
