import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { certificatePart } from '../../../../tasks/keyvault-secrets/values/certificate';
import type { Operation } from '../../../../tasks/keyvault-secrets/rules/rule';
import { transform, type Transformed } from '../../../../tasks/keyvault-secrets/values/transform';
import { makeChain, type TestChain } from '../../../fixtures/certificates';

function run(value: string, ...operations: readonly Operation[]): Transformed {
  const done = transform(value, operations);
  assert.ok(!('problem' in done), JSON.stringify(done));
  return done;
}

function problem(value: string, ...operations: readonly Operation[]): string {
  const done = transform(value, operations);
  return 'problem' in done ? `${done.code}: ${done.problem}` : 'no problem';
}

const encode = (value: string | Uint8Array): string => Buffer.from(value as string).toString('base64');

describe('operations', () => {
  it('leave a value without any as it is, to the last blank', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        fc.pre(!value.includes('\0'));
        assert.equal(run(value).text, value);
      }),
    );
  });

  it('work in the order of the rule', () => {
    assert.equal(run(` ${encode(' x ')}\n`, { kind: 'trim' }, { kind: 'decode64' }).text, ' x ');
    assert.equal(run(' x ', { kind: 'encode64' }, { kind: 'trim' }).text, 'IHgg');
  });

  it('remember what the value was on its way, so that it can be masked', () => {
    assert.deepEqual(run('eA==', { kind: 'decode64' }, { kind: 'encode64' }).formerTexts, ['eA==', 'x']);
  });

  it('decode what they have encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        fc.pre(!value.includes('\0'));
        assert.equal(run(value, { kind: 'encode64' }, { kind: 'decode64' }).text, value);
      }),
    );
  });

  for (const text of ['Pz8/Pz4+', 'Pz8_Pz4-', 'Pz8/\nPz4+\n']) {
    it(`decode ${JSON.stringify(text)}`, () => {
      assert.equal(run(text, { kind: 'decode64' }).text, '????>>');
    });
  }

  for (const text of ['not base64!', 'YWI==', 'a', 'ab=', 'Pz8_Pz4+', 'YR==', '====', 'YQ==YQ==']) {
    it(`refuse to decode ${text}`, () => {
      assert.equal(problem(text, { kind: 'decode64' }), 'AKV-VALUE: it is not base64');
    });
  }

  it('let bytes that are no text go to a file only', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x01]);
    assert.equal(
      problem(encode(bytes), { kind: 'decode64' }),
      "AKV-VALUE: decoded, it is not UTF-8 text; only '| file' can hold it",
    );
    const { file, text } = run(encode(bytes), { kind: 'decode64' }, { kind: 'file', path: 'a/b' });
    assert.deepEqual(file, { path: 'a/b', bytes });
    assert.equal(text, encode(bytes));
    assert.match(problem(encode(bytes), { kind: 'decode64' }, { kind: 'trim' }), /which 'trim' needs/);
  });

  it('refuse a NUL character but in a file', () => {
    assert.equal(problem('a\0b'), "AKV-VALUE: it contains a NUL character, which a variable cannot hold; use '| file'");
    assert.deepEqual(run('a\0b', { kind: 'file' }).file, { bytes: Buffer.from('a\0b') });
  });

  it('never quote the value in a problem', () => {
    for (const kind of ['decode64', 'pem', 'cert', 'key', 'chain', 'pfx'] as const) {
      assert.doesNotMatch(problem('not-a-real-password-1!', { kind }), /not-a-real/);
    }
  });
});

/** What OpenSSL found in a PFX; Node's type of a context leaves it out. */
interface OpenedPfx {
  getCertificate(): Buffer;
  getIssuer(): Buffer;
}

describe('parts of a certificate', () => {
  let chain: TestChain;
  let scrambled: string;

  before(async () => {
    chain = await makeChain();
    // As openssl pkcs12 writes it, with the chain in the wrong order.
    scrambled = `Bag Attributes\n    friendlyName: x\n${chain.root}${chain.intermediate}Bag Attributes\n${chain.key}${chain.leaf}`;
  });

  const textOf = (value: string, operation: Parameters<typeof certificatePart>[1]): string => {
    const part = certificatePart(value, operation);
    assert.ok('text' in part, JSON.stringify(part));
    return part.text;
  };

  it('are put in order: key, leaf, issuers', () => {
    assert.equal(textOf(scrambled, 'pem'), chain.key + chain.leaf + chain.intermediate + chain.root);
  });

  it('are the leaf alone, the chain without its root, and the key', () => {
    assert.equal(textOf(scrambled, 'cert'), chain.leaf);
    assert.equal(textOf(scrambled, 'chain'), chain.leaf + chain.intermediate);
    assert.equal(textOf(scrambled, 'key'), chain.key);
  });

  it('have LF at line ends whatever the vault has', () => {
    assert.equal(textOf(scrambled.replaceAll('\n', '\r\n'), 'pem'), textOf(scrambled, 'pem'));
  });

  it('find the leaf without a key', () => {
    assert.equal(textOf(chain.root + chain.leaf + chain.intermediate, 'cert'), chain.leaf);
  });

  it('tell issuers of one name apart by their signature', async () => {
    const renewed = await makeChain();
    const value = renewed.intermediate + chain.key + chain.leaf + chain.intermediate;
    assert.equal(textOf(value, 'chain'), chain.leaf + chain.intermediate);
  });

  it('tell when the issuer is not among them', () => {
    assert.deepEqual(certificatePart(chain.key + chain.leaf, 'chain'), {
      text: chain.leaf,
      note: 'issuer certificate missing',
    });
  });

  it('keep certificates that belong to no path behind the others', async () => {
    const stranger = await makeChain();
    assert.equal(textOf(stranger.leaf + chain.key + chain.leaf, 'pem'), chain.key + chain.leaf + stranger.leaf);
  });

  it('make a PFX that OpenSSL opens without a password, key and chain together', () => {
    const pfx = Buffer.from(textOf(scrambled, 'pfx'), 'base64');
    const opened = createSecureContext({ pfx }).context as OpenedPfx;
    assert.deepEqual(opened.getCertificate(), new X509Certificate(chain.leaf).raw);
    assert.deepEqual(opened.getIssuer(), new X509Certificate(chain.intermediate).raw);
  });

  it('refuse to pair a key with the certificate of another', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    assert.deepEqual(certificatePart(key + chain.leaf, 'pfx'), {
      problem: 'none of its certificates matches its private key',
    });
    assert.equal(textOf(key, 'key'), key);
  });

  it('seal the PFX, so that a damaged one is refused', () => {
    const pfx = Buffer.from(textOf(scrambled, 'pfx'), 'base64');
    const place = pfx.indexOf(new X509Certificate(chain.leaf).raw) + 100;
    pfx.writeUInt8(pfx.readUInt8(place) ^ 1, place);
    assert.throws(() => createSecureContext({ pfx }), /mac verify failure/);
  });

  it('give a PFX of the vault as it is, and as binary to a file', () => {
    const stored = textOf(scrambled, 'pfx');
    assert.equal(textOf(`${stored}\n`, 'pfx'), stored);
    assert.deepEqual(run(stored, { kind: 'pfx' }, { kind: 'file' }).file, { bytes: Buffer.from(stored, 'base64') });
  });

  const problems: readonly (readonly [string, () => string, Parameters<typeof certificatePart>[1], string])[] = [
    ['no certificate', () => 'not-a-real-password-1', 'pem', 'its value contains no certificate in PEM format'],
    ['a PFX that was not converted', () => 'MIIBAAAA', 'pem', "this vault cannot convert its PFX to PEM; use 'pfx'"],
    ['neither form', () => 'not-a-real-password-1', 'pfx', 'its value is neither a PFX nor PEM'],
    [
      'no key',
      () => chain.leaf,
      'key',
      'it contains no private key (perhaps its policy says that the key is not exportable)',
    ],
    [
      'no key for a PFX',
      () => chain.leaf,
      'pfx',
      'it contains no private key (perhaps its policy says that the key is not exportable)',
    ],
    ['a key alone', () => chain.key, 'cert', 'it contains no certificate'],
    ['damage', () => chain.leaf.replace('MII', 'NII'), 'cert', 'its key or one of its certificates is not valid'],
  ];
  for (const [what, value, operation, expected] of problems) {
    it(`explain ${what}`, () => {
      assert.deepEqual(certificatePart(value(), operation), { problem: expected });
    });
  }
});
