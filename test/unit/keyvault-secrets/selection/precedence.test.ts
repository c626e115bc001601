import assert from 'node:assert/strict';
import { failureOf, pick, run } from '../recording-ports';

const value = '{"HOST":"shop.example","key":"not-a-real-key-1"}';

describe('a rule with a field takes the place of `.*` and `.**` for the same field and variable', () => {
  for (const secretsFilter of [
    'shop.*\nshop.HOST | notSecret',
    'shop.HOST | notSecret\nshop.*',
    'shop.**\nshop."HOST" | notSecret',
    's*.*\ns*.HOST | trim\nshop.HOST | notSecret',
  ]) {
    it(secretsFilter.replaceAll('\n', ', '), async () => {
      const recorded = await run({ 'my-kv': { shop: { value } } }, { secretsFilter });
      assert.deepEqual(pick(recorded, 'set').toSorted(), [
        'set shop.HOST=shop.example',
        'set shop.key=not-a-real-key-1 (secret)',
      ]);
    });
  }

  it('however the variable is written: shop.* -> SHOP_*, shop.HOST | notSecret -> shop.host', async () => {
    const recorded = await run(
      { 'my-kv': { shop: { value } } },
      { secretsFilter: 'shop.* -> SHOP_*\nshop.HOST | notSecret -> shop.host' },
    );
    assert.deepEqual(pick(recorded, 'set').toSorted(), [
      'set SHOP_key=not-a-real-key-1 (secret)',
      'set shop.host=shop.example',
    ]);
  });

  it('also below a pattern: web-*.*, web-*.HOST | trim', async () => {
    const recorded = await run(
      { 'my-kv': { 'web-a': { value: '{"HOST":" shop.example ","key":"not-a-real-key-1"}' } } },
      { secretsFilter: 'web-*.*\nweb-*.HOST | trim' },
    );
    assert.deepEqual(pick(recorded, 'set').toSorted(), [
      'set web-a.HOST=shop.example (secret)',
      'set web-a.key=not-a-real-key-1 (secret)',
    ]);
  });

  it('but both hold when they give the field to two variables', async () => {
    const recorded = await run(
      { 'my-kv': { shop: { value } } },
      { secretsFilter: 'shop.*\nshop.HOST | notSecret -> HOST' },
    );
    assert.deepEqual(pick(recorded, 'set').toSorted(), [
      'set HOST=shop.example',
      'set shop.HOST=shop.example (secret)',
      'set shop.key=not-a-real-key-1 (secret)',
    ]);
  });
});

describe('a rule with a field and `.*` of the same secret collide', () => {
  it('when another field would become the variable', async () => {
    const recorded = await run({ 'my-kv': { shop: { value } } }, { secretsFilter: 'shop.*\nshop.HOST -> shop.key' });
    const { code, summary } = failureOf(recorded);
    assert.equal(code, 'AKV-NAME-COLLISION');
    assert.match(summary, /^my-kv:shop\.\* and my-kv:shop\.HOST: both set the variable 'shop\.key'/);
    assert.deepEqual(pick(recorded, 'set'), []);
  });

  it('when they are of two versions', async () => {
    const version = '0123456789abcdef0123456789abcdef';
    const recorded = await run(
      { 'my-kv': { shop: { value, versions: [{ version, value: '{"HOST":"old.example"}' }] } } },
      { secretsFilter: `shop/${version}.* -> shop.*\nshop.HOST` },
    );
    const { code, summary } = failureOf(recorded);
    assert.equal(code, 'AKV-NAME-COLLISION');
    assert.match(summary, new RegExp(`^my-kv:shop/${version}\\.\\* and my-kv:shop\\.HOST: both set`));
  });
});
