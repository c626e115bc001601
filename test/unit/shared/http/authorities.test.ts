import assert from 'node:assert/strict';
import * as tls from 'node:tls';
import { ownAuthorities } from '../../../../tasks/shared/http/authorities';

/** A Node of 22.15 or later that trusts these besides what NODE_EXTRA_CA_CERTS adds. */
const speaking = (trusted: readonly string[], extra: readonly string[] = []) => ({
  rootCertificates: ['bundled'],
  getCACertificates: (type: 'default' | 'extra') => (type === 'extra' ? extra : [...trusted, ...extra]),
});

describe('the authorities of Node', () => {
  it('are those that it brings along, on Node 20', () => {
    assert.deepEqual(ownAuthorities({ rootCertificates: ['bundled'] }), ['bundled']);
  });

  it("include the system's where NODE_USE_SYSTEM_CA is set, on Node 24", () => {
    assert.deepEqual(ownAuthorities(speaking(['bundled', 'of the system'])), ['bundled', 'of the system']);
  });

  it('do not include those of NODE_EXTRA_CA_CERTS, which Node adds by default', () => {
    assert.deepEqual(ownAuthorities(speaking(['bundled'], ['of a file'])), ['bundled']);
  });

  it('include those that Node brings along when that file repeats them', () => {
    assert.deepEqual(ownAuthorities(speaking(['bundled'], ['bundled', 'of a file'])), ['bundled']);
  });

  it('include all that the Node of this process brings along', () => {
    const own = new Set(ownAuthorities(tls));
    assert.deepEqual(
      tls.rootCertificates.filter((certificate) => !own.has(certificate)),
      [],
    );
  });
});
