/** The caller: what ARM and the vaults read from an access token. */
import type { Cloud } from './clouds';
import { claimNumber, claimText, isSignedBy, parseToken } from './entra/token';
import type { Claims, SigningKey } from './entra/token';

export interface Caller {
  readonly tenantId: string;
  /** The application's client id. */
  readonly appId: string;
  /** The service principal's object id. */
  readonly objectId: string;
  readonly issuer: string;
}

/** Why a token is not valid, and its claims if they could be read. */
export interface TokenProblem {
  readonly problem: 'missing' | 'invalid' | 'expired' | 'audience' | 'issuer';
  readonly claims: Claims;
}

/** The requirements of a service for a token. */
interface TokenRequirements {
  readonly key: SigningKey;
  /** Accepted audiences, without a slash at the end. */
  readonly audiences: readonly string[];
  /** The only accepted issuer; undefined accepts every tenant of the cloud. */
  readonly issuer: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The issuer in a tenant's access tokens. */
export function issuerOf(cloud: Cloud, tenantId: string): string {
  return `${cloud.tokenIssuer}/${tenantId}/`;
}

/** Reads the caller from an `Authorization` header, checking signature, time, audience and issuer in this order. */
export function identifyCaller(
  authorization: string | undefined,
  requirements: TokenRequirements,
): Caller | TokenProblem {
  const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (bearer === undefined) return { problem: 'missing', claims: {} };
  const token = parseToken(bearer);
  if (token === undefined || !isSignedBy(token, requirements.key.publicKey)) return { problem: 'invalid', claims: {} };
  const { claims } = token;
  if (!(requirements.now < claimNumber(claims, 'exp') * 1000)) return { problem: 'expired', claims };
  const audience = claimText(claims, 'aud').replace(/\/$/, '');
  if (!requirements.audiences.includes(audience)) return { problem: 'audience', claims };
  const issuer = claimText(claims, 'iss');
  if (requirements.issuer !== undefined && issuer !== requirements.issuer) return { problem: 'issuer', claims };
  return {
    tenantId: claimText(claims, 'tid'),
    appId: claimText(claims, 'appid'),
    objectId: claimText(claims, 'oid'),
    issuer,
  };
}
