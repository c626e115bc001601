import assert from 'node:assert/strict';

import fc from 'fast-check';

import { patchVault, putVault, showVault } from './arm/vaults';
import type { VaultResource } from './arm/vaults';
import { recordChange, seenBy } from './vault/front-ends';
import type { PropagatedChange } from './vault/front-ends';
import { isWithin } from './vault/network-acls';
import { isWithinScope, mayManage } from './arm/role-assignments';
import { pageOf } from './vault/secret-pages';
import { withdraw } from './http/token-bucket';
import type { Bucket } from './http/token-bucket';
import { judgeConnection } from './vault/firewall';

const publicAddress = fc
  .tuple(fc.integer({ min: 20, max: 99 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((parts) => parts.join('.'));
const write = { by: 'someone', at: 1000 };
const place = {
  id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v',
  name: 'v',
  vaultUri: 'https://v.vault.azure.net/',
};
const blank = putVault(
  undefined,
  place,
  { location: 'x', properties: { tenantId: 't', sku: { family: 'A', name: 'standard' } } },
  write,
  '2026-02-01',
);
const withoutTime = ({ systemData, ...vault }: VaultResource): Omit<VaultResource, 'systemData'> => {
  assert.ok(systemData);
  return vault;
};

describe('the model of a vault in ARM', () => {
  const aclsChange = fc.record(
    {
      bypass: fc.constantFrom('None', 'AzureServices'),
      defaultAction: fc.constantFrom('Allow', 'Deny'),
      ipRules: fc.array(fc.record({ value: publicAddress }), { maxLength: 4 }),
    },
    { requiredKeys: [] },
  );
  const change = fc.record(
    {
      tags: fc.dictionary(fc.stringMatching(/^[b-l]{1,4}$/), fc.string({ maxLength: 9 })),
      properties: fc.record({ networkAcls: aclsChange }),
    },
    { requiredKeys: [] },
  );

  it('ends in the same state when a PATCH is done twice', () => {
    fc.assert(
      fc.property(change, (body) => {
        const once = patchVault(blank, body, write);
        assert.deepEqual(withoutTime(patchVault(once, body, write)), withoutTime(once));
      }),
    );
  });

  it('gets a vault back, byte for byte, by a PATCH with the rules and tags it had', () => {
    fc.assert(
      fc.property(change, change, (first, second) => {
        const before = patchVault(blank, first, write);
        const { tags, properties } = before;
        const changed = patchVault(before, second, write);
        const restored = patchVault(changed, { tags, properties: { networkAcls: properties.networkAcls } }, write);
        const show = (vault: VaultResource): string => JSON.stringify({ ...showVault(vault), systemData: undefined });
        assert.equal(show(restored), show(before));
      }),
    );
  });

  it('never gives two writes the same lastModifiedAt, nor lets it go back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 2 }), (times) => {
        const states = times.reduce<VaultResource[]>(
          (all, at) => [...all, patchVault(all.at(-1)!, {}, { by: 'x', at })],
          [blank],
        );
        const stamps = states.map(({ systemData }) => Date.parse(systemData.lastModifiedAt));
        assert.ok(stamps.every((stamp, index) => index === 0 || stamp > stamps[index - 1]!));
      }),
    );
  });
});

describe('the model of the firewall', () => {
  const gate = (values: string[]) => ({
    publicNetworkAccess: 'Enabled',
    networkAcls: {
      bypass: 'None',
      defaultAction: 'Deny',
      ipRules: values.map((value) => ({ value })),
      virtualNetworkRules: [],
    },
  });

  it('accepts an address exactly when a rule contains it', () => {
    fc.assert(
      fc.property(fc.array(publicAddress), publicAddress, (rules, address) => {
        const denied = judgeConnection(gate(rules.map((rule) => `${rule}/32`)), { address }) !== undefined;
        assert.equal(denied, !rules.includes(address));
      }),
    );
  });

  it('takes a range for what its first bits say', () => {
    fc.assert(
      fc.property(publicAddress, publicAddress, fc.integer({ min: 0, max: 32 }), (network, address, bits) => {
        const toBits = (text: string): string =>
          text
            .split('.')
            .map((part) => Number(part).toString(2).padStart(8, '0'))
            .join('');
        assert.equal(
          isWithin(address, `${network}/${bits}`),
          toBits(network).slice(0, bits) === toBits(address).slice(0, bits),
        );
      }),
    );
  });
});

describe('the model of front ends', () => {
  it('shows each its latest change that has reached it, and all of them the last one in the end', () => {
    const delays = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(delays, fc.nat(200), (changes, moment) => {
        const version = (index: number): VaultResource => ({ ...blank, name: String(index) });
        let history: readonly PropagatedChange[] = [{ resource: version(-1), visibleAt: [] }];
        changes.forEach((delay, index) => {
          if (index * 10 > moment) return;
          history = recordChange(
            history,
            version(index),
            { frontEnds: 2, delay: (frontEnd) => delay[frontEnd as 0 | 1] },
            index * 10,
          );
        });
        for (const frontEnd of [0, 1] as const) {
          const expected = changes.findLastIndex(
            (delay, index) => index * 10 <= moment && index * 10 + delay[frontEnd] <= moment,
          );
          assert.equal(seenBy(history, frontEnd, moment).name, String(expected));
        }
      }),
    );
  });
});

describe('the model of rate limits', () => {
  it('never grants more than the bucket holds and refills, and says when to come back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000)), (gaps) => {
        const size = { capacity: 5, refillPerSecond: 2 };
        let bucket: Bucket | undefined;
        let [now, granted] = [0, 0];
        for (const gap of gaps) {
          now += gap;
          const result = withdraw(bucket, size, now);
          bucket = result.bucket;
          if (result.granted) granted += 1;
          else assert.ok(withdraw(bucket, size, now + result.retryAfterSeconds * 1000).granted);
        }
        assert.ok(granted <= size.capacity + ((now - 0) / 1000) * size.refillPerSecond);
      }),
    );
  });
});

describe('the model of role assignments', () => {
  const assignment = {
    objectId: 'me',
    scope: '/subscriptions/s/resourceGroups/Shop',
    actions: ['Microsoft.KeyVault/*/read'],
    dataActions: [],
  };
  const attempt = {
    objectId: 'me',
    action: 'microsoft.keyvault/vaults/read',
    scope: '/subscriptions/s/resourcegroups/shop/x',
  };

  it('covers what lies below a scope, in any case, and nothing that only begins alike', () => {
    assert.ok(mayManage([assignment], attempt));
    assert.ok(!mayManage([assignment], { ...attempt, scope: '/subscriptions/s/resourceGroups/shopping' }));
    assert.ok(isWithinScope('/subscriptions/s', '/'));
  });

  it('gives only its actions, and only to its principal', () => {
    assert.ok(!mayManage([assignment], { ...attempt, action: 'Microsoft.KeyVault/vaults/write' }));
    assert.ok(!mayManage([assignment], { ...attempt, objectId: 'you' }));
  });
});

describe('the model of listings', () => {
  it('shows every item once, in order, however many a page holds and whether pages are empty', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 60 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 25 }), fc.boolean(), (ids, size, emptyPages) => {
        const seen: unknown[] = [];
        let query: Record<string, string> = { maxresults: String(size) };
        for (;;) {
          const page = pageOf(
            ids.map((id) => ({ id })),
            { vaultUri: 'https://v/', path: 'secrets', query, emptyPages },
          );
          seen.push(...(page.value as { id: string }[]).map(({ id }) => id));
          if (page.nextLink === null) break;
          query = Object.fromEntries(new URL(page.nextLink as string).searchParams);
        }
        assert.deepEqual(seen, [...ids].sort());
      }),
    );
  });
});
