import { validityMessages as messages } from '../messages/report';
import type { SecretProperties } from '../ports';

const day = 86_400_000;

export const expiredPolicies = ['auto', 'use', 'skip', 'warn', 'fail'] as const;

/** What happens to a secret outside its validity period. */
export type ExpiredPolicy = (typeof expiredPolicies)[number];

/** Whether a secret is before or after its validity period, and since or until when in milliseconds since 1970. */
interface OutsideValidity {
  readonly side: 'expired' | 'notYetValid';
  readonly moment: number;
}

/**
 * How a secret is outside its validity period at `now` (milliseconds since 1970), or `undefined` inside it. `exp` and
 * `nbf` are informational: the vault returns the value in any case (Azure Key Vault REST: secret attributes).
 */
export function sideOfValidity({ notBefore, expires }: SecretProperties, now: number): OutsideValidity | undefined {
  if (expires !== undefined && expires <= now) return { side: 'expired', moment: expires };
  if (notBefore !== undefined && notBefore > now) return { side: 'notYetValid', moment: notBefore };
  return undefined;
}

/** The same in words, with the date. */
export function outsideValidity(properties: SecretProperties, now: number): string | undefined {
  const outside = sideOfValidity(properties, now);
  return outside === undefined ? undefined : messages[outside.side](isoDay(outside.moment));
}

/** A notice that a secret expires within `days`; `undefined` if it does not, or has expired, or `days` is 0. */
export function expiresSoon({ expires }: SecretProperties, now: number, days: number): string | undefined {
  if (expires === undefined || expires <= now || days === 0 || expires - now > days * day) return undefined;
  const left = Math.ceil((expires - now) / day);
  return messages.expiresSoon(isoDay(expires), left);
}

/**
 * What the policy does to a secret outside its validity period. `auto`: a pattern skips it, a name uses it with a
 * warning.
 */
export function expiredAction(policy: ExpiredPolicy, isPattern: boolean): Exclude<ExpiredPolicy, 'auto'> {
  if (policy !== 'auto') return policy;
  return isPattern ? 'skip' : 'warn';
}

/** The date of a time in UTC, `2026-01-31`; a time outside the calendar is shown as its number. */
export function isoDay(moment: number): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? String(moment) : date.toISOString().slice(0, 10);
}
