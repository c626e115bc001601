import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  canonicalNetwork,
  covers,
  isPublic,
  isSameNetwork,
  soleAddress,
} from '../../../../tasks/keyvault-agent-access/address/address';

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const networks = fc.tuple(octets, fc.nat(32)).map(([address, prefix]) => `${address}/${prefix}`);

describe('address', () => {
  describe('canonicalNetwork', () => {
    const forms: readonly (readonly [string, string | undefined])[] = [
      ['20.1.2.3', '20.1.2.3/32'],
      [' 20.1.2.3 ', '20.1.2.3/32'],
      ['20.1.2.3/32', '20.1.2.3/32'],
      ['20.1.2.3/28', '20.1.2.0/28'],
      ['20.1.2.3/0', '0.0.0.0/0'],
      ['010.1.1.1', undefined],
      ['1.2.3', undefined],
      ['1.2.3.256', undefined],
      ['0x7f000001', undefined],
      ['1.2.3.4/33', undefined],
      ['1.2.3.4/08', undefined],
      ['1.2.3.4/', undefined],
      ['1.2.3.4:443', undefined],
      ['2001:db8::1', undefined],
      ['::ffff:1.2.3.4', undefined],
      ['1.2.3.4 5.6.7.8', undefined],
      ['', undefined],
    ];
    for (const [text, expected] of forms) {
      it(`makes ${expected ?? 'nothing'} of '${text}'`, () => {
        assert.equal(canonicalNetwork(text), expected);
      });
    }

    it('leaves what is canonical as it is', () => {
      fc.assert(
        fc.property(networks, (network) => {
          const canonical = canonicalNetwork(network)!;
          assert.equal(canonicalNetwork(canonical), canonical);
        }),
      );
    });
  });

  describe('soleAddress', () => {
    it('accepts a single address and nothing that contains more than one', () => {
      assert.equal(soleAddress(' 20.1.2.3 '), '20.1.2.3');
      for (const text of ['20.1.2.3/32', '0.0.0.0/0', '20.1.2.3,20.1.2.4', '2001:db8::1', '']) {
        assert.equal(soleAddress(text), undefined, text);
      }
    });
  });

  describe('covers', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['20.1.2.0/24', '20.1.2.3', true],
      ['20.1.2.0/24', '20.1.2.0/24', true],
      ['20.1.2.0/24', '20.1.3.1', false],
      ['20.1.2.3', '20.1.2.0/24', false],
      ['0.0.0.0/0', '20.1.2.3', true],
      ['20.1.2.0/28', '20.1.2.0/24', false],
      ['nonsense', '20.1.2.3', false],
      ['20.1.2.3', 'nonsense', false],
    ];
    for (const [outer, inner, expected] of cases) {
      it(`says that ${outer} ${expected ? 'holds' : 'does not hold'} ${inner}`, () => {
        assert.equal(covers(outer, inner), expected);
      });
    }

    it('holds both ways only for the same network', () => {
      fc.assert(
        fc.property(networks, networks, (one, other) => {
          assert.equal(covers(one, other) && covers(other, one), isSameNetwork(one, other));
        }),
      );
    });
  });

  it('accepts a network in each of its spellings, and no other text', () => {
    assert.equal(isSameNetwork('20.1.2.3', '20.1.2.3/32'), true);
    assert.equal(isSameNetwork('20.1.2.9/24', '20.1.2.0/24'), true);
    assert.equal(isSameNetwork('20.1.2.3', '20.1.2.3/31'), false);
    assert.equal(isSameNetwork('', ''), false);
  });

  describe('isPublic', () => {
    const reserved = [
      ...['0.1.2.3', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.1.1', '172.16.0.1', '172.31.255.255'],
      ...['192.0.0.1', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.51.100.1', '224.0.0.1', '255.255.255.255'],
      ...['168.63.129.16', '10.0.0.0/8', 'not an address', '2001:db8::1'],
    ];
    for (const text of reserved) {
      it(`refuses ${text}`, () => {
        assert.equal(isPublic(text), false);
      });
    }
    for (const text of ['20.1.2.3', '20.1.2.3/32', '172.15.0.1', '172.32.0.1', '168.63.129.17', '20.1.2.0/28']) {
      it(`takes ${text}`, () => {
        assert.equal(isPublic(text), true);
      });
    }
  });
});
