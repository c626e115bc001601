/** JSON Web Tokens (RFC 7519), as far as the simulated issuers sign and the simulated services check them. */
import { constants, createHash, createSign, createVerify, generateKeyPair } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export type Claims = Readonly<Record<string, unknown>>;

export interface Token {
  readonly header: Claims;
  readonly claims: Claims;
  readonly signed: string;
  readonly signature: Buffer;
}

/** A new RSA key of 2048 bits. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { kid, privateKey, publicKey };
}

/** A token signed with RS256. */
export function signToken(key: SigningKey, claims: Claims): string {
  const header = { typ: 'JWT', alg: 'RS256', kid: key.kid };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key.privateKey, 'base64url')}`;
}

/** Decodes a token without verifying it; undefined if it is not a token. */
export function parseToken(text: string): Token | undefined {
  const [header, claims, signature, ...rest] = text.split('.');
  if (!header || !claims || !signature || rest.length > 0) return undefined;
  try {
    return {
      header: JSON.parse(Buffer.from(header, 'base64url').toString()) as Claims,
      claims: JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims,
      signed: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    return undefined;
  }
}

/** Whether `key` signed the token with RS256 or PS256. Other algorithms, including `none`, are not accepted. */
export function isSignedBy(token: Token, key: KeyObject): boolean {
  const verify = createVerify('RSA-SHA256').update(token.signed);
  if (token.header.alg === 'RS256') return verify.verify(key, token.signature);
  if (token.header.alg !== 'PS256') return false;
  return verify.verify({ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, token.signature);
}

/** The public half as a member of a key set (RFC 7517). */
export function publishKey(key: SigningKey): Claims {
  return { ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, use: 'sig', alg: 'RS256' };
}

/** A claim as text; `''` when it is absent. */
export function claimText(claims: Claims, name: string): string {
  const value = claims[name];
  return typeof value === 'string' ? value : '';
}

/** A claim as a number (times are seconds since 1970); NaN when it is absent, so that every comparison fails. */
export function claimNumber(claims: Claims, name: string): number {
  const value = claims[name];
  return typeof value === 'number' ? value : Number.NaN;
}
