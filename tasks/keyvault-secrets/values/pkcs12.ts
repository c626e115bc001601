import { createHash, createHmac, type KeyObject, type X509Certificate } from 'node:crypto';
import { explicit, integer, nothing, objectId, octets, sequence, set } from './der';

const data = '1.2.840.113549.1.7.1';
const shroudedKeyBag = '1.2.840.113549.1.12.10.1.2';
const certificateBag = '1.2.840.113549.1.12.10.1.3';
const x509Certificate = '1.2.840.113549.1.9.22.1';
const localKeyId = '1.2.840.113549.1.9.21';
const sha256 = '2.16.840.1.101.3.4.2.1';

const iterations = 2048;

/**
 * Makes a PKCS#12 file (RFC 7292) of a key and its certificates, leaf first, under the empty password, as the files that
 * Key Vault itself gives out. The key is wrapped with PBES2 (AES-256, PBKDF2), the whole is sealed with HMAC-SHA256:
 * what OpenSSL 3, .NET and Java 8u301 read without legacy algorithms.
 */
export function makePkcs12(key: KeyObject, certificates: readonly X509Certificate[]): Buffer {
  const leaf = certificates[0]?.raw ?? Buffer.alloc(0);
  // Readers pair the key with its certificate by this attribute; any equal bytes do.
  const pair = set(sequence(objectId(localKeyId), set(octets(createHash('sha1').update(leaf).digest()))));
  const wrappedKey = key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: '' });
  const bags = certificates.map(({ raw }, index) => {
    const bag = sequence(objectId(x509Certificate), explicit(octets(raw)));
    return sequence(objectId(certificateBag), explicit(bag), ...(index === 0 ? [pair] : []));
  });
  const keyBag = sequence(objectId(shroudedKeyBag), explicit(wrappedKey), pair);
  const content = sequence(dataContent(sequence(...bags)), dataContent(sequence(keyBag)));
  return sequence(integer(3), dataContent(content), seal(content));
}

function dataContent(content: Uint8Array): Buffer {
  return sequence(objectId(data), explicit(octets(content)));
}

/** `MacData`. With an empty password it proves that the file is whole, not who made it; so its salt may be computed. */
function seal(content: Uint8Array): Buffer {
  const salt = createHash('sha256').update(content).digest().subarray(0, 16);
  const mac = createHmac('sha256', macKey(salt)).update(content).digest();
  return sequence(sequence(sequence(objectId(sha256), nothing()), octets(mac)), octets(salt), integer(iterations));
}

/** The key of the seal: RFC 7292, appendix B.2, for SHA-256 and the empty password (which is two zero bytes there). */
function macKey(salt: Uint8Array): Buffer {
  const blockSize = 64;
  const purpose = Buffer.alloc(blockSize, 3);
  const repeated = (bytes: Uint8Array): Buffer => Buffer.alloc(Math.ceil(bytes.length / blockSize) * blockSize, bytes);
  let digest = Buffer.concat([purpose, repeated(salt), repeated(Uint8Array.of(0, 0))]);
  for (let round = 0; round < iterations; round++) digest = createHash('sha256').update(digest).digest();
  return digest;
}
