import assert from 'node:assert/strict';
import { isKeyAndCertificate, normalizePem } from '../../../../tasks/shared/sign-in/pem';

const body = 'bm90LWEtcmVhbC1rZXk'.repeat(8);
const key = `-----BEGIN PRIVATE KEY-----\n${body.slice(0, 64)}\n${body.slice(64, 128)}\n${body.slice(128)}\n-----END PRIVATE KEY-----\n`;
const certificate = '-----BEGIN CERTIFICATE-----\nbm90LWEtcmVhbC1jZXJ0\n-----END CERTIFICATE-----\n';

describe('normalizePem', () => {
  for (const [what, text] of [
    ['a text that is right already', key + certificate],
    ['Windows line ends', (key + certificate).replaceAll('\n', '\r\n')],
    ['one line with spaces', (key + certificate).replaceAll('\n', ' ')],
    ['one line with \\n written out', (key + certificate).replaceAll('\n', '\\n')],
    ['one line with \\r\\n written out', (key + certificate).replaceAll('\n', '\\r\\n')],
    ['bag attributes between the blocks', `Bag Attributes\n  localKeyID: 01\n${key}subject=CN = x\n${certificate}`],
    ['indentation', (key + certificate).replace(/^/gm, '    ')],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.equal(normalizePem(text), key + certificate);
    });
  }

  it('keeps the order of the blocks', () => {
    assert.equal(normalizePem(certificate + key), certificate + key);
  });

  it('gives nothing for a text without a block', () => {
    assert.equal(normalizePem('not-a-real-certificate'), '');
  });
});

describe('isKeyAndCertificate', () => {
  it('wants both', () => {
    assert.equal(isKeyAndCertificate(key + certificate), true);
    assert.equal(isKeyAndCertificate(key.replaceAll('PRIVATE', 'RSA PRIVATE') + certificate), true);
    assert.equal(isKeyAndCertificate(key), false);
    assert.equal(isKeyAndCertificate(certificate), false);
  });
});
